// What does a run take in from a source: which bars, which are refused, what is there to say?

import {isoDate} from "../units.ts";
import type {Bar} from "./bars.ts";
import {type CheckOptions, checkBars} from "./checkBars.ts";
import type {MarketAnswer, MarketProvider, MarketRequest} from "./provider.ts";

/**
 * A source's answer, checked: bars that can be true, sorted by symbol and session, and all that were refused.
 *
 * @throws {Error} whatever the source throws, or if every bar of a symbol is impossible
 */
export async function fetchBars(
  provider: MarketProvider,
  request: MarketRequest,
  checks: CheckOptions,
): Promise<MarketAnswer> {
  const answer = await provider.fetch(request);
  const {accepted, quarantined, repaired, collapsed} = checkBars(answer.bars, checks);
  for (const symbol of request.symbols) {
    const refused = quarantined.find(({bar}) => bar.symbol === symbol);
    if (refused && !accepted.some((bar) => bar.symbol === symbol)) {
      throw new Error(
        `Cannot use ${symbol} from ${provider.source}: every bar is impossible, ` +
          `${day(refused.bar)} because ${refused.reason}; correct the source`,
      );
    }
  }
  return {
    bars: accepted,
    quarantined: [...answer.quarantined, ...quarantined],
    notes: [
      ...answer.notes,
      ...(collapsed > 0 ? [`${collapsed} bars delivered twice were taken once`] : []),
      ...repaired.map(({bar, reason}) => `${bar.symbol} ${day(bar)}: ${reason}`),
    ],
  };
}

function day(bar: Bar): string {
  return Number.isInteger(bar.session) ? isoDate(bar.session) : "undated";
}
