import {sampleCorrelation, sampleStandardDeviation} from "simple-statistics";
import {describe, expect, it} from "vitest";
import {column} from "../frame.ts";
import {type Market, mapMarket} from "../market/align.ts";
import {horizon} from "../units.ts";
import {
  ANCHOR_FEATURES,
  calendarFeatureNames,
  catalogue,
  DOCUMENT_FEATURES,
  GAIN_FEATURES,
  RATIO_FEATURES,
  selectCatalogue,
  VIX_DYNAMICS_FEATURES,
} from "./catalogue.ts";
import {computeFeatures} from "./computeFeatures.ts";
import {isDerived} from "./feature.ts";
import {randomMarket} from "./randomMarket.ts";

const market = randomMarket();
const frame = computeFeatures(market);
const rows = market.sessions.length;

// Every formula a second time, for one row, in the plainest way: arrays, loops over the window's sessions.
const plain = plainFormulas(market);

describe("catalogue", () => {
  it("has a second implementation here for every entry", () => {
    expect(Object.keys(plain).sort()).toEqual(catalogue.map(({name}) => name).sort());
  });

  it.each(catalogue.map(({name}) => name))(
    "%s agrees with its plain formula wherever it is known",
    (name) => {
      const values = column(frame, name);
      for (const t of [59, 60, 150, 222, 333, rows - 1]) {
        const expected = plain[name]!(t);
        if (Number.isNaN(expected)) expect(values[t], `row ${t}`).toBeNaN();
        else
          expect(Math.abs(values[t]! - expected), `row ${t}`).toBeLessThan(
            1e-10 * Math.max(1, Math.abs(expected)),
          );
      }
      expect(values[rows - 1]).not.toBeNaN();
    },
  );

  it.each(catalogue.map((entry) => [entry.name, entry] as const))(
    "%s looks back as far as it says, and no further",
    (name, {lookback}) => {
      const window = lookback ?? rows;
      const values = column(frame, name);
      const moved = (from: number, to: number) => column(computeFeatures(distort(market, from, to)), name);
      if (lookback === 0) return expect(moved(0, rows)).toEqual(values);
      // The window is not full before row lookback - 1 (where the other series began long ago).
      const first = values.findIndex((value) => !Number.isNaN(value));
      if (!/vix3m|vix_term|hyg/.test(name) && lookback !== null) expect(first).toBe(window - 1);
      let reached = false;
      for (const t of [100, 222, 333, 400]) {
        if (lookback !== null) expect(moved(0, t - window + 1)[t], `row ${t}`).toBe(values[t]);
        const oldest = lookback === null ? t - 50 : t - window + 1;
        reached ||= !Object.is(moved(oldest, oldest + 1)[t], values[t]);
      }
      expect(reached, "the oldest row of the window matters").toBe(true);
    },
  );

  it.each(catalogue.filter(isDerived).map((entry) => [entry.name, entry] as const))(
    "%s comes after its inputs and looks back as far as they do",
    (name, {inputs, lookback}) => {
      const names = catalogue.map((entry) => entry.name);
      const lookbacks = inputs.map((input) => catalogue.find((entry) => entry.name === input)!.lookback);
      for (const input of inputs) expect(names.indexOf(input)).toBeLessThan(names.indexOf(name));
      expect(lookback).toBe(lookbacks.includes(null) ? null : Math.max(...lookbacks.map(Number)));
    },
  );

  it("has no name twice", () => {
    expect(new Set(catalogue.map(({name}) => name)).size).toBe(catalogue.length);
  });

  it("does not depend on the scale of prices or volumes, only on that of VIX", () => {
    const {vix, vix3m} = market;
    const scaled = computeFeatures({
      ...mapMarket(market, (values) => values.map((value) => 7 * value)),
      vix,
      vix3m,
    });
    for (const {name} of catalogue) {
      const [before, after] = [column(frame, name), column(scaled, name)];
      for (let t = 0; t < rows; t++) {
        if (Number.isNaN(before[t])) expect(after[t], `${name} row ${t}`).toBeNaN();
        else expect(Math.abs(after[t]! - before[t]!), `${name} row ${t}`).toBeLessThan(1e-9);
      }
    }
  });

  it("keeps to each feature's range", () => {
    for (const name of ["drawdown_60d", "leverage_1d", "leverage_5d"])
      expectWithin(name, Number.NEGATIVE_INFINITY, 0);
    for (const name of ["corr_spy_tlt_20d", "corr_spy_hyg_20d"]) expectWithin(name, -1, 1);
    expectWithin("rsi_spy_14", 0, 100);
    expectWithin("neg_semivar_share_22d", 0, 1);
    for (const name of ["gain_1d", "gain_5d"]) expectWithin(name, 0, Number.POSITIVE_INFINITY);
    expectWithin("year_end_ahead_22d", 0, 10);
    expectWithin("jobs_reports_ahead_5d", 0, 1);
    expectWithin("jobs_reports_ahead_22d", 0, 2);
    for (const {name, unit} of catalogue) {
      if (unit === "daily variance" || unit === "annualised volatility") expectWithin(name, 0, 1);
    }
  });
});

describe("floors and missing values", () => {
  const still = mapMarket(market, (values) => new Float64Array(values.length).fill(50));

  it("a market that stands still has variances at the floor and finite logs, ratios and leverage", () => {
    const values = computeFeatures(still).columns;
    expect(values.log_range_var_22d![100]).toBe(Math.log(1e-8));
    expect(values.range_ratio_1_22![100]).toBe(0);
    expect(values.sq_ret_ratio_5_22![100]).toBe(0);
    expect(values.leverage_1d![100]).toBe(0);
    expect(values.scaled_ret_5d![100]).toBe(0);
    expect(values.rsi_spy_14![100]).toBe(50);
    for (const name of ["neg_semivar_share_22d", "corr_spy_tlt_20d"]) expect(values[name]![100]).toBeNaN();
  });

  it("no value is infinite, even where VIX or the volume is 0", () => {
    const none = new Float64Array(rows);
    const values = computeFeatures({...market, vix: none, volume: none}).columns;
    for (const [name, column] of Object.entries(values)) {
      expect(
        column.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY),
        name,
      ).toBe(false);
    }
    for (const name of ["vix_term", "log_vix_var", "volume_norm_20d"]) expect(values[name]![200]).toBeNaN();
  });
});

describe("named sets", () => {
  it("selectCatalogue() leaves out exactly the three optional correlations", () => {
    const all = selectCatalogue({enableOptionalCorrelations: true}).map(({name}) => name);
    const some = selectCatalogue({enableOptionalCorrelations: false}).map(({name}) => name);
    expect(all).toEqual(catalogue.map(({name}) => name));
    expect(all.filter((name) => !some.includes(name))).toEqual([
      "corr_spy_tlt_20d",
      "corr_spy_hyg_20d",
      "hyg_tlt_spread",
    ]);
    expect(
      computeFeatures(market, selectCatalogue({enableOptionalCorrelations: false})).columns,
    ).not.toHaveProperty("hyg_tlt_spread");
  });

  it("DOCUMENT_FEATURES are the 14 of the requirements, in their order", () => {
    expect(DOCUMENT_FEATURES.join(" ")).toBe(
      "spy_ret_1d spy_ret_5d spy_ret_20d spy_vol_5d spy_vol_10d spy_vol_20d drawdown_60d vix vix3m vix_term rsi_spy_14 corr_spy_tlt_20d corr_spy_hyg_20d hyg_tlt_spread",
    );
  });

  it("ANCHOR_FEATURES and RATIO_FEATURES are in the catalogue and need no optional entry", () => {
    const some = selectCatalogue({enableOptionalCorrelations: false}).map(({name}) => name);
    expect(ANCHOR_FEATURES.join(" ")).toBe(
      "log_range_var_1d log_range_var_5d log_range_var_22d log_vix_var leverage_1d leverage_5d",
    );
    expect(RATIO_FEATURES).toHaveLength(12);
    const named = [...ANCHOR_FEATURES, ...RATIO_FEATURES, ...VIX_DYNAMICS_FEATURES, ...GAIN_FEATURES];
    for (const name of [...named, ...calendarFeatureNames(horizon(22))]) expect(some).toContain(name);
  });
});

function expectWithin(name: string, low: number, high: number) {
  expect(
    column(frame, name).some((value) => value < low || value > high),
    name,
  ).toBe(false);
}

// Multiplies rows [from, to) of each column by another factor, so that ranges and ratios move too.
function distort(original: Market, from: number, to: number): Market {
  let factor = 1;
  return mapMarket(original, (values) => {
    factor += 0.01;
    return values.map((value, t) => (t >= from && t < to ? value * factor : value));
  });
}

function nextWeekdays(session: number, count: number): Date[] {
  const days: Date[] = [];
  for (let day = session + 1; days.length < count; day++) {
    const date = new Date(day * 86_400_000);
    if (date.getUTCDay() % 6 !== 0) days.push(date);
  }
  return days;
}

function plainFormulas({sessions, open, high, low, close, volume, vix, vix3m, tlt, hyg}: Market) {
  const range = (length: number) => Array.from({length}, (_, i) => i);
  const last = (n: number, t: number, f: (t: number) => number) => range(n).map((i) => f(t - n + 1 + i));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const mean = (n: number, t: number, f: (t: number) => number) => sum(last(n, t, f)) / n;
  const ret = (prices: Float64Array, t: number, k = 1) => Math.log(prices[t]!) - Math.log(prices[t - k]!);
  const r = (t: number) => ret(close, t);
  const down = (t: number) => (r(t) < 0 ? r(t) ** 2 : 0);
  const sd = (n: number) => (t: number) => Math.sqrt(252) * sampleStandardDeviation(last(n, t, r));
  const sq = (n: number) => (t: number) => mean(n, t, (i) => r(i) ** 2);
  const gk = (t: number) =>
    0.5 * Math.log(high[t]! / low[t]!) ** 2 - (2 * Math.log(2) - 1) * Math.log(close[t]! / open[t]!) ** 2;
  const gap = (t: number) => Math.log(open[t]! / close[t - 1]!);
  const rs = (t: number) =>
    Math.log(high[t]! / close[t]!) * Math.log(high[t]! / open[t]!) +
    Math.log(low[t]! / close[t]!) * Math.log(low[t]! / open[t]!);
  const rv = (n: number) => (t: number) => mean(n, t, (i) => gk(i) + gap(i) ** 2);
  const gkVol = (n: number) => (t: number) => Math.sqrt(252 * mean(n, t, gk));
  const logVix = (t: number) => 2 * Math.log(vix[t]! / 100) - Math.log(252);
  const daily = (t: number) => Math.sqrt(rv(22)(t));
  const correlation = (other: Float64Array) => (t: number) =>
    Number.isNaN(ret(other, t, 20))
      ? Number.NaN
      : sampleCorrelation(
          last(20, t, r),
          last(20, t, (i) => ret(other, i)),
        );
  const sampleVariance = (values: number[]) => sampleStandardDeviation(values) ** 2;

  const formulas: Record<string, (t: number) => number> = {
    spy_ret_1d: r,
    spy_ret_5d: (t) => sum(last(5, t, r)),
    spy_ret_20d: (t) => sum(last(20, t, r)),
    spy_vol_5d: sd(5),
    spy_vol_10d: sd(10),
    spy_vol_20d: sd(20),
    drawdown_60d: (t) => close[t]! / Math.max(...close.subarray(t - 59, t + 1)) - 1,
    vix: (t) => vix[t]!,
    vix3m: (t) => vix3m[t]!,
    vix_term: (t) => vix3m[t]! / vix[t]!,
    rsi_spy_14: (t) => {
      const change = (i: number) => close[i]! - close[i - 1]!;
      let gain = mean(14, 14, (i) => Math.max(change(i), 0));
      let loss = mean(14, 14, (i) => Math.max(-change(i), 0));
      for (let i = 15; i <= t; i++) {
        gain = (13 * gain + Math.max(change(i), 0)) / 14;
        loss = (13 * loss + Math.max(-change(i), 0)) / 14;
      }
      return 100 - 100 / (1 + gain / loss);
    },
    corr_spy_tlt_20d: correlation(tlt),
    corr_spy_hyg_20d: correlation(hyg),
    hyg_tlt_spread: (t) => ret(hyg, t, 20) - ret(tlt, t, 20),
    hl_spread: (t) => Math.log(high[t]!) - Math.log(low[t]!),
    overnight_gap: gap,
    spy_ret_lag_22d: (t) => r(t - 21),
    volume_norm_20d: (t) => Math.log(volume[t]! / mean(20, t, (i) => volume[i]!)),
    vix_ret_1d: (t) => ret(vix, t),
    vix_ret_5d: (t) => ret(vix, t, 5),
    sq_ret_mean_1d: sq(1),
    sq_ret_mean_5d: sq(5),
    sq_ret_mean_20d: sq(20),
    sq_ret_mean_22d: sq(22),
    ewma_var_1d: (t) => {
      let value = sq(20)(20);
      for (let i = 21; i <= t; i++) value = 0.94 * value + 0.06 * r(i) ** 2;
      return value;
    },
    parkinson_var_1d: (t) => Math.log(high[t]! / low[t]!) ** 2 / (4 * Math.log(2)),
    gk_var_1d: gk,
    rs_var_1d: rs,
    yz_var_22d: (t) => {
      const k = 0.34 / (1.34 + 23 / 21);
      const overnight = sampleVariance(last(22, t, gap));
      const moves = sampleVariance(last(22, t, (i) => Math.log(close[i]! / open[i]!)));
      return overnight + k * moves + (1 - k) * mean(22, t, rs);
    },
    range_var_1d: rv(1),
    range_var_5d: rv(5),
    range_var_22d: rv(22),
    gk_vol_1d: gkVol(1),
    gk_vol_5d: gkVol(5),
    gk_vol_22d: gkVol(22),
    neg_semivol_5d: (t) => Math.sqrt(252 * mean(5, t, down)),
    neg_semivar_share_22d: (t) => mean(22, t, down) / sq(22)(t),
    log_range_var_1d: (t) => Math.log(rv(1)(t)),
    log_range_var_5d: (t) => Math.log(rv(5)(t)),
    log_range_var_22d: (t) => Math.log(rv(22)(t)),
    log_vix_var: logVix,
    leverage_1d: (t) => Math.min(r(t), 0) / daily(t),
    leverage_5d: (t) => Math.min(ret(close, t, 5), 0) / daily(t),
    range_ratio_1_22: (t) => Math.log(rv(1)(t) / rv(22)(t)),
    range_ratio_5_22: (t) => Math.log(rv(5)(t) / rv(22)(t)),
    vix_range_ratio: (t) => logVix(t) - Math.log(rv(22)(t)),
    sq_ret_ratio_5_22: (t) => Math.log(sq(5)(t) / sq(22)(t)),
    sq_ret_ratio_20_22: (t) => Math.log(sq(20)(t) / sq(22)(t)),
    scaled_ret_1d: (t) => r(t) / daily(t),
    scaled_ret_5d: (t) => ret(close, t, 5) / (daily(t) * Math.sqrt(5)),
    scaled_ret_20d: (t) => ret(close, t, 20) / (daily(t) * Math.sqrt(20)),
    vix_gap_22d: (t) => Math.log(vix[t]!) - mean(22, t, (i) => Math.log(vix[i]!)),
    gain_1d: (t) => Math.max(r(t), 0) / daily(t),
    gain_5d: (t) => Math.max(ret(close, t, 5), 0) / daily(t),
  };
  for (const h of [1, 5, 22]) {
    const ahead = (t: number) => nextWeekdays(sessions[t]!, h);
    formulas[`jobs_reports_ahead_${h}d`] = (t) =>
      ahead(t).filter((day) => day.getUTCDay() === 5 && day.getUTCDate() <= 7).length;
    formulas[`year_end_ahead_${h}d`] = (t) =>
      ahead(t).filter((day) => day.getUTCMonth() === 11 && day.getUTCDate() >= 20).length;
  }
  return formulas;
}
