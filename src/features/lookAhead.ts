// Does a value known at the close of a session depend on anything that came after it?

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

/**
 * Every dependence on later rows that can be provoked: for each of `rows`, the rows after it are changed in
 * every way of `FUTURES` (removed, scaled, thinned out, reversed, shuffled, made NaN, blown up), and all values
 * up to that row must stay the same to the last bit. Each finding names the earliest row that moved. A value that reads one session ahead
 * shows only where its own row is among `rows`: if that is rare, give them all.
 *
 * @param compute one value a row of the market it is given
 * @param options.rows row numbers, each before the last row
 * @returns nothing found is []
 * @throws {RangeError} if a row has no later one, or compute returns another number of values
 */
export function findLookAhead(
  compute: (market: Market) => Float64Array,
  market: Market,
  {rows}: {readonly rows: readonly number[]},
): LookAhead[] {
  const count = market.sessions.length;
  const original = compute(market);
  if (original.length !== count) {
    throw new RangeError(`Cannot look for look-ahead: ${original.length} values for ${count} sessions`);
  }
  return rows.flatMap((known) => {
    if (!(known >= 0 && known < count - 1)) {
      throw new RangeError(`Cannot look for look-ahead: row ${known} of ${count} has no later row`);
    }
    return FUTURES.flatMap((future) => {
      const changed = compute(changeFuture(market, known, future));
      const row = firstDifference(original, changed, known + 1);
      return row < 0 ? [] : [{known, future, row, before: original[row]!, after: changed[row] ?? Number.NaN}];
    });
  });
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
