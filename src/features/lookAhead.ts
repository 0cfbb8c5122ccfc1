// Does a value known at the close of a session depend on anything that came after it, or on more than it says?

import {type Market, mapMarket} from "../market/align.ts";
import {changeValues, FUTURES, type Future, futureRows} from "../market/futures.ts";

/** Changing the future of row `known` moved the value at `row`, which is not after it. */
export interface LookAhead {
  readonly known: number;
  readonly future: Future;
  readonly row: number;
  readonly before: number;
  readonly after: number;
}

type Compute = (market: Market) => Float64Array;

/**
 * Every dependence on later rows that can be provoked: for each of `rows`, the rows after it are changed in
 * every way of `FUTURES` (removed, scaled, thinned out, reversed, shuffled, made NaN, blown up), and all values
 * up to that row must stay the same to the last bit. Each finding names the earliest row that moved. A value that reads one session ahead
 * shows only where its own row is among `rows`: if that is rare, give them all.
 *
 * @param compute one value a row of the market it is given
 * @param options.rows row numbers, each before the last row; "all" are those, in a time that grows with their square
 * @param options.atMost how many findings to look for. Default: all
 * @returns nothing found is []
 * @throws {RangeError} if a row has no later one, or compute returns another number of values
 */
export function findLookAhead(
  compute: Compute,
  market: Market,
  {
    rows,
    atMost = Number.POSITIVE_INFINITY,
  }: {readonly rows: readonly number[] | "all"; readonly atMost?: number},
): LookAhead[] {
  const count = market.sessions.length;
  const tried = rows === "all" ? Array.from({length: Math.max(0, count - 1)}, (_, row) => row) : rows;
  const wrong = tried.find((known) => !(known >= 0 && known < count - 1));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot look for look-ahead: row ${wrong} of ${count} has no later row`);
  }
  const original = computeRows(compute, market);
  const found: LookAhead[] = [];
  for (const known of tried) {
    for (const future of FUTURES) {
      const changed = compute(changeFuture(market, known, future));
      const row = firstDifference(original, changed, known + 1);
      if (row < 0) continue;
      found.push({known, future, row, before: original[row]!, after: changed[row] ?? Number.NaN});
      if (found.length >= atMost) return found;
    }
  }
  return found;
}

/** A value that is another one when only its own window is there to compute it from. */
export interface BeyondWindow {
  readonly row: number;
  readonly whole: number;
  readonly alone: number;
}

/** Running sums that began earlier differ by rounding; of the value, and of the largest value there is. */
const ROUNDING = {value: 1e-9, largest: 1e-11};

/**
 * The first row whose value cannot be computed again from the rows of its window alone, none before and none after:
 * because it looks ahead, looks back further, or reads what is not in the market at all. One row after the other, so
 * that a leak of rare days shows too; the time grows with rows times look-back, with the square of rows where it is null.
 *
 * @param options.lookback rows of the window, the value's own included; null: all up to it
 * @param options.rows Default: all
 * @returns undefined where there is none
 * @throws {RangeError} if compute returns another number of values than its market has rows
 */
export function findBeyondWindow(
  compute: Compute,
  market: Market,
  {lookback, rows}: {readonly lookback: number | null; readonly rows?: readonly number[]},
): BeyondWindow | undefined {
  const values = computeRows(compute, market);
  const largest = values.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
  for (const row of rows ?? values.keys()) {
    const start = lookback === null ? 0 : Math.max(0, row - Math.max(1, lookback) + 1);
    const view = (column: Float64Array): Float64Array => column.subarray(start, row + 1);
    const window = mapMarket(market, view, market.sessions.subarray(start, row + 1));
    const alone = computeRows(compute, window)[row - start]!;
    const whole = values[row]!;
    // From the first row on every sum is the same sum.
    const slack = start === 0 ? 0 : ROUNDING.value * Math.abs(whole) + ROUNDING.largest * largest;
    if (!Object.is(alone, whole) && !(Math.abs(alone - whole) <= slack)) return {row, whole, alone};
  }
  return undefined;
}

function computeRows(compute: Compute, market: Market): Float64Array {
  const values = compute(market);
  const count = market.sessions.length;
  if (values.length === count) return values;
  throw new RangeError(`Cannot look for look-ahead: ${values.length} values for ${count} sessions`);
}

function changeFuture(market: Market, known: number, future: Future): Market {
  const plan = futureRows(future, {rows: market.sessions.length, known, seed: known});
  const sessions = Int32Array.from(plan.kept, (row) => market.sessions[row]!);
  return mapMarket(market, (values) => changeValues(values, plan), sessions);
}

/** The first row before `end` whose bits differ (any NaN equals any other), or -1. */
export function firstDifference(
  a: Float64Array | Int32Array,
  b: Float64Array | Int32Array,
  end: number,
): number {
  for (let t = 0; t < end; t++) if (!Object.is(a[t], b[t])) return t;
  return -1;
}
