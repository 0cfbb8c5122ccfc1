// Does a value known at the close of a session depend on anything that came after it?

import {type Market, mapMarket} from "../market/align.ts";

/** A change to the rows after one row that must leave everything up to it as it was. */
const FUTURES = ["truncated", "scaled", "every other row deleted", "reversed", "erased"] as const;
export type Future = (typeof FUTURES)[number];

/** Changing the future of row `known` moved the value at `row`, which is not after it. */
export interface LookAhead {
  readonly known: number;
  readonly future: Future;
  readonly row: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Every dependence on later rows that can be provoked: for each of `rows`, the rows after it are removed,
 * scaled, thinned out, reversed and made NaN in turn, and all values up to that row must stay the same
 * to the last bit. Each finding names the earliest row that moved. A value that reads one session ahead
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
  const rows = Array.from(market.sessions.keys());
  const past = rows.slice(0, known + 1);
  const later = rows.slice(known + 1);
  switch (future) {
    case "truncated":
      return take(market, past);
    case "scaled":
      return mapMarket(market, (values) => values.map((value, t) => (t > known ? value * 1.5 : value)));
    case "every other row deleted":
      return take(market, [...past, ...later.filter((_, i) => i % 2 === 1)]);
    case "reversed": {
      const order = [...past, ...later.reverse()];
      return mapMarket(market, (values) => values.map((_, t) => values[order[t]!]!));
    }
    case "erased":
      return mapMarket(market, (values) => values.map((value, t) => (t > known ? Number.NaN : value)));
  }
}

function take(market: Market, rows: readonly number[]): Market {
  const sessions = Int32Array.from(rows, (row) => market.sessions[row]!);
  return mapMarket(market, (values) => Float64Array.from(rows, (row) => values[row]!), sessions);
}

// The first row before `end` whose bits differ (any NaN equals any other), or -1.
function firstDifference(a: Float64Array, b: Float64Array, end: number): number {
  for (let t = 0; t < end; t++) if (!Object.is(a[t], b[t])) return t;
  return -1;
}
