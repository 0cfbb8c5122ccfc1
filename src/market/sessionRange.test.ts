import {existsSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {toBars} from "./bars.ts";
import {checkBars} from "./checkBars.ts";
import {parseCsvBars} from "./csvBars.ts";
import {sessionRange} from "./sessionRange.ts";

const of = (...values: number[]) => Float64Array.from(values);

/** Bars of a price quoted without a pause: 24 steps a day, day i from price path[24 i] on. */
function aroundTheClock({days, closeAt}: {days: number; closeAt: "open" | "end"}) {
  const random = createRandom(2);
  const path = [100];
  for (let i = 1; i <= 24 * days; i++) path.push(path[i - 1]! * Math.exp(0.001 * random.normal()));
  const day = (i: number) => path.slice(24 * i, 24 * i + 25);
  const column = (value: (prices: number[]) => number) =>
    Float64Array.from({length: days}, (_, i) => value(day(i)));
  return {
    open: column((prices) => prices[0]!),
    high: column((prices) => Math.max(...prices)),
    low: column((prices) => Math.min(...prices)),
    close: column((prices) => (closeAt === "end" ? prices[24]! : prices[0]!)),
  };
}

describe("sessionRange()", () => {
  it("leaves a range that holds open and close as it is, to the bit", () => {
    const bars = aroundTheClock({days: 200, closeAt: "end"});
    const {open, high, low} = sessionRange({...bars, symbol: "EURUSD=X"});
    expect([open, high, low]).toEqual([bars.open, bars.high, bars.low]);
    const rounded = {open: of(1), high: of(43.9687), low: of(1), close: of(43.968701)};
    expect(sessionRange(rounded).high).toEqual(of(43.9687));
  });

  it("takes in a settlement outside the traded range, and says nothing of a missing price", () => {
    const bars = {open: of(10, 11), high: of(12, 12), low: of(9, 10), close: of(13, 8)};
    expect(sessionRange(bars)).toEqual({open: bars.open, high: of(13, 12), low: of(9, 8)});
    const holes = {open: of(Number.NaN), high: of(12), low: of(Number.NaN), close: of(11)};
    expect(sessionRange(holes)).toEqual({open: of(Number.NaN), high: of(12), low: of(Number.NaN)});
  });

  it("gives a close that is quoted at the open the bar before, whose prices lead to it", () => {
    const early = aroundTheClock({days: 120, closeAt: "open"});
    const late = aroundTheClock({days: 120, closeAt: "end"});
    const range = sessionRange({...early, symbol: "EURUSD=X"});
    for (let t = 63; t < 120; t++) {
      expect(early.close[t]).toBe(late.close[t - 1]);
      expect([range.open[t], range.high[t], range.low[t]]).toEqual([
        late.open[t - 1],
        late.high[t - 1],
        late.low[t - 1],
      ]);
    }
  });

  it("knows row t from rows 0..t alone", () => {
    const bars = aroundTheClock({days: 120, closeAt: "open"});
    const symbol = "EURUSD=X";
    const whole = sessionRange({...bars, symbol});
    const cut = (values: Float64Array) => values.subarray(0, 90);
    const {open, high, low, close} = bars;
    const part = sessionRange({symbol, open: cut(open), high: cut(high), low: cut(low), close: cut(close)});
    expect(whole.open[89]).not.toBe(bars.open[89]);
    expect([part.open, part.high, part.low]).toEqual([cut(whole.open), cut(whole.high), cut(whole.low)]);
  });

  const market = new URL("../../../shared/market/", import.meta.url);
  const real = (file: string, symbol: string) => {
    const text = readFileSync(new URL(`${file}.csv`, market), "utf8");
    const {bars} = parseCsvBars(text, {file, symbols: new Set([symbol])});
    return toBars(symbol, checkBars(bars, {lastClosed: 20_000}).accepted);
  };
  const moved = (bars: ReturnType<typeof real>): number => {
    const {open} = sessionRange(bars);
    return bars.open.filter((price, t) => !Object.is(price, open[t])).length / bars.open.length;
  };

  it.skipIf(!existsSync(market))(
    "moves Yahoo's euro since 2010 and no share, index or fund (needs ../shared/market)",
    () => {
      expect(moved(real("EURUSD_X", "EURUSD=X"))).toBeGreaterThan(0.6);
      for (const [file, symbol] of [
        ["SPY", "SPY"],
        ["AAPL", "AAPL"],
        ["BVSP", "^BVSP"],
        ["VIX", "^VIX"],
      ] as const) {
        expect(moved(real(file, symbol)), symbol).toBe(0);
      }
    },
  );
});
