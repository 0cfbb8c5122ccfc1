// What if the bars to come were others? Ways to change all rows after one, and none before.

import {lowerBound} from "../frame.ts";
import {createRandom} from "../random.ts";
import type {Bars} from "./bars.ts";

/** Changes to the rows after a row that must leave everything known at it as it was. */
export const FUTURES = [
  "truncated",
  "scaled",
  "every other row deleted",
  "reversed",
  "shuffled",
  "erased",
  "extreme",
] as const;
export type Future = (typeof FUTURES)[number];

/** How rows are made from other rows. Rows up to the known one are always themselves. */
export interface FutureRows {
  /** The rows that stay, by number: their sessions are kept. */
  readonly kept: Uint32Array;
  /** Where each kept row's values come from. */
  readonly source: Uint32Array;
  /** What becomes of a value at row `row`. */
  readonly change: (value: number, row: number) => number;
}

/**
 * A plan of changed rows.
 *
 * @param options.rows rows in all
 * @param options.known the last row that stays as it is; -1 changes all
 * @param options.atMost rows to keep after the known one; what lies beyond is deleted. Default: all
 * @param options.seed of the shuffle
 */
export function futureRows(
  future: Future,
  {rows, known, atMost = rows, seed = 0}: FutureOptions & {readonly rows: number; readonly known: number},
): FutureRows {
  const first = known + 1;
  const end = future === "truncated" ? first : Math.min(rows, first + atMost);
  const all = Uint32Array.from({length: end}, (_, row) => row);
  const same = (value: number): number => value;
  switch (future) {
    case "truncated":
      return {kept: all, source: all, change: same};
    case "scaled":
      return {
        kept: all,
        source: all,
        change: (value, row) => (row > known ? value * (1.5 + (row % 5)) : value),
      };
    case "every other row deleted": {
      const kept = all.filter((row) => row <= known || (row - known) % 2 === 0);
      return {kept, source: kept, change: same};
    }
    case "reversed":
      return {
        kept: all,
        source: all.map((row) => (row > known ? end - 1 - (row - first) : row)),
        change: same,
      };
    case "shuffled":
      return {kept: all, source: shuffledAfter(all, first, seed), change: same};
    case "erased":
      return {kept: all, source: all, change: (value, row) => (row > known ? Number.NaN : value)};
    case "extreme":
      return {
        kept: all,
        source: all,
        change: (value, row) => (row > known ? value * (row % 2 === 0 ? 1e6 : 1e-6) : value),
      };
  }
}

export interface FutureOptions {
  readonly atMost?: number;
  readonly seed?: number;
}

/** A column of numbers as the plan has it. */
export function changeValues(values: Float64Array, {kept, source, change}: FutureRows): Float64Array {
  const changed = new Float64Array(kept.length);
  for (let i = 0; i < kept.length; i++) changed[i] = change(values[source[i]!]!, kept[i]!);
  return changed;
}

/**
 * Bars whose rows dated after a day are changed; open, high, low and close of a row by one factor, so that it
 * stays a bar that can be. Those up to the day are the same numbers.
 *
 * @param options.day days since 1970-01-01
 * @param options.last bars dated later are deleted. Default: none are
 */
export function changeFutureBars(
  bars: Bars,
  {
    future,
    day,
    last,
    seed,
  }: {readonly future: Future; readonly day: number; readonly last?: number; readonly seed?: number},
): Bars {
  const {symbol, sessions, ...columns} = bars;
  const known = lowerBound(sessions, day + 1) - 1;
  const rows = last === undefined ? sessions.length : lowerBound(sessions, last + 1);
  const plan = futureRows(future, {
    rows: Math.max(rows, known + 1),
    known,
    ...(seed === undefined ? {} : {seed}),
  });
  const changed = Object.entries(columns).map(([name, values]) => [name, changeValues(values, plan)]);
  return {
    symbol,
    sessions: Int32Array.from(plan.kept, (row) => sessions[row]!),
    ...(Object.fromEntries(changed) as typeof columns),
  };
}

// Fisher and Yates.
function shuffledAfter(rows: Uint32Array, first: number, seed: number): Uint32Array {
  const order = Uint32Array.from(rows);
  const random = createRandom(seed);
  for (let i = order.length - 1; i > first; i--) {
    const j = first + random.integer(i - first + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
