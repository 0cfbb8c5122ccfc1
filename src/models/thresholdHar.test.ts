import {describe, expect, it} from "vitest";
import {ANCHOR_FEATURES} from "../features/catalogue.ts";
import {column, createFrame} from "../frame.ts";
import {createRandom} from "../random.ts";
import {horizon} from "../units.ts";
import {logHarVix} from "./logHar.ts";
import type {TrainingSet} from "./model.ts";
import {thresholdHar} from "./thresholdHar.ts";

describe("threshold_har", () => {
  it("finds the quantile at which the regression changes, and both regressions", () => {
    const set = twoRegimes({threshold: 0.6745, slopes: [0.2, 0.9]}); // the upper quartile of a normal
    const {threshold, regime, calm, tense} = thresholdHar.fit(set);
    expect(regime).toBe("log_vix_var");
    expect(threshold).toBeCloseTo(0.6745, 1);
    const slope = ANCHOR_FEATURES.indexOf("log_range_var_1d");
    expect(calm.linear!.coefficients[slope]).toBeCloseTo(0.2, 1);
    expect(tense.linear!.coefficients[slope]).toBeCloseTo(0.9, 1);
  });

  it("has the least squares of all thresholds it may choose, none with a regime below 15 %", () => {
    const set = twoRegimes({threshold: -3, slopes: [0.2, 0.9]}); // the true one is out of bounds
    const {threshold, calm} = thresholdHar.fit(set);
    const below = column(set.features, "log_vix_var").filter((value) => value <= threshold).length;
    expect(below / set.features.sessions.length).toBeGreaterThanOrEqual(0.15);
    expect(below / set.features.sessions.length).toBeLessThanOrEqual(0.86);
    expect(calm.linear!.coefficients.length).toBe(ANCHOR_FEATURES.length);
  });

  it("answers by the regime of the row, at the threshold by the calm one", () => {
    const set = twoRegimes({threshold: 0, slopes: [0.2, 0.9]});
    const fit = thresholdHar.fit(set);
    const row = (vix: number) =>
      createFrame(
        Int32Array.of(0),
        Object.fromEntries(
          ANCHOR_FEATURES.map((name) => [name, Float64Array.of(name === "log_vix_var" ? vix : 0.5)]),
        ),
      );
    const of = (vix: number) =>
      thresholdHar.forecast(fit, {features: row(vix), rows: {start: 0, end: 1}, horizon: horizon(5)});
    const by = (part: typeof fit.calm, vix: number) =>
      logHarVix.forecast(part, {features: row(vix), rows: {start: 0, end: 1}, horizon: horizon(5)});
    expect(of(fit.threshold)).toEqual(by(fit.calm, fit.threshold));
    expect(of(fit.threshold + 1e-9)).toEqual(by(fit.tense, fit.threshold + 1e-9));
    expect(of(Number.NaN).variance).toEqual(Float64Array.of(Number.NaN));
  });
});

function twoRegimes({
  threshold,
  slopes,
}: {
  threshold: number;
  slopes: readonly [number, number];
}): TrainingSet {
  const random = createRandom(6);
  const sessions = Int32Array.from({length: 6000}, (_, t) => t);
  const columns = Object.fromEntries(
    ANCHOR_FEATURES.map((name) => [name, Float64Array.from(sessions, () => random.normal())]),
  );
  const variance = Float64Array.from(sessions, (t) => {
    const slope = columns.log_vix_var![t]! <= threshold ? slopes[0] : slopes[1];
    return Math.exp(-8 + slope * columns.log_range_var_1d![t]! + 0.3 * random.normal());
  });
  return {
    features: createFrame(sessions, columns),
    rows: {start: 0, end: sessions.length},
    variance,
    rangeVariance: variance,
    horizon: horizon(5),
    seed: 1,
  };
}
