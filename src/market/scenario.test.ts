import {describe, expect, it} from "vitest";
import {computeFeatures} from "../features/computeFeatures.ts";
import {sessionDate} from "../units.ts";
import {alignMarket, truncateMarket} from "./align.ts";
import {simulateMarket} from "./sample.ts";
import {endingOf, endOtherwise} from "./scenario.ts";

const {bars} = simulateMarket({seed: 3, first: sessionDate("2019-01-02"), last: sessionDate("2020-06-30")});
const named = (symbol: string) => bars.find((series) => series.symbol === symbol)!;
const market = alignMarket({
  target: named("SPY"),
  others: {vix: named("^VIX"), vix3m: named("^VIX3M"), tlt: named("TLT"), hyg: named("HYG")},
});
const last = market.sessions.length - 1;

describe("endOtherwise()", () => {
  it("leaves a market that ends as it did to the bit", () => {
    expect(endOtherwise(market, endingOf(market))).toEqual(market);
    expect(endOtherwise(market, {})).toEqual(market);
  });

  it("ends as it is told, and changes nothing before the five last sessions", () => {
    const wanted = {ret: -0.031, range: 0.052, before: -0.04, vix: 33, vix3m: 30};
    const changed = endOtherwise(market, wanted);
    const found = endingOf(changed);
    for (const [name, value] of Object.entries(wanted))
      expect(found[name as keyof typeof wanted]).toBeCloseTo(value, 12);
    expect(truncateMarket(changed, last - 4)).toEqual(truncateMarket(market, last - 4));
  });

  it("keeps low, open, close and high in order, also where the range is too small for the move", () => {
    for (const ret of [-0.08, -0.01, 0, 0.02]) {
      for (const range of [0, 0.001, 0.03]) {
        const {open, high, low, close} = endOtherwise(market, {ret, range});
        expect(low[last]).toBeLessThanOrEqual(Math.min(open[last]!, close[last]!));
        expect(high[last]).toBeGreaterThanOrEqual(Math.max(open[last]!, close[last]!));
      }
    }
  });

  it("gives features of the last session as if it had happened, and of no other", () => {
    const features = computeFeatures(endOtherwise(market, {ret: -0.03, vix: 30}));
    const before = computeFeatures(market);
    expect(features.columns.spy_ret_1d![last]).toBeCloseTo(-0.03, 12);
    expect(features.columns.vix_ret_1d![last]).toBeCloseTo(Math.log(30 / market.vix[last - 1]!), 12);
    expect(features.columns.spy_ret_5d![last]).toBeCloseTo(-0.03 + endingOf(market).before, 12);
    for (const [name, values] of Object.entries(features.columns))
      expect([name, values.subarray(0, last)]).toEqual([name, before.columns[name]!.subarray(0, last)]);
  });
});
