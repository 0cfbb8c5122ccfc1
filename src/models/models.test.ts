import {describe, expect, it} from "vitest";
import {sampleTable} from "../evaluation/marketTable.fixture.ts";
import {scorecard} from "../evaluation/scorecard.ts";
import {forecastFold, joinForecasts, planWalkForward} from "../evaluation/walkForward.ts";
import {column, createFrame, type Frame} from "../frame.ts";
import {createRandom} from "../random.ts";
import {horizon, sessionDate} from "../units.ts";
import {anchored} from "./anchored.ts";
import {cart} from "./cart.ts";
import {catalogueEntry, modelCatalogue} from "./catalogue.ts";
import {ewma} from "./ewma.ts";
import {gbdt} from "./gbdt.ts";
import {har} from "./har.ts";
import {logHarRange, logHarVix} from "./logHar.ts";
import type {Model, TrainingSet} from "./model.ts";
import {retransformation} from "./retransformation.ts";
import {rv20} from "./rv20.ts";
import {vix} from "./vix.ts";

describe("rv20, ewma and vix", () => {
  const columns = {
    sq_ret_mean_20d: [1e-4, Number.NaN],
    ewma_var_1d: [2e-4, Number.NaN],
    vix: [16, Number.NaN],
  };
  const features = frame(columns);
  it.each([
    [rv20, 5e-4],
    [ewma, 10e-4],
    [vix, (0.16 ** 2 * 5) / 252],
  ])("$name is a daily variance times the horizon, missing where that is", (model, expected) => {
    const {variance, volatility} = model.forecast(null, {
      features,
      rows: {start: 0, end: 2},
      horizon: horizon(5),
    });
    expect(variance[0]).toBeCloseTo(expected, 15);
    expect(volatility[0]).toBeCloseTo(Math.sqrt(expected), 15);
    expect([variance[1], volatility[1]]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("har", () => {
  const names = ["sq_ret_mean_1d", "sq_ret_mean_5d", "sq_ret_mean_22d"];

  it("recovers the coefficients that made the labels", () => {
    const set = regressionSet(names, (x) => 2e-4 + 0.5 * x[0]! + 0.3 * x[1]! + 0.1 * x[2]!);
    const {linear} = har.fit(set);
    expect(linear.intercept).toBeCloseTo(2e-4, 12);
    expect(linear.coefficients[0]).toBeCloseTo(0.5, 9);
    expect(linear.coefficients[2]).toBeCloseTo(0.1, 9);
  });

  it("never leaves the range of the labels it learned from", () => {
    const set = regressionSet(names, (x) => 2e-4 + 0.5 * x[0]!);
    const fit = har.fit(set);
    const extreme = frame({sq_ret_mean_1d: [50, -50], sq_ret_mean_5d: [1, 1], sq_ret_mean_22d: [1, 1]});
    const {variance} = har.forecast(fit, {features: extreme, rows: {start: 0, end: 2}, horizon: horizon(5)});
    expect([...variance]).toEqual([fit.greatest, fit.least]);
    expect(fit.least).toBeGreaterThan(0);
  });
});

describe("log_har_range and log_har_vix", () => {
  it.each([logHarRange, logHarVix])(
    "$name is unbiased in variance and in volatility on lognormal data",
    (model) => {
      const random = createRandom(4);
      const set = regressionSet(model.features, (x) =>
        Math.exp(-8 + 0.4 * x[0]! + 0.3 * x[1]! + 0.2 * x[2]! + 0.8 * random.normal()),
      );
      const fresh = regressionSet(
        model.features,
        (x) => Math.exp(-8 + 0.4 * x[0]! + 0.3 * x[1]! + 0.2 * x[2]! + 0.8 * random.normal()),
        77,
      );
      const fit = model.fit(set);
      const {variance, volatility} = model.forecast(fit, fresh);
      expect(sum(variance) / sum(fresh.variance)).toBeGreaterThan(0.95);
      expect(sum(variance) / sum(fresh.variance)).toBeLessThan(1.05);
      expect(sum(volatility) / sum(fresh.variance.map(Math.sqrt))).toBeGreaterThan(0.98);
      expect(sum(volatility) / sum(fresh.variance.map(Math.sqrt))).toBeLessThan(1.02);
      expect(sum(variance) / fit.retransformation.variance / sum(fresh.variance)).toBeLessThan(0.78); // what it is for
    },
  );

  it("log_har_vix has seven coefficients and refuses too short a history, naming the remedy", () => {
    const set = regressionSet(logHarVix.features, (x) => Math.exp(x[0]!));
    expect(logHarVix.fit(set).linear!.coefficients.length + 1).toBe(7);
    expect(() => logHarVix.fit({...set, rows: {start: 0, end: 30}})).toThrow(
      /Cannot fit log_har_vix: it needs 70 rows .* rows \[0, 30\) have 30; start the forecasts later/,
    );
  });

  it.each([0, 1e-15])("learn nothing from an unchanged close, exact or blurred by float32: %d", (blur) => {
    const set = regressionSet(logHarVix.features, (x) => Math.exp(-8 + x[0]!));
    const without = {...set, variance: set.variance.slice()};
    set.variance[10] = blur;
    without.variance[10] = Number.NaN;
    expect(logHarVix.fit(set)).toEqual(logHarVix.fit(without));
  });
});

describe("retransformation()", () => {
  it("nears exp(s^2 / 2) and exp(s^2 / 8) for normal residuals", () => {
    const random = createRandom(2);
    const factors = retransformation(Float64Array.from({length: 200_000}, () => 0.7 * random.normal()));
    expect(factors.variance).toBeCloseTo(Math.exp(0.49 / 2), 2);
    expect(factors.volatility).toBeCloseTo(Math.exp(0.49 / 8), 2);
  });

  it("with weights is that of residuals which occur as often", () => {
    const often = retransformation(Float64Array.of(0.3, -0.4, -0.4, -0.4));
    const weighted = retransformation(Float64Array.of(0.3, -0.4), Float64Array.of(1, 3));
    expect(weighted.variance).toBeCloseTo(often.variance, 14);
    expect(weighted.volatility).toBeCloseTo(often.volatility, 14);
  });
});

describe("cart", () => {
  it("does without the features that its window does not know", () => {
    const {features, variance, rangeVariance} = sampleTable({
      seed: 2,
      first: "2000-01-03",
      last: "2004-12-31",
    });
    const set = {
      features,
      rows: {start: 100, end: 700},
      variance: variance[5]!,
      rangeVariance: rangeVariance[5]!,
      horizon: horizon(5),
      seed: 1,
    };
    const fit = cart.fit(set);
    expect(fit.features).toContain("spy_vol_20d");
    expect(fit.features).not.toContain("vix3m");
    expect(column(features, "vix3m").every(Number.isNaN)).toBe(true);
  });
});

describe("anchored and gbdt", () => {
  it.each([anchored, gbdt])(
    "$name gives the same bytes for the same seed, and others for another",
    (model) => {
      const {features, variance, rangeVariance} = sampleTable({
        seed: 2,
        first: "2000-01-03",
        last: "2004-12-31",
      });
      const set = {
        features,
        rows: {start: 0, end: 1200},
        variance: variance[5]!,
        rangeVariance: rangeVariance[5]!,
        horizon: horizon(5),
        seed: 1,
      };
      const text = JSON.stringify(model.fit(set));
      expect(JSON.stringify(model.fit(set))).toBe(text);
      expect(JSON.stringify(model.fit({...set, seed: 2}))).not.toBe(text);
    },
  );
});

describe("on a simulated market, whose expected variance is known", () => {
  const table = sampleTable({seed: 1, first: "1998-01-02", last: "2012-12-31"});
  const {sessions} = table.features;
  const firstOrigin = sessionDate("2003-01-02");
  const forecasts = Object.fromEntries(
    [rv20, logHarVix, anchored, gbdt].map((model) => [model.name, walk(model)]),
  );
  const truth = column(table.truth, "expected_5d");
  const rows = scorecard(
    {
      sessions,
      horizon: 5,
      actual: table.variance[5]!,
      forecasts: {...forecasts, truth: {variance: truth, volatility: truth.map(Math.sqrt)}},
    },
    {periods: [{name: "all", first: firstOrigin, last: sessions.at(-1)!}], seed: 1},
  );
  const of = (name: string) => rows.find(({model}) => model === name)!;

  it.each(["log_har_vix", "anchored", "gbdt"])("%s beats the month before, and not the truth", (name) => {
    expect(of(name).gain_qlike_rv20).toBeGreaterThan(0.05);
    expect(of(name).qlike).toBeGreaterThan(of("truth").qlike);
  });

  it.each(["log_har_vix", "anchored"])(
    "the forecasts of %s have the mean of the outcomes within a tenth",
    (name) => {
      expect(Math.abs(of(name).bias - 1)).toBeLessThan(0.1);
    },
  );

  function walk(model: Model) {
    const tasks = planWalkForward(sessions, {
      model: model.name,
      seed: 1,
      horizon: 5,
      refitEvery: 252,
      window: "expanding",
      firstOrigin,
    });
    return joinForecasts(
      tasks.map((task) => forecastFold(task, {model, table})),
      sessions.length,
    );
  }
});

describe("modelCatalogue", () => {
  it("lists each model once, and finds it by name", () => {
    const names = modelCatalogue.map(({model}) => model.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(catalogueEntry(name).model.name).toBe(name);
    expect(() => catalogueEntry("oracle")).toThrow("Cannot find the model oracle: there are rv20, ewma");
  });
});

function regressionSet(
  names: readonly string[],
  label: (x: readonly number[]) => number,
  seed = 5,
): TrainingSet {
  const random = createRandom(seed);
  const rows = Array.from({length: 8000}, () => names.map(() => Math.exp(0.3 * random.normal())));
  const columns = Object.fromEntries(names.map((name, j) => [name, rows.map((row) => row[j]!)]));
  return {
    features: frame(columns),
    rows: {start: 0, end: 8000},
    variance: Float64Array.from(rows, label),
    rangeVariance: Float64Array.from(rows, label),
    horizon: horizon(5),
    seed: 1,
  };
}

function frame(columns: Readonly<Record<string, readonly number[]>>): Frame {
  const typed = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  const [first = []] = Object.values(columns);
  return createFrame(
    Int32Array.from(first, (_, i) => i),
    typed,
  );
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
