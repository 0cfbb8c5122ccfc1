import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {logHarVix} from "../models/logHar.ts";
import {bridgeForecast, NEW_FIT, type Parts} from "./bridge.ts";
import {explainForecast} from "./explainForecast.ts";
import {simulateLogMarket} from "./logMarket.fixture.ts";

const before: Parts = {
  base: -4,
  contributions: [
    {feature: "vix", shap: 0.2},
    {feature: "range", shap: -0.1},
  ],
};
const after: Parts = {
  base: -4,
  contributions: [
    {feature: "vix", shap: 0.5},
    {feature: "range", shap: -0.1},
  ],
};

describe("bridgeForecast()", () => {
  it("has one bar for the one input that moved, and it is the whole change", () => {
    const [bar, ...others] = bridgeForecast(before, after);
    expect(others).toEqual([]);
    expect(bar!.feature).toBe("vix");
    expect(bar!.change).toBeCloseTo(0.3, 15);
    expect(bar!.points).toBeCloseTo(Math.exp(-3.6) - Math.exp(-3.9), 15);
  });

  it("has no bars between equal forecasts", () => {
    expect(bridgeForecast(before, before)).toEqual([]);
  });

  it("splits a refit into changed inputs and the new fit", () => {
    const set = simulateLogMarket(1);
    const old = logHarVix.fit({...set, rows: {start: 0, end: 400}});
    const fresh = logHarVix.fit({...set, rows: {start: 0, end: 600}});
    const parts = (fit: typeof old, row: number): Parts => {
      const {features, values, base} = explainForecast(fit, {...set, rows: {start: row, end: row + 1}});
      return {base, contributions: features.map((feature, j) => ({feature, shap: values[j]!}))};
    };
    const log = (fit: typeof old, row: number): number =>
      Math.log(logHarVix.forecast(fit, {...set, rows: {start: row, end: row + 1}}).volatility[0]!);
    for (let row = 610; row < 640; row++) {
      const bars = bridgeForecast(parts(old, row), parts(fresh, row + 1), parts(fresh, row));
      const change = log(fresh, row + 1) - log(old, row);
      expect(Math.abs(sum(bars.map((bar) => bar.change)) - change)).toBeLessThan(1e-12);
      const points = Math.exp(log(fresh, row + 1)) - Math.exp(log(old, row));
      expect(Math.abs(sum(bars.map((bar) => bar.points)) - points)).toBeLessThan(1e-12);
      const refit = bars.find(({feature}) => feature === NEW_FIT)!.change;
      expect(refit).toBeCloseTo(log(fresh, row) - log(old, row), 12);
    }
  });

  it("is all new fit where the inputs stood still", () => {
    const restated: Parts = {base: -3.9, contributions: before.contributions};
    const bars = bridgeForecast(before, restated, restated);
    expect(bars.map(({feature}) => feature)).toEqual([NEW_FIT]);
    expect(bars[0]!.change).toBeCloseTo(0.1, 14);
  });

  it("sums where the old fit knew other features than the new one, restated or not", () => {
    const other: Parts = {base: -4.2, contributions: [{feature: "calendar", shap: 0.3}]};
    for (const restated of [undefined, {base: -4.2, contributions: [{feature: "calendar", shap: 0.1}]}]) {
      const bars = bridgeForecast(before, other, restated);
      expect(Math.abs(sum(bars.map(({change}) => change)) - (-3.9 - -3.9))).toBeLessThan(1e-12);
    }
  });

  it("runs in a page: it imports nothing", () => {
    expect(readFileSync(new URL("bridge.ts", import.meta.url), "utf8")).not.toMatch(/^import|require\(/m);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
