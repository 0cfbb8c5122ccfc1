import {describe, expect, it} from "vitest";
import {column, type Frame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket, type Market, truncateMarket} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import {createRandom} from "../random.ts";
import {catalogue} from "./catalogue.ts";
import {computeFeatures} from "./computeFeatures.ts";
import {isDerived} from "./feature.ts";
import {findBeyondWindow, findLookAhead} from "./lookAhead.ts";
import {randomBars} from "./randomBars.ts";
import {randomMarket} from "./randomMarket.ts";

const market = randomMarket();
const rows = [0, 21, 60, 150, 300, 418];

const early = truncateMarket(market, 130);

describe("findLookAhead()", () => {
  it.each(catalogue.map((entry) => [entry.name, entry] as const))(
    "finds nothing in the first rows of %s",
    (name, entry) => {
      const compute = (known: Market) => column(computeFeatures(known, [entry]), name);
      expect(findLookAhead(compute, early, {rows: [...early.close.keys()].slice(0, -1)})).toEqual([]);
    },
  );

  it.each(catalogue.map((entry) => [entry.name, entry] as const))("finds nothing in %s", (name, entry) => {
    const compute = (known: Market) => column(computeFeatures(known, [entry]), name);
    expect(findLookAhead(compute, market, {rows})).toEqual([]);
  });

  it.each<[string, (known: Market) => Float64Array]>([
    ["a centred window", ({close}) => close.map((_, t) => mean(close.subarray(Math.max(0, t - 2), t + 3)))],
    ["tomorrow's return", ({close}) => close.map((price, t) => Math.log((close[t + 1] ?? price) / price))],
    ["a mean over the full sample", ({vix}) => vix.map((value) => value - mean(vix))],
    ["the number of rows", ({close}) => close.map((_, t) => t / close.length)],
    ["the next session's date", ({sessions}) => Float64Array.from(sessions, (_, t) => sessions[t + 1] ?? 0)],
    ["a rank", ({volume}) => volume.map((value) => volume.filter((other) => other < value).length)],
    ["whether a next value is known", ({hyg}) => hyg.map((_, t) => Number(Number.isNaN(hyg[t + 1])))],
  ])("finds %s", (_, compute) => {
    const found = findLookAhead(compute, market, {rows});
    expect(found.length).toBeGreaterThan(0);
    for (const {row, known} of found) expect(row).toBeLessThanOrEqual(known);
  });

  it("finds tomorrow's return after a rare event where every row is looked at", () => {
    const found = findLookAhead(rareLeak, market, {rows: [...market.close.keys()].slice(0, -1)});
    expect(found.length).toBeGreaterThan(0);
  });

  it("names the row that was known, the change and the earliest value that moved", () => {
    const compute = ({close}: Market) => close.map((_, t) => close[t + 3] ?? 0);
    const found = findLookAhead(compute, market, {rows: [60]});
    expect(found.map(({future}) => future)).toContain("truncated");
    expect(found[0]).toEqual({known: 60, future: "truncated", row: 58, before: market.close[61], after: 0});
  });

  it("finds that labels depend on the sessions to come", () => {
    const compute = (prices: Market) => computeLabels({...prices, adjClose: prices.close}).columns.rv_5d;
    expect(findLookAhead(compute, market, {rows}).map(({known}) => known)).toEqual(
      expect.arrayContaining(rows.slice(1)),
    );
  });

  it("stops at as many findings as are asked for, and takes all rows", () => {
    const compute = ({close}: Market) => close.map((_, t) => close[t + 1] ?? 0);
    expect(findLookAhead(compute, early, {rows: "all", atMost: 3}).map(({known}) => known)).toEqual([
      0, 0, 0,
    ]);
    expect(findLookAhead(({close}) => close, early, {rows: "all"})).toEqual([]);
  });

  it("refuses a row that nothing follows, before it computes anything", () => {
    const idle = (): Float64Array => {
      throw new Error("computed");
    };
    expect(() => findLookAhead(idle, market, {rows: [3, 419]})).toThrow("row 419 of 420");
    expect(() => findLookAhead(({close}) => close, market, {rows: [419]})).toThrow(
      "Cannot look for look-ahead: row 419 of 420 has no later row",
    );
  });
});

describe("findBeyondWindow()", () => {
  it.each(catalogue.flatMap((entry) => (isDerived(entry) ? [] : [[entry.name, entry] as const])))(
    "computes %s again from its look-back alone, in every row",
    (_, {compute, lookback}) => {
      expect(findBeyondWindow(compute, market, {lookback})).toBeUndefined();
    },
  );

  it("names the row, and finds one session too few, a rare leak and what is not in the market", () => {
    const before = ({close}: Market) => close.map((price, t) => price / (close[t - 3] ?? price));
    expect(findBeyondWindow(before, market, {lookback: 4})).toBeUndefined();
    expect(findBeyondWindow(before, market, {lookback: 3})).toEqual({
      row: 3,
      whole: market.close[3]! / market.close[0]!,
      alone: 1,
    });
    expect(findBeyondWindow(rareLeak, market, {lookback: null})?.row).toBeGreaterThan(0);
    const outside = ({vix}: Market) => vix.map((level, t) => level + market.vix[t + 1]!);
    expect(findBeyondWindow(outside, market, {lookback: 1})?.row).toBe(1);
    expect(findBeyondWindow(outside, market, {lookback: 1, rows: [0]})).toBeUndefined();
  });
});

it("alignMarket() and computeFeatures() see nothing dated after the session, in any series", () => {
  const random = createRandom(5);
  const target = randomBars(random);
  // The other series trade on other days: every eleventh is missing.
  const others = {
    vix: gappy(randomBars(random, {level: 20, volatility: 0.06})),
    vix3m: gappy(randomBars(random, {level: 22, volatility: 0.05, firstDay: 10_100, count: 340})),
    tlt: gappy(randomBars(random)),
    hyg: gappy(randomBars(random, {firstDay: 10_100, count: 340})),
  };
  const whole = computeFeatures(alignMarket({target, others}));
  for (const t of [60, 99, 200, 300, 418]) {
    const day = target.sessions[t]!;
    const known = mapRecord(others, (bars) => until(bars, day));
    expect(row(computeFeatures(alignMarket({target: until(target, day), others: known})), t)).toEqual(
      row(whole, t),
    );
    const wrong = mapRecord(others, (bars) => shocked(bars, day));
    expect(row(computeFeatures(alignMarket({target: shocked(target, day), others: wrong})), t)).toEqual(
      row(whole, t),
    );
  }
});

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// Looks ahead only on a session whose return is the largest so far.
function rareLeak({close}: Market): Float64Array {
  let largest = 0;
  return close.map((price, t) => {
    const ret = t === 0 ? 0 : price / close[t - 1]! - 1;
    if (ret <= largest) return ret;
    largest = ret;
    return (close[t + 1] ?? price) / price;
  });
}

function row(frame: Frame, t: number): Record<string, number> {
  return Object.fromEntries(Object.entries(frame.columns).map(([name, values]) => [name, values[t]!]));
}

function gappy(bars: Bars): Bars {
  return filterBars(bars, (i) => i % 11 !== 7);
}

function until(bars: Bars, day: number): Bars {
  return filterBars(bars, (i) => bars.sessions[i]! <= day);
}

function filterBars(bars: Bars, keep: (i: number) => boolean): Bars {
  const {symbol, sessions, ...columns} = bars;
  return {
    symbol,
    sessions: sessions.filter((_, i) => keep(i)),
    ...mapRecord(columns, (values) => values.filter((_, i) => keep(i))),
  };
}

function shocked(bars: Bars, day: number): Bars {
  const {symbol, sessions, ...columns} = bars;
  return {
    symbol,
    sessions,
    ...mapRecord(columns, (values) =>
      values.map((value, i) => (sessions[i]! > day ? value * (3 + (i % 5)) : value)),
    ),
  };
}

function mapRecord<Name extends string, T>(
  record: Record<Name, T>,
  change: (value: T) => T,
): Record<Name, T> {
  return Object.fromEntries(
    Object.entries<T>(record).map(([name, value]) => [name, change(value)]),
  ) as Record<Name, T>;
}
