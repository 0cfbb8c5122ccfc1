// A table of numbers over sessions: equal-length Float64Array columns. Missing is NaN.

import {didYouMean} from "./nearestNames.ts";

/** Sessions are days since 1970-01-01, strictly increasing; every column has one value a session. */
export interface Frame<Name extends string = string> {
  readonly sessions: Int32Array;
  readonly columns: Readonly<Record<Name, Float64Array>>;
}

/** Rows [start, end) of a frame. */
export interface RowRange {
  readonly start: number;
  readonly end: number; // exclusive
}

/**
 * A checked frame.
 *
 * @throws {RangeError} if a column's length differs from the number of sessions, or sessions do not increase
 */
export function createFrame<Name extends string>(
  sessions: Int32Array,
  columns: Readonly<Record<Name, Float64Array>>,
): Frame<Name> {
  for (let i = 1; i < sessions.length; i++) {
    if (sessions[i]! <= sessions[i - 1]!) {
      throw new RangeError(
        `Cannot make a frame: session ${sessions[i]} at row ${i} does not follow ${sessions[i - 1]}`,
      );
    }
  }
  for (const [name, values] of Object.entries<Float64Array>(columns)) {
    if (values.length !== sessions.length) {
      throw new RangeError(
        `Cannot make a frame: ${name} has ${values.length} values for ${sessions.length} sessions`,
      );
    }
  }
  return {sessions, columns};
}

/**
 * One column by name.
 *
 * @throws {RangeError} if the frame has no such column
 */
export function column(frame: Frame, name: string): Float64Array {
  const values = Object.hasOwn(frame.columns, name) ? frame.columns[name] : undefined;
  if (values) return values;
  const names = Object.keys(frame.columns);
  const meant = didYouMean(name, names);
  throw new RangeError(
    `Cannot find column ${name}${meant ? `${meant} The` : ": the"} frame has ${names.join(", ")}`,
  );
}

/** Those of the names that the frame has, in their order. */
export function presentColumns(frame: Frame, names: readonly string[]): string[] {
  return names.filter((name) => Object.hasOwn(frame.columns, name));
}

/** Rows [start, end) as views on the same memory. */
export function sliceFrame<Name extends string>(frame: Frame<Name>, start: number, end: number): Frame<Name> {
  const columns = {} as Record<Name, Float64Array>;
  for (const name of Object.keys(frame.columns) as Name[])
    columns[name] = frame.columns[name].subarray(start, end);
  return {sessions: frame.sessions.subarray(start, end), columns};
}

/** The index of the first session on or after a day; the number of sessions where there is none. */
export function lowerBound(sessions: Int32Array, day: number): number {
  let low = 0;
  let high = sessions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sessions[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows of a frame as a row-major matrix, `names.length` values a row. */
export function toMatrix(frame: Frame, names: readonly string[], rows?: RowRange): Float64Array {
  const {start, end} = rows ?? {start: 0, end: frame.sessions.length};
  const width = names.length;
  const matrix = new Float64Array((end - start) * width);
  names.forEach((name, j) => {
    const values = column(frame, name);
    for (let i = start; i < end; i++) matrix[(i - start) * width + j] = values[i]!;
  });
  return matrix;
}
