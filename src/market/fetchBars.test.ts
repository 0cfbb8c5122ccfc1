import {describe, expect, it} from "vitest";
import {sessionDate} from "../units.ts";
import type {Bar} from "./bars.ts";
import {fetchBars} from "./fetchBars.ts";
import type {MarketAnswer, MarketProvider} from "./provider.ts";

const lastClosed = sessionDate("2024-03-28");
const request = {symbols: ["SPY", "^VIX"], asOf: lastClosed, now: "2024-03-29T12:00:00Z"};
const bar = (symbol: string, session: number, change: Partial<Bar> = {}): Bar => ({
  ...{symbol, session, open: 10, high: 12, low: 9, close: 11, adjClose: 11, volume: 0},
  ...change,
});
const answering = (answer: Partial<MarketAnswer>): MarketProvider => ({
  source: "csv",
  fetch: async () => ({bars: [], quarantined: [], notes: [], ...answer}),
});

describe("fetchBars()", () => {
  it("joins what the source and the check refuse, and tells of bars taken once and values left blank", async () => {
    const unreadable = {bar: bar("SPY", Number.NaN), reason: "a.csv:3: date is …"};
    const bad = bar("SPY", lastClosed, {low: -9});
    const good = bar("SPY", lastClosed - 1);
    const source = answering({
      bars: [bar("^VIX", lastClosed, {open: 13}), bad, good, good],
      quarantined: [unreadable],
      notes: ["a note"],
    });
    const {bars, quarantined, notes} = await fetchBars(source, request, {lastClosed});
    expect(bars).toEqual([good, bar("^VIX", lastClosed, {open: Number.NaN})]);
    expect(quarantined).toEqual([unreadable, {bar: bad, reason: "low is -9: it must be above 0"}]);
    expect(notes).toEqual([
      "a note",
      "1 bars delivered twice were taken once",
      "^VIX 2024-03-28: open 13 is outside low..high 9..12: left blank",
    ]);
  });

  it("refuses a symbol of which every bar is impossible", async () => {
    const source = answering({bars: [bar("SPY", lastClosed), bar("^VIX", lastClosed, {close: 0})]});
    await expect(fetchBars(source, request, {lastClosed})).rejects.toThrow(
      "Cannot use ^VIX from csv: every bar is impossible, 2024-03-28 because close is 0: it must be above 0",
    );
  });

  it("accepts that a symbol has no bars yet at an early as-of day", async () => {
    const source = answering({bars: [bar("SPY", lastClosed)]});
    expect((await fetchBars(source, request, {lastClosed})).bars).toHaveLength(1);
  });
});
