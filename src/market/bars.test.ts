import {describe, expect, it} from "vitest";
import {sessionDate} from "../units.ts";
import {type Bar, listBars, scaleToAdjusted, toBars} from "./bars.ts";

const bar = (symbol: string, date: string, change: Partial<Bar> = {}): Bar => ({
  symbol,
  session: sessionDate(date),
  open: 99,
  high: 102,
  low: 98,
  close: 100,
  adjClose: 50,
  volume: 7,
  ...change,
});

describe("toBars()", () => {
  it("sorts one symbol's bars into columns and leaves the input as it was", () => {
    const bars = Object.freeze([
      bar("SPY", "2024-03-05", {close: 101}),
      bar("TLT", "2024-03-04"),
      bar("SPY", "2024-03-04"),
    ]);
    const spy = toBars("SPY", bars);
    expect([...spy.sessions]).toEqual([sessionDate("2024-03-04"), sessionDate("2024-03-05")]);
    expect([...spy.close]).toEqual([100, 101]);
    expect(spy.symbol).toBe("SPY");
  });

  it("refuses two bars for one session", () => {
    expect(() => toBars("SPY", [bar("SPY", "2024-03-04"), bar("SPY", "2024-03-04")])).toThrow(
      "Cannot make columns of SPY: 2024-03-04 has two bars, run checkBars first",
    );
  });
});

describe("listBars()", () => {
  it("gives back what toBars took", () => {
    const bars = [bar("SPY", "2024-03-04"), bar("SPY", "2024-03-05", {open: Number.NaN})];
    expect(listBars(toBars("SPY", bars))).toEqual(bars);
  });
});

describe("scaleToAdjusted()", () => {
  const before = bar("SPY", "2024-03-14", {open: 100, high: 100, low: 100, close: 100, adjClose: 99});
  const after = bar("SPY", "2024-03-15", {open: 99, high: 99, low: 99, close: 99, adjClose: 99});

  it("leaves no gap over a dividend that the price only paid out", () => {
    const {open, high, low, close} = scaleToAdjusted(toBars("SPY", [before, after]));
    for (const prices of [open, high, low, close]) expect([...prices]).toEqual([99, 99]);
  });

  it("keeps ratios within a session, so range variances do not change", () => {
    const bars = toBars("SPY", [bar("SPY", "2024-03-04")]);
    const scaled = scaleToAdjusted(bars);
    expect(Math.log(scaled.high[0]! / scaled.low[0]!)).toBeCloseTo(Math.log(102 / 98), 14);
    expect(scaled.close[0]).toBe(50);
    expect(scaled.volume).toBe(bars.volume);
    expect(bars.close[0]).toBe(100);
  });

  it("gives NaN, not a number, where there is no close to scale by", () => {
    const scaled = scaleToAdjusted(
      toBars("CL=F", [
        bar("CL=F", "2020-04-20", {close: 0, adjClose: 0}),
        bar("CL=F", "2020-04-21", {close: Number.NaN}),
      ]),
    );
    expect([...scaled.close, ...scaled.open]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});
