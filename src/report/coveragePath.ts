// When did intervals keep their promise? The share of outcomes they held over the sessions before each day.

import {integers, numbers, type Table} from "../store/table.ts";
import type {Series} from "./lossPaths.ts";

const DAY = 86_400_000; // milliseconds

/**
 * @param intervals a row a session, two columns an interval: the pages' file intervals_5
 * @param options.outcomes labels_daily
 * @param options.interval such as adaptive_90
 * @returns one series, windows full and ending at the date of the forecast; empty where there are fewer
 */
export function coveragePath(
  intervals: Table,
  {
    outcomes,
    horizon,
    interval,
    window,
  }: {
    readonly outcomes: Table;
    readonly horizon: number;
    readonly interval: string;
    readonly window: number;
  },
): Series {
  const sessions = integers(intervals, "date");
  const [lower, upper] = [numbers(intervals, `${interval}_lo`), numbers(intervals, `${interval}_hi`)];
  const outcome = numbers(outcomes, `rv_${horizon}d`);
  const row = new Map(Array.from(integers(outcomes, "date"), (day, t) => [day, t]));
  const actual = Float64Array.from(sessions, (day) => outcome[row.get(day) ?? -1] ?? Number.NaN);
  const known = Uint32Array.from(sessions.keys()).filter(
    (t) => !Number.isNaN(actual[t]! + lower[t]! + upper[t]!),
  );
  const held = Uint8Array.from(known, (t) => Number(actual[t]! >= lower[t]! && actual[t]! <= upper[t]!));
  const ends = Uint32Array.from(known.keys()).filter((i) => i >= window - 1);
  let inside = 0;
  const rates = Float64Array.from(held, (hit, i) => {
    inside += hit - (i >= window ? held[i - window]! : 0);
    return inside / window;
  });
  return {
    name: interval,
    dates: Float64Array.from(ends, (i) => sessions[known[i]!]! * DAY),
    values: Float64Array.from(ends, (i) => rates[i]!),
  };
}
