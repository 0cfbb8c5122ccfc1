// Which bars does the simulated market hold, as a source like any other?

import {lastClosedSession} from "../calendar/lastClosedSession.ts";
import {isoDate, type SessionDate} from "../units.ts";
import {listBars} from "./bars.ts";
import type {MarketProvider} from "./provider.ts";
import {simulateMarket} from "./sample.ts";

export interface SampleProviderOptions {
  readonly seed: number;
  /** The first session simulated; the market's own default where it is left out. */
  readonly first?: SessionDate;
}

/**
 * The simulated market up to the as-of day or the last closed session, whichever is earlier.
 *
 * Its bars depend on the seed and the first session alone: a later run only appends.
 *
 * @throws {RangeError} from `fetch`, for a symbol that is not simulated
 */
export function sampleProvider({seed, first}: SampleProviderOptions): MarketProvider {
  return {
    source: "sample",
    async fetch({symbols, asOf, now}) {
      const last = Math.min(asOf, lastClosedSession(now));
      const market = simulateMarket(first === undefined ? {seed, last} : {seed, first, last});
      const bars = symbols.flatMap((symbol) => {
        const found = market.bars.find((simulated) => simulated.symbol === symbol);
        if (found) return listBars(found);
        const names = market.bars.map((simulated) => simulated.symbol).join(", ");
        throw new RangeError(
          `Cannot simulate ${symbol}: the sample holds ${names}; change the universe in the configuration or use another SOURCE`,
        );
      });
      return {bars, quarantined: [], notes: [`the market is simulated, seed ${seed}, to ${isoDate(last)}`]};
    },
  };
}
