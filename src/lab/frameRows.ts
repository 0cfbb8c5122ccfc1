// How does a frame become row objects, such as charts and tables take, and rows a frame?

import {createFrame, type Frame} from "../frame.ts";
import {isoDate, sessionDate} from "../units.ts";

/** One session of a frame: its date, YYYY-MM-DD, and a number a column. */
export type FrameRow<Name extends string = string> = {readonly date: string} & Readonly<Record<Name, number>>;

/** The rows of a frame as objects, in order. */
export function frameRows<Name extends string>({sessions, columns}: Frame<Name>): FrameRow<Name>[] {
  const entries = Object.entries<Float64Array>(columns);
  return Array.from(
    sessions,
    (day, t) =>
      Object.fromEntries([
        ["date", isoDate(day)],
        ...entries.map(([name, values]) => [name, values[t]]),
      ]) as FrameRow<Name>,
  );
}

/**
 * Row objects, such as `query` gives, as a frame: the numbers of every row, sorted by date. Columns that hold a text are
 * left out; null and a key that a row lacks are NaN.
 *
 * @param options.date the key of the dates: YYYY-MM-DD, a Date of midnight UTC, or days since 1970-01-01
 * @throws {RangeError} if there is no row, or two have one date
 * @throws {SyntaxError} if a date is no day
 */
export function rowsFrame(rows: readonly object[], {date = "date"}: {readonly date?: string} = {}): Frame {
  const records = rows as readonly Readonly<Record<string, unknown>>[];
  if (records.length === 0) {
    throw new RangeError("Cannot make a frame of no rows: look at the query or the file they came from");
  }
  const dated = records
    .map((row, at) => ({row, day: dayOf(row[date], {date, at})}))
    .sort((a, b) => a.day - b.day);
  const twice = dated.findIndex(({day}, i) => i > 0 && day === dated[i - 1]!.day);
  if (twice > 0) {
    throw new RangeError(
      `Cannot make a frame: two rows are dated ${isoDate(dated[twice]!.day)}; a frame has one row a session, so take one symbol, model or horizon`,
    );
  }
  const names = [...new Set(records.flatMap(Object.keys))].filter(
    (name) => name !== date && records.every((row) => row[name] == null || typeof row[name] === "number"),
  );
  const columns = names.map((name): [string, Float64Array] => [
    name,
    Float64Array.from(dated, ({row}) => (row[name] as number | null | undefined) ?? Number.NaN),
  ]);
  return createFrame(
    Int32Array.from(dated, ({day}) => day),
    Object.fromEntries(columns),
  );
}

function dayOf(value: unknown, {date, at}: {readonly date: string; readonly at: number}): number {
  if (typeof value === "string") return sessionDate(value.slice(0, 10));
  if (value instanceof Date) return Math.floor(value.getTime() / 86_400_000);
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new SyntaxError(
    `Cannot make a frame: row ${at} has no date under ${JSON.stringify(date)}; name the key with {date: "…"}`,
  );
}
