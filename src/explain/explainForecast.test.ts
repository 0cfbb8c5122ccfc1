import {describe, expect, it} from "vitest";
import {ANCHOR_FEATURES, RATIO_FEATURES} from "../features/catalogue.ts";
import {createFrame} from "../frame.ts";
import {anchored} from "../models/anchored.ts";
import type {LogFit} from "../models/logFit.ts";
import {logHarVix} from "../models/logHar.ts";
import {createExplanations, explainForecast} from "./explainForecast.ts";
import {simulateLogMarket} from "./logMarket.fixture.ts";

const rows = {start: 0, end: 900};

describe("explainForecast()", () => {
  it.each([0, 1, 2, 3, 4])(
    "sums to the log of the volatility forecast, for every model of logs, seed %i",
    (seed) => {
      const set = simulateLogMarket(seed);
      for (const model of [logHarVix, anchored]) {
        const fit = model.fit(set);
        const {volatility} = model.forecast(fit, set);
        const {features, values, base} = explainForecast(fit, set);
        for (let i = 0; i < 900; i++) {
          const row = values.subarray(i * features.length, (i + 1) * features.length);
          expect(Math.abs(base + row.reduce((sum, v) => sum + v, 0) - Math.log(volatility[i]!))).toBeLessThan(
            1e-10,
          );
        }
      }
    },
  );

  it("gives the trees alone what the trees alone add", () => {
    const set = simulateLogMarket(1);
    const fit = anchored.fit(set);
    const {volatility} = anchored.forecast({...fit, linear: null}, set);
    const {features, values, base} = explainForecast({...fit, linear: null}, set);
    expect(features).toEqual(RATIO_FEATURES);
    for (let i = 0; i < 900; i++) {
      const row = values.subarray(i * features.length, (i + 1) * features.length);
      expect(base + row.reduce((sum, v) => sum + v, 0)).toBeCloseTo(Math.log(volatility[i]!), 11);
    }
  });

  it("adds up a feature that both parts use into one value", () => {
    const set = simulateLogMarket(2);
    const fit = anchored.fit(set);
    const shared: LogFit = {
      ...fit,
      boosted: {...fit.boosted!, features: ["leverage_1d", ...fit.boosted!.features.slice(1)]},
    };
    const both = explainForecast(shared, set);
    const linear = explainForecast({...shared, boosted: null}, set);
    const trees = explainForecast({...shared, linear: null}, set);
    expect(both.features.filter((name) => name === "leverage_1d").length).toBe(1);
    const at = both.features.indexOf("leverage_1d");
    expect(both.values[at]).toBeCloseTo(
      linear.values[ANCHOR_FEATURES.indexOf("leverage_1d")]! + trees.values[0]!,
      14,
    );
  });

  it("says the same of fits that share trees, asked in any order", () => {
    const set = simulateLogMarket(4);
    const one = anchored.fit(set);
    const other = {...logHarVix.fit(set), boosted: one.boosted};
    const explain = createExplanations();
    const few = {...set, rows: {start: 10, end: 20}};
    for (const fit of [one, other, logHarVix.fit(set), one, other])
      for (const request of [set, few, set])
        expect(explain(fit)(request)).toEqual(explainForecast(fit, request));
  });

  it("explains nothing on a row without a forecast", () => {
    const set = simulateLogMarket(3);
    const fit = anchored.fit(set);
    const columns = {...set.features.columns, log_vix_var: set.features.columns.log_vix_var!.slice()};
    columns.log_vix_var[5] = Number.NaN;
    const features = createFrame(set.features.sessions, columns);
    const explanation = explainForecast(fit, {features, rows});
    const width = explanation.features.length;
    expect(explanation.values.slice(5 * width, 6 * width).every(Number.isNaN)).toBe(true);
    expect(explanation.values.slice(6 * width, 7 * width).some(Number.isNaN)).toBe(false);
  });
});
