import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {sessionDate} from "../units.ts";
import type {Bar} from "./bars.ts";
import {checkBars} from "./checkBars.ts";

const lastClosed = sessionDate("2024-03-28");
const check = (...bars: Bar[]) => checkBars(bars, {lastClosed});
const reasons = (...bars: Bar[]) => check(...bars).quarantined.map(({reason}) => reason);

const spy = (change: Partial<Bar> = {}): Bar => ({
  symbol: "SPY",
  session: sessionDate("2024-03-27"),
  open: 520.5,
  high: 523.2,
  low: 519.4,
  close: 523.17,
  adjClose: 515.02,
  volume: 82_999_800,
  ...change,
});
const vix = (change: Partial<Bar> = {}): Bar =>
  spy({
    symbol: "^VIX",
    open: 13.1,
    high: 13.3,
    low: 12.7,
    close: 12.78,
    adjClose: 12.78,
    volume: 0,
    ...change,
  });
const oil = (change: Partial<Bar> = {}): Bar => spy({...change, symbol: "CL=F"});

describe("checkBars() quarantines what is impossible, with the reason", () => {
  it.each([
    [spy({close: Number.NaN}), "close is missing"],
    [spy({adjClose: Number.NaN}), "adj_close is missing"],
    [
      spy({open: Number.NaN, volume: -1}),
      "open is missing; volume is -1: it must be a whole number, 0 or more",
    ],
    [spy({high: Number.POSITIVE_INFINITY}), "high is Infinity, not a finite number"],
    [spy({adjClose: 0}), "adj_close is 0: it must be above 0"],
    [spy({low: -519.4}), "low is -519.4: it must be above 0"],
    [spy({high: 519.4, low: 523.2}), "high 519.4 is below low 523.2"],
    [spy({close: 523.21}), "close 523.21 is outside low..high 519.4..523.2"],
    [spy({open: 519.39}), "open 519.39 is outside low..high 519.4..523.2"],
    [spy({volume: 0.5}), "volume is 0.5: it must be a whole number, 0 or more"],
    [spy({volume: 1e300}), "volume is 1e+300: it must be a whole number, 0 or more"],
    [spy({session: Number.NaN}), "its date is not a real day"],
    [spy({session: lastClosed + 1}), "in the future: the last session that had closed was 2024-03-28"],
    [spy({session: sessionDate("2023-12-25")}), "the exchange was closed that day"],
    [spy({session: sessionDate("2024-03-24")}), "the exchange was closed that day"],
    [vix({session: sessionDate("2022-07-04")}), "the exchange was closed that day"],
    [vix({session: sessionDate("2004-06-11")}), "the exchange was closed that day"],
    [vix({close: 13.4}), "close 13.4 is outside low..high 12.7..13.3"],
    [vix({close: Number.NaN}), "close is missing"],
    [vix({open: -13.1}), "open is -13.1: it must be above 0"],
    [oil({high: 1163, low: 1164.3}), "high 1163 is below low 1164.3"],
    [oil({close: Number.NaN}), "close is missing"],
  ])("%o", (bar, reason) => {
    expect(reasons(bar)).toEqual([reason]);
    expect(check(bar).accepted).toEqual([]);
    expect(check(bar).quarantined[0]!.bar).toEqual(bar);
  });

  it("takes the exchange's calendar as an option", () => {
    const {quarantined} = checkBars([spy()], {lastClosed, isSession: () => false});
    expect(quarantined[0]!.reason).toBe("the exchange was closed that day");
  });

  it("takes the last final day by symbol, where exchanges close at different times", () => {
    const bars = [spy({session: lastClosed}), oil({session: lastClosed})];
    const {accepted, quarantined} = checkBars(bars, {
      lastClosed: (symbol) => (symbol === "SPY" ? lastClosed : lastClosed - 1),
    });
    expect(accepted).toEqual([spy({session: lastClosed})]);
    expect(quarantined[0]!.reason).toBe("in the future: the last session that had closed was 2024-03-27");
  });
});

describe("checkBars() keeps what is merely unusual", () => {
  it.each([
    ["a fall of 20 %", spy({open: 420, high: 421, low: 410, close: 415, adjClose: 408})],
    ["a session without trades", spy({open: 520, high: 520, low: 520, close: 520, volume: 0})],
    [
      "a close above the high by rounding",
      spy({high: 43.9687, low: 43, open: 43.5, close: 43.968701, adjClose: 24}),
    ],
    ["a missing volume of a fund", spy({volume: Number.NaN})],
    ["a half day", spy({session: sessionDate("2023-11-24")})],
    ["a day before the calendar starts", vix({session: sessionDate("1990-01-02")})],
    ["an index before it had a range", vix({open: Number.NaN, high: Number.NaN, low: Number.NaN})],
    [
      "an exchange elsewhere, on a United States holiday",
      spy({symbol: "PETR4.SA", session: sessionDate("2023-11-23")}),
    ],
    ["a currency on a holiday", spy({symbol: "EURUSD=X", session: sessionDate("2023-12-25")})],
  ])("%s", (_, bar) => {
    expect(check(bar)).toEqual({accepted: [bar], quarantined: [], repaired: [], collapsed: 0});
  });

  it("crude oil at -37.63, its range reaching below zero", () => {
    const day = {session: sessionDate("2020-04-20"), open: 17.73, high: 17.85, low: -40.32};
    const bar = oil({...day, close: -37.63, adjClose: -37.63, volume: 247_947});
    expect(check(bar).accepted).toEqual([bar]);
    expect(reasons({...bar, symbol: "USO"})[0]).toMatch(/close is -37.63: it must be above 0/);
  });

  it("a future's settlement outside the traded range", () => {
    expect(check(oil({close: 525})).quarantined).toEqual([]);
  });
});

describe("checkBars() mends what no formula reads", () => {
  it.each([14.5, 0])("an index's open of %d outside its range is left blank and reported", (open) => {
    const {accepted, repaired, quarantined} = check(vix({open}));
    expect(accepted).toEqual([vix({open: Number.NaN})]);
    expect(quarantined).toEqual([]);
    expect(repaired).toEqual([
      {bar: vix({open}), reason: `open ${open} is outside low..high 12.7..13.3: left blank`},
    ]);
  });

  it("an index's missing volume is 0 and its missing adjusted close the close", () => {
    expect(check(vix({volume: Number.NaN, adjClose: Number.NaN})).accepted).toEqual([vix()]);
  });
});

describe("checkBars() gives at most one bar for a symbol and day", () => {
  it("takes bars that agree once, with the largest volume", () => {
    const {accepted, collapsed, quarantined} = check(
      spy({volume: 5}),
      spy({volume: 9}),
      spy({close: 523.1700001, volume: 7}),
    );
    expect(accepted).toEqual([spy({volume: 9})]);
    expect(collapsed).toBe(2);
    expect(quarantined).toEqual([]);
  });

  it("refuses all bars that contradict one another", () => {
    const {accepted, quarantined} = check(spy(), spy({adjClose: 513.01}), spy({session: lastClosed}));
    expect(accepted).toEqual([spy({session: lastClosed})]);
    expect(quarantined.map(({reason}) => reason)).toEqual(
      Array(2).fill(
        "2 bars for this day contradict one another (adj_close 515.02, 513.01): leave only the right one in the source",
      ),
    );
  });

  it("keeps the possible one of two", () => {
    expect(check(spy({close: -1}), spy()).accepted).toEqual([spy()]);
  });

  it("sorts by symbol and session", () => {
    const {accepted} = check(vix(), spy({session: lastClosed}), spy());
    expect(accepted.map(({symbol, session}) => [symbol, session])).toEqual([
      ["SPY", spy().session],
      ["SPY", lastClosed],
      ["^VIX", vix().session],
    ]);
  });
});

describe("checkBars() over arbitrary bars", () => {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, 0, -1, 1, 100, 100.5, 101),
    fc.double({min: 99, max: 101, noNaN: true}),
  );
  const arbitraryBar: fc.Arbitrary<Bar> = fc.record({
    symbol: fc.constantFrom("SPY", "^VIX", "CL=F", "EURUSD=X"),
    session: fc.oneof(fc.integer({min: 19_700, max: 19_820}), fc.constantFrom(Number.NaN, 0.5, -1e9, 1e9)),
    open: value,
    high: value,
    low: value,
    close: value,
    adjClose: value,
    volume: fc.oneof(value, fc.nat()),
  });

  it("loses no bar and accepts none that is impossible", () => {
    fc.assert(
      fc.property(fc.array(arbitraryBar, {maxLength: 40}), (bars) => {
        const {accepted, quarantined, collapsed} = check(...bars);
        expect(accepted.length + quarantined.length + collapsed).toBe(bars.length);
        expect(new Set(accepted.map(({symbol, session}) => `${symbol} ${session}`)).size).toBe(
          accepted.length,
        );
        for (const {reason} of quarantined) expect(reason).not.toBe("");
        for (const bar of accepted) expect(isPlausible(bar), JSON.stringify(bar)).toBe(true);
        expect(check(...accepted)).toEqual({accepted, quarantined: [], repaired: [], collapsed: 0});
      }),
      {numRuns: 300, seed: 1},
    );
  });
});

// Written again from the rules' words, without the tested code.
function isPlausible({symbol, session, open, high, low, close, adjClose, volume}: Bar): boolean {
  const slack = 1e-5 * Math.max(1, Math.abs(close));
  const trades = symbol === "SPY";
  const positive = symbol === "CL=F" || [open, high, low, close, adjClose].every((price) => !(price <= 0));
  const ranged = trades || symbol === "^VIX" ? !(close > high + slack) && !(close < low - slack) : true;
  return (
    Number.isInteger(session) &&
    session <= lastClosed &&
    Number.isFinite(close) &&
    Number.isFinite(adjClose) &&
    (!trades || [open, high, low].every(Number.isFinite)) &&
    positive &&
    ranged &&
    !(low > high + slack) &&
    (Number.isNaN(volume) || (Number.isInteger(volume) && volume >= 0))
  );
}
