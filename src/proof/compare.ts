// Which values are no longer the same, to the last bit?

import {firstDifference} from "../features/lookAhead.ts";
import {isoDate} from "../units.ts";
import type {Violation} from "./evidence.ts";

/** A column before and after a change, with the sessions of either. */
export interface ColumnPair {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Days since 1970-01-01. */
  readonly sessions: Int32Array;
  readonly sessionsAfter: Int32Array;
}

/**
 * The first row before `end` whose value or session is another, as a violation; null where there is none.
 *
 * @param options.change what was done to the bars, in words
 */
export function firstViolation(
  {before, after, sessions, sessionsAfter}: ColumnPair,
  {end, change}: {readonly end: number; readonly change: string},
): Violation | null {
  const moved = firstDifference(before, after, end);
  const shifted = sessions.findIndex((session, row) => row < end && session !== sessionsAfter[row]);
  if (shifted >= 0 && (moved < 0 || shifted < moved)) {
    return {session: sessions[shifted]!, text: `its row is no longer that session's: ${change}`};
  }
  if (moved < 0) return null;
  const text = `${before[moved]} became ${after[moved] ?? "nothing"}: ${change}`;
  return {session: sessions[moved] ?? 0, text: `${isoDate(sessions[moved] ?? 0)}, ${text}`};
}

/** How many known values of rows [start, end) are other ones afterwards, or are gone. */
export function countMoved(
  {before, after}: Pick<ColumnPair, "before" | "after">,
  {start, end}: {readonly start: number; readonly end: number},
): number {
  let moved = 0;
  for (let row = start; row < end; row++) {
    if (!Number.isNaN(before[row]!) && !Object.is(before[row], after[row])) moved++;
  }
  return moved;
}

/** How many values of rows [start, end) are known. */
export function countKnown(
  values: Float64Array,
  {start, end}: {readonly start: number; readonly end: number},
): number {
  let known = 0;
  for (let row = start; row < end; row++) if (!Number.isNaN(values[row]!)) known++;
  return known;
}
