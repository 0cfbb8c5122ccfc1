import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import type {Bar} from "./bars.ts";
import {separateQuoteErrors} from "./quoteErrors.ts";

const isCurrency = (symbol: string) => symbol.endsWith("=X");

/** 300 quotes of a pair that moves .6 % a day; `change` replaces the logarithm of a close. */
function quotes(change: (log: number, i: number) => number = (log) => log, symbol = "EURUSD=X"): Bar[] {
  const random = createRandom(1);
  let log = 0;
  return Array.from({length: 300}, (_, i) => {
    log += 0.006 * random.normal();
    const close = Math.exp(change(log, i));
    const range = {open: close, high: close * 1.004, low: close * 0.996};
    return {symbol, session: 14_000 + i, ...range, close, adjClose: close, volume: Number.NaN};
  });
}

describe("separateQuoteErrors()", () => {
  it("refuses a close that is undone the next day, with the closes around it", () => {
    const bars = quotes((log, i) => (i === 150 ? log + 0.07 : log));
    const {kept, broken} = separateQuoteErrors(bars, isCurrency);
    expect(kept).toHaveLength(299);
    expect(broken.map(({bar}) => bar)).toEqual([bars[150]]);
    expect(broken[0]!.reason).toBe(
      `close ${bars[150]!.close} contradicts the days around it, ${bars[149]!.close} and ${bars[151]!.close}`,
    );
  });

  it("refuses a low and a high that no day has seen", () => {
    const bars = quotes();
    bars[10] = {...bars[10]!, low: bars[10]!.low / 20};
    bars[20] = {...bars[20]!, high: bars[20]!.high * 1.7};
    const {broken} = separateQuoteErrors(bars, isCurrency);
    expect(broken.map(({reason}) => /^(low|high) .* is impossible beside open/.exec(reason)?.[1])).toEqual([
      "low",
      "high",
    ]);
  });

  it("keeps a move that stays, a wild market's usual days, and whatever is no currency", () => {
    const peg = quotes((log, i) => (i >= 150 ? log - 0.2 : log));
    expect(separateQuoteErrors(peg, isCurrency).broken).toEqual([]);
    const wild = quotes((log, i) => 8 * log + (i % 5 === 0 ? 0.06 : 0));
    expect(separateQuoteErrors(wild, isCurrency).broken).toEqual([]);
    const share = quotes((log, i) => (i === 150 ? log + 0.07 : log), "AAPL");
    expect(separateQuoteErrors(share, isCurrency).broken).toEqual([]);
  });

  it("does not judge the newest bar, which nothing follows, nor a series too short to have a usual move", () => {
    const newest = quotes((log, i) => (i === 299 ? log + 0.07 : log));
    expect(separateQuoteErrors(newest, isCurrency).broken).toEqual([]);
    const short = quotes((log, i) => (i === 150 ? log + 0.07 : log)).slice(140, 160);
    expect(separateQuoteErrors(short, isCurrency).broken).toEqual([]);
  });
});
