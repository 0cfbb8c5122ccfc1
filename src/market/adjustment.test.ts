import {describe, expect, it} from "vitest";
import {separateBrokenAdjustments} from "./adjustment.ts";
import type {Bar} from "./bars.ts";

const bar = (session: number, close: number, adjClose: number, symbol = "SPY"): Bar => ({
  symbol,
  session,
  open: close,
  high: close,
  low: close,
  close,
  adjClose,
  volume: 1,
});
const separate = (bars: readonly Bar[]) =>
  separateBrokenAdjustments(bars, (symbol) => !symbol.startsWith("^"));

describe("separateBrokenAdjustments()", () => {
  it("refuses an adjusted close ten times too large for a day, and says what it should be", () => {
    const bars = [bar(1, 100, 90), bar(2, 101, 909), bar(3, 102, 91.8)];
    const {kept, broken} = separate(bars);
    expect(kept).toEqual([bars[0], bars[2]]);
    expect(broken.map(({reason}) => reason)).toEqual([
      "adj_close 909 contradicts the close 101: on the days around it would be about 90.90",
    ]);
  });

  it("keeps a crash and a rebound, a dividend and a split, which leave the ratio or change it for good", () => {
    const crash = [bar(1, 100, 90), bar(2, 60, 54), bar(3, 101, 90.9)];
    const dividend = [bar(1, 100, 90), bar(2, 100, 90), bar(3, 80, 80), bar(4, 80, 80)];
    const split = [bar(1, 100, 25), bar(2, 100, 25), bar(3, 26, 26), bar(4, 26, 26)];
    for (const bars of [crash, dividend, split]) expect(separate(bars)).toEqual({kept: bars, broken: []});
  });

  it("does not compare symbols, nor judge an index", () => {
    const bars = [bar(1, 100, 90), bar(2, 100, 9, "TLT"), bar(3, 100, 90, "XLF"), bar(4, 20, 200, "^VIX")];
    expect(separate(bars).kept).toEqual(bars);
  });
});
