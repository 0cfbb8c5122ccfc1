import {describe, expect, it} from "vitest";
import {alignMarket, mapMarket, truncateMarket} from "./align.ts";
import type {Bars} from "./bars.ts";

function bars(days: readonly number[], closes: readonly number[], changes: Partial<Bars> = {}): Bars {
  const close = Float64Array.from(closes);
  const sessions = Int32Array.from(days);
  return {
    symbol: "X",
    sessions,
    open: close,
    high: close,
    low: close,
    close,
    adjClose: close,
    volume: close,
    ...changes,
  };
}

const days = [100, 101, 102, 103, 106, 107, 108, 109, 110];
const target = bars(days, days);
const vixOn = (on: readonly number[], closes: readonly number[]) =>
  Array.from(alignMarket({target, others: {vix: bars(on, closes)}}).vix);
const none = Number.NaN;

describe("alignMarket()", () => {
  it("takes the bar of the same session", () => {
    expect(vixOn(days, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is NaN before the other series' first bar", () => {
    expect(vixOn([103, 106, 107, 108, 109, 110], [4, 5, 6, 7, 8, 9])).toEqual([
      none,
      none,
      none,
      4,
      5,
      6,
      7,
      8,
      9,
    ]);
  });

  it("takes the bar of the day before where the two trade on different calendars", () => {
    const others = {vix: {...bars(days, [1, 2, 3, 4, 5, 6, 7, 8, 9]), symbol: "^VIX"}};
    const index = {...target, symbol: "^BVSP"};
    expect([...alignMarket({target: index, others}).vix]).toEqual([none, 1, 2, 3, 4, 5, 6, 7, 8]);
    const asOne = alignMarket({target: index, others}, {calendarOf: () => "XNYS"});
    expect([...asOne.vix]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("carries a value over a session the other series lacks", () => {
    expect(vixOn([100, 101, 103, 106, 107, 108, 109, 110], [1, 2, 4, 5, 6, 7, 8, 9])[2]).toBe(2);
  });

  it("carries a value for five sessions and not for a sixth", () => {
    expect(vixOn([101], [2])).toEqual([none, 2, 2, 2, 2, 2, 2, none, none]);
  });

  it("counts a day without a session as one session old on the next session", () => {
    expect(vixOn([104, 105], [1, 2])).toEqual([none, none, none, none, 2, 2, 2, 2, 2]);
    expect(vixOn([99], [7])).toEqual([7, 7, 7, 7, 7, none, none, none, none]);
  });

  it("takes no bar more than a week before the target's first session", () => {
    expect(vixOn([92], [7]).every(Number.isNaN)).toBe(true);
    expect(vixOn([93], [7])[0]).toBe(7);
  });

  it("passes over a bar without a price", () => {
    expect(vixOn([100, 101, 102], [1, none, 3]).slice(0, 3)).toEqual([1, 1, 3]);
  });

  it("joins by date where row numbers differ", () => {
    expect(vixOn([98, 99, 100, 101], [1, 2, 3, 4]).slice(0, 2)).toEqual([3, 4]);
  });

  it("gives NaN for a role that is absent", () => {
    expect(alignMarket({target, others: {}}).hyg).toEqual(new Float64Array(days.length).fill(none));
  });

  it("takes the adjusted close of a fund, not its close", () => {
    const fund = bars(days, days, {adjClose: Float64Array.from(days, (day) => day / 2)});
    expect(alignMarket({target, others: {tlt: fund}}).tlt[3]).toBe(51.5);
  });

  it("scales the target to its adjusted close, so that a 2:1 split leaves no gap", () => {
    const split = bars([100, 101], [200, 101], {
      open: Float64Array.of(198, 100),
      high: Float64Array.of(202, 102),
      low: Float64Array.of(196, 99),
      adjClose: Float64Array.of(100, 101),
    });
    const market = alignMarket({target: split, others: {}});
    expect(Array.from(market.open)).toEqual([99, 100]);
    expect(Array.from(market.high)).toEqual([101, 102]);
    expect(Array.from(market.low)).toEqual([98, 99]);
    expect(Array.from(market.close)).toEqual([100, 101]);
  });

  it("keeps a high or low that equals the close equal to the adjusted close", () => {
    const close = Float64Array.from({length: 200}, (_, i) => 43.9 + i * 0.37);
    const adjClose = close.map((price, i) => price * (0.55 + i * 0.0021));
    const market = alignMarket({
      target: bars(Array.from(close.keys()), Array.from(close), {adjClose}),
      others: {},
    });
    expect(market.high).toEqual(adjClose);
    expect(market.low).toEqual(adjClose);
  });

  it("leaves its inputs as they were", () => {
    const vix = bars(days, days);
    const before = structuredClone({target, vix});
    alignMarket({target, others: {vix}});
    expect({target, vix}).toEqual(before);
  });
});

it("truncateMarket() is the join of the bars known then", () => {
  const vix = bars([100, 103, 104, 108], [1, 2, 3, 4]);
  const until = (all: Bars, day: number) => {
    const end = all.sessions.filter((session) => session <= day).length;
    return bars(Array.from(all.sessions.subarray(0, end)), Array.from(all.close.subarray(0, end)));
  };
  const whole = alignMarket({target, others: {vix}});
  for (const [row, day] of days.entries()) {
    const known = alignMarket({target: until(target, day), others: {vix: until(vix, day)}});
    expect(truncateMarket(whole, row + 1)).toEqual(known);
  }
});

it("mapMarket() changes every column and keeps the sessions", () => {
  const market = alignMarket({target, others: {vix: target, vix3m: target, tlt: target, hyg: target}});
  const {sessions, ...columns} = mapMarket(market, (values) => values.map((value) => -value));
  expect(sessions).toBe(market.sessions);
  for (const values of Object.values(columns)) expect(values[0]).toBe(-100);
});
