import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {lastClosedSession} from "../calendar/lastClosedSession.ts";
import {closeMinutes, sessionsBetween} from "../calendar/sessions.ts";
import {isoDate, sessionDate} from "../units.ts";
import type {Bars} from "./bars.ts";
import {INDEX, OPTIONS} from "./sample/parameters.ts";
import {SAMPLE_FIRST, type SampleMarket, simulateMarket} from "./sample.ts";

const LAST = sessionDate("2023-12-29");
const MARKET = simulateMarket({seed: 1993, last: LAST});
// Statistics of one history of 31 years vary a lot: claims about the process are about several histories.
const MARKETS = [MARKET, ...[1, 2, 3, 4, 5].map((seed) => simulateMarket({seed, last: LAST}))];
const COLUMNS = ["open", "high", "low", "close", "adjClose", "volume"] as const;

describe("simulateMarket", () => {
  it("simulateMarket() gives the same numbers for the same seed, and others for another", () => {
    expect(simulateMarket({seed: 1993, last: LAST})).toEqual(MARKET);
    expect(of(MARKETS[1]!, "SPY").close).not.toEqual(of(MARKET, "SPY").close);
    // Made by this simulation itself: if they move, every number published from the sample moves.
    expect(lastRow("SPY")).toMatchInlineSnapshot(
      `"2023-12-29 221.259 221.726 217.088 217.963 381.3 88717500"`,
    );
    expect(lastRow("^VIX")).toMatchInlineSnapshot(`"2023-12-29 11.4 12.47 11.26 12.35 12.35 0"`);
    expect(lastRow("HYG")).toMatchInlineSnapshot(
      `"2023-12-29 51.303 51.3383 51.0033 51.0497 127.942 11992900"`,
    );
  });

  it("simulateMarket() only appends when the last session moves on, to the byte", {timeout: 30_000}, () => {
    const longest = simulateMarket({seed: 7, last: sessionDate("2030-12-31")});
    for (const day of ["1993-01-29", "2006-07-17", "2008-10-10", "2024-07-03", "2030-12-30"]) {
      const shorter = simulateMarket({seed: 7, last: sessionDate(day)});
      shorter.bars.forEach((bars, i) => {
        const rows = bars.sessions.length;
        expect(bars.sessions).toEqual(longest.bars[i]!.sessions.slice(0, rows));
        for (const name of COLUMNS)
          expect(bytes(bars[name])).toEqual(bytes(longest.bars[i]![name].slice(0, rows)));
      });
      const rows = shorter.trueVariance.sessions.length;
      for (const [name, values] of Object.entries(shorter.trueVariance.columns)) {
        const longer = longest.trueVariance.columns[name as keyof typeof longest.trueVariance.columns];
        expect(bytes(values)).toEqual(bytes(longer.slice(0, rows)));
      }
    }
  });

  it("simulateMarket() ends with the last closed session on any day, and refuses days outside the calendar", () => {
    const {bars} = simulateMarket({seed: 1, last: lastClosedSession("2026-07-03T22:00:00Z")}); // a holiday
    for (const {sessions} of bars) expect(isoDate(sessions.at(-1)!)).toBe("2026-07-02");
    expect(() => simulateMarket({seed: 1, last: sessionDate("2031-01-02")})).toThrow(/covers 1993-01-01/);
    expect(() => simulateMarket({seed: 1, last: SAMPLE_FIRST - 1})).toThrow(/no session/);
  });

  it("simulateMarket() trades on NYSE sessions alone, each symbol from its own start", () => {
    const starts = {
      SPY: "1993-01-29",
      "^VIX": "1993-01-29",
      "^VIX3M": "2006-07-17",
      TLT: "2002-07-30",
      HYG: "2007-04-11",
    };
    expect(MARKET.bars.map(({symbol}) => symbol)).toEqual(Object.keys(starts));
    for (const [symbol, start] of Object.entries(starts)) {
      expect(of(MARKET, symbol).sessions).toEqual(sessionsBetween(sessionDate(start), LAST));
    }
    const late = simulateMarket({seed: 1, first: sessionDate("2015-01-01"), last: LAST});
    for (const {sessions} of late.bars) expect(isoDate(sessions[0]!)).toBe("2015-01-02");
  });

  it("simulateMarket() makes only possible bars", () => {
    for (const {bars} of MARKETS) {
      for (const {open, high, low, close, adjClose, volume, symbol} of bars) {
        const impossible = Array.from(close.keys()).filter((i) => {
          const ranged =
            low[i]! <= Math.min(open[i]!, close[i]!) && high[i]! >= Math.max(open[i]!, close[i]!);
          const positive = low[i]! > 0 && adjClose[i]! > 0 && Number.isFinite(high[i]! + adjClose[i]!);
          const traded = symbol.startsWith("^")
            ? volume[i] === 0
            : Number.isInteger(volume[i]) && volume[i]! > 0;
          return !(ranged && positive && traded);
        });
        expect(impossible).toEqual([]);
      }
    }
  });

  it("VIX3M has only closes before December 2007", () => {
    const {sessions, open, high, low, close} = of(MARKET, "^VIX3M");
    const first = sessions.findIndex((session) => session >= sessionDate("2007-12-01"));
    for (const prices of [open, high, low]) expect(prices.slice(0, first)).toEqual(close.slice(0, first));
    expect(high.slice(first).every((price, i) => price > low[first + i]!)).toBe(true);
  });

  it("the adjusted close pays SPY's dividends four times a year, the funds' monthly, and never falls behind", () => {
    for (const [symbol, a, yearly] of [
      ["SPY", 4, 0.018],
      ["TLT", 12, 0.03],
      ["HYG", 12, 0.055],
    ] as const) {
      const {sessions, close, adjClose} = of(MARKET, symbol);
      const factor = adjClose.map((price, i) => price / close[i]!);
      const paid = Array.from(sessions).filter((_, i) => i > 0 && factor[i]! > factor[i - 1]! * 1.001);
      const years = (sessions.at(-1)! - sessions[0]!) / 365.25;
      expect(factor[0]).toBe(1);
      expect(Math.abs(paid.length - a * years)).toBeLessThanOrEqual(1);
      expect(factor.every((value, i) => i === 0 || value > factor[i - 1]! * (1 - 2e-5))).toBe(true);
      expect(factor.at(-1)).toBeCloseTo((1 - yearly / a) ** -paid.length, 3);
    }
  });
});

describe("the true variance", () => {
  it("is what squared returns are on average, at every horizon", () => {
    for (const [horizon, tolerance] of [
      [1, 0.03],
      [5, 0.03],
      [22, 0.06],
    ] as const) {
      const ratios = MARKETS.flatMap((market) => {
        const realized = realizedVariance(market, horizon);
        const expected = expectedVariance(market, horizon);
        return Array.from(
          realized.filter((value) => !Number.isNaN(value)),
          (value, t) => value / expected[t]!,
        );
      });
      expect(Math.abs(mean(ratios) - 1)).toBeLessThan(tolerance);
    }
  });

  it("is estimated without bias by Garman-Klass and the overnight return, better than by the squared return", () => {
    for (const market of MARKETS.slice(0, 2)) {
      const {open, high, low, close, adjClose} = of(market, "SPY");
      const truth = market.trueVariance.columns.variance.slice(1);
      const squared = logReturns(market, "SPY").map((r) => r * r);
      const range = truth.map((_, i) => {
        const t = i + 1;
        const overnight = Math.log((open[t]! * adjClose[t]!) / close[t]! / adjClose[t - 1]!);
        const body = Math.log(close[t]! / open[t]!);
        return 0.5 * Math.log(high[t]! / low[t]!) ** 2 - (2 * Math.LN2 - 1) * body ** 2 + overnight ** 2;
      });
      expect(Math.abs(mean(range.map((value, i) => value / truth[i]!)) - 1)).toBeLessThan(0.05);
      const error = (estimate: Float64Array) =>
        mean(estimate.map((value, i) => (value / truth[i]! - 1) ** 2));
      expect(error(range)).toBeLessThan(0.6 * error(squared));
    }
  });

  it("as a forecast has a lower QLIKE than the last 20 squared returns, and than itself scaled", () => {
    for (const market of MARKETS) {
      const realized = realizedVariance(market, 5);
      const truth = expectedVariance(market, 5);
      const trailing = trailingVariance(market, 20).map((value) => 5 * value);
      expect(qlike(realized, truth)).toBeLessThan(qlike(realized, trailing) - 0.08);
      expect(qlike(realized, truth)).toBeLessThan(
        qlike(
          realized,
          truth.map((value) => 1.25 * value),
        ),
      );
      expect(qlike(realized, truth)).toBeLessThan(
        qlike(
          realized,
          truth.map((value) => 0.8 * value),
        ),
      );
    }
  });
});

describe("stylised facts", () => {
  it("SPY: volatility near 18 % a year, fat tails, no memory in returns", () => {
    const volatility = MARKETS.map((market) => deviation(logReturns(market, "SPY")) * Math.sqrt(252));
    expect(mean(volatility)).toBeGreaterThan(0.155);
    expect(mean(volatility)).toBeLessThan(0.215);
    for (const market of MARKETS) {
      const returns = logReturns(market, "SPY");
      expect(kurtosis(returns)).toBeGreaterThan(5);
      expect(Math.abs(correlationAtLag(returns, 1))).toBeLessThan(0.06);
    }
  });

  it("SPY: absolute returns remember, long and ever less", () => {
    const memory = (lag: number) =>
      mean(MARKETS.map((market) => correlationAtLag(logReturns(market, "SPY").map(Math.abs), lag)));
    expect(memory(1)).toBeGreaterThan(0.14);
    expect(memory(1)).toBeLessThan(0.35);
    expect(memory(20)).toBeGreaterThan(0.07);
    expect(memory(20)).toBeLessThan(memory(1));
    expect(memory(100)).toBeGreaterThan(0.02);
    expect(memory(100)).toBeLessThan(memory(20));
  });

  it("SPY: a fall raises tomorrow's volatility, and VIX today", () => {
    for (const market of MARKETS) {
      const returns = logReturns(market, "SPY");
      const following = returns.map(Math.abs).slice(1);
      expect(correlation(returns.slice(0, -1), following)).toBeLessThan(-0.03);
      expect(correlation(returns, logReturns(market, "^VIX"))).toBeLessThan(-0.6);
    }
  });

  it("VIX: mean near 20, above the volatility that follows, and telling of it", () => {
    expect(mean(of(MARKET, "^VIX").close)).toBeGreaterThan(18.5);
    expect(mean(of(MARKET, "^VIX").close)).toBeLessThan(21.5);
    expect(Math.min(...of(MARKET, "^VIX").close)).toBeGreaterThan(8);
    expect(Math.min(...of(MARKET, "^VIX").close)).toBeLessThan(10.5);
    expect(Math.max(...of(MARKET, "^VIX").close)).toBeGreaterThan(60);
    expect(Math.max(...of(MARKET, "^VIX").close)).toBeLessThan(95);
    for (const market of MARKETS) {
      const following = realizedVariance(market, 22).map((value) => 100 * Math.sqrt((value * 252) / 22));
      const known = following.filter((value) => !Number.isNaN(value));
      const vix = of(market, "^VIX").close.slice(0, known.length);
      expect(correlation(vix, known)).toBeGreaterThan(0.5);
      const premium = mean(vix.map((value, t) => Math.log(value / known[t]!)));
      expect(premium).toBeGreaterThan(0.12);
      expect(premium).toBeLessThan(0.4);
    }
  });

  it("VIX3M: above VIX on most days, below in a crisis", () => {
    for (const market of MARKETS) {
      const {sessions, close} = of(market, "^VIX3M");
      const vix = of(market, "^VIX").close.slice(-sessions.length);
      const ratio = close.map((value, t) => value / vix[t]!);
      expect(mean(ratio.map((value) => Number(value > 1)))).toBeGreaterThan(0.75);
      const crisis = vix.toSorted().at(-100)!;
      expect(mean(ratio.filter((_, t) => vix[t]! >= crisis))).toBeLessThan(1);
    }
  });

  it("TLT falls and HYG rises with SPY, more in some years than in others", () => {
    for (const market of MARKETS) {
      for (const [symbol, least, most] of [
        ["TLT", -0.5, -0.1],
        ["HYG", 0.5, 0.85],
      ] as const) {
        const fund = logReturns(market, symbol);
        const spy = logReturns(market, "SPY").slice(-fund.length);
        expect(correlation(fund, spy)).toBeGreaterThan(least);
        expect(correlation(fund, spy)).toBeLessThan(most);
        const yearly = Array.from({length: Math.floor(fund.length / 252)}, (_, y) =>
          correlation(fund.slice(252 * y, 252 * y + 252), spy.slice(252 * y, 252 * y + 252)),
        );
        expect(deviation(Float64Array.from(yearly))).toBeGreaterThan(0.04);
      }
    }
  });

  it("SPY's volume goes with the day's range and is lower on half days", () => {
    const {sessions, volume, high, low} = of(MARKET, "SPY");
    const surprise = (values: Float64Array) =>
      values.slice(20).map((value, i) => Math.log(value / mean(values.subarray(i, i + 20))));
    const busy = surprise(volume);
    expect(correlation(busy, surprise(high.map((price, t) => Math.log(price / low[t]!))))).toBeGreaterThan(
      0.4,
    );
    const halfDays = busy.filter((_, i) => closeMinutes(sessions[i + 20]!) === 780);
    expect(mean(halfDays)).toBeLessThan(mean(busy) - 0.4);
  });
});

it("docs/sample.md states the parameters that are used", () => {
  const page = readFileSync(new URL("../../docs/sample.md", import.meta.url), "utf8");
  for (const [name, value] of [...numbers(INDEX), ...numbers(OPTIONS)]) {
    const written =
      name === "floor" || name === "level"
        ? Math.sqrt(252 * (name === "floor" ? value : Math.exp(value)))
        : value;
    expect(page).toContain(`${name} ${Number(written.toPrecision(6))}`);
  }
});

function numbers(object: object, prefix = ""): [string, number][] {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === "number" ? [[prefix + name, value]] : numbers(value, `${prefix}${name}.`),
  );
}

function of(market: SampleMarket, symbol: string): Bars {
  return market.bars.find((bars) => bars.symbol === symbol)!;
}

function lastRow(symbol: string): string {
  const bars = of(MARKET, symbol);
  return [isoDate(bars.sessions.at(-1)!), ...COLUMNS.map((name) => bars[name].at(-1))].join(" ");
}

function bytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function logReturns(market: SampleMarket, symbol: string): Float64Array {
  const {adjClose} = of(market, symbol);
  return adjClose.slice(1).map((price, i) => Math.log(price / adjClose[i]!));
}

/** Sum of squared returns over the sessions after t; NaN where they have not all come. */
function realizedVariance(market: SampleMarket, horizon: number): Float64Array {
  const returns = logReturns(market, "SPY"); // returns[t] belongs to session t + 1
  return new Float64Array(returns.length + 1).map((_, t) => {
    if (t + horizon > returns.length) return Number.NaN;
    return returns.subarray(t, t + horizon).reduce((sum, r) => sum + r * r, 0);
  });
}

function expectedVariance({trueVariance}: SampleMarket, horizon: 1 | 5 | 22): Float64Array {
  return trueVariance.columns[`expected_${horizon}d`];
}

function trailingVariance(market: SampleMarket, sessions: number): Float64Array {
  const returns = logReturns(market, "SPY");
  return new Float64Array(returns.length + 1).map((_, t) =>
    t < sessions ? Number.NaN : mean(returns.subarray(t - sessions, t).map((r) => r * r)),
  );
}

/** Patton (2011), over the sessions where both are known. */
function qlike(realized: Float64Array, forecast: Float64Array): number {
  const losses = realized.map((y, t) => y / forecast[t]! - Math.log(y / forecast[t]!) - 1);
  return mean(losses.filter((loss, t) => t >= 20 && !Number.isNaN(loss)));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function deviation(values: Float64Array): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}

function kurtosis(values: Float64Array): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** 4)) / deviation(values) ** 4;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)];
  return mean(x.map((value, i) => (value - mx) * (y[i]! - my))) / deviation(x) / deviation(y);
}

function correlationAtLag(values: Float64Array, lag: number): number {
  return correlation(values.slice(0, -lag), values.slice(lag));
}
