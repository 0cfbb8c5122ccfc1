import {describe, expect, it} from "vitest";
import {column, createFrame} from "../frame.ts";
import {createRandom} from "../random.ts";
import {fitGammaRegression} from "./gammaRegression.ts";
import {predictLinear} from "./linear.ts";

const COUNT = 4000;
const rows = Uint32Array.from({length: COUNT}, (_, i) => i);

describe("fitGammaRegression()", () => {
  it.each([0, 1, 2])("finds the coefficients that made the outcomes, seed %i", (seed) => {
    const {features, outcome} = simulate(seed);
    const fit = fitGammaRegression(features, {names: ["a", "b"], rows, target: outcome, ridge: 0});
    expect(Math.abs(fit.intercept - -9)).toBeLessThan(0.2);
    expect(Math.abs(fit.coefficients[0]! - 0.7)).toBeLessThan(0.1);
    expect(Math.abs(fit.coefficients[1]! - -0.04)).toBeLessThan(0.01);
  });

  it.each([0, 0.03, 1])("solves its score equations, ridge %d", (ridge) => {
    const {features, outcome} = simulate(4);
    const fit = fitGammaRegression(features, {names: ["a", "b"], rows, target: outcome, ridge});
    const fitted = predictLinear(fit, features, {start: 0, end: COUNT});
    const excess = outcome.map((y, i) => y * Math.exp(-fitted[i]!) - 1);
    expect(Math.abs(mean(excess))).toBeLessThan(1e-9); // forecasts neither too high nor too low, in ratio
    fit.features.forEach((name, j) => {
      const x = column(features, name as "a" | "b");
      const deviation = Math.sqrt(mean(x.map((v) => (v - mean(x)) ** 2)));
      const score = mean(excess.map((e, i) => (e * (x[i]! - mean(x))) / deviation));
      expect(Math.abs(score - ridge * fit.coefficients[j]! * deviation)).toBeLessThan(1e-9);
    });
  });

  it("does not depend on the unit of a feature or of the outcome", () => {
    const {features, outcome} = simulate(5);
    const scaled = createFrame(features.sessions, {
      a: features.columns.a!.map((v) => 1000 * v + 7),
      b: features.columns.b!,
    });
    const one = fitGammaRegression(features, {names: ["a", "b"], rows, target: outcome, ridge: 0.03});
    const other = fitGammaRegression(scaled, {
      names: ["a", "b"],
      rows,
      target: outcome.map((y) => 1e6 * y),
      ridge: 0.03,
    });
    const all = {start: 0, end: COUNT};
    const shifted = predictLinear(other, scaled, all);
    predictLinear(one, features, all).forEach((value, i) => {
      expect(shifted[i]! - Math.log(1e6)).toBeCloseTo(value, 8);
    });
  });

  it("leaves a feature that stands still out, and takes outcomes of 0", () => {
    const {features, outcome} = simulate(6);
    const still = createFrame(features.sessions, {...features.columns, b: new Float64Array(COUNT).fill(3)});
    const target = outcome.map((y, i) => (i % 50 === 0 ? 0 : y));
    const fit = fitGammaRegression(still, {names: ["a", "b"], rows, target, ridge: 0.03});
    expect(fit.coefficients[1]).toBe(0);
    expect(fit.coefficients[0]).toBeGreaterThan(0.5);
  });

  it("says what it cannot fit", () => {
    const {features, outcome} = simulate(7);
    const regress = (target: Float64Array, ridge = 0, names = ["a", "b"]) =>
      fitGammaRegression(features, {names, rows, target, ridge});
    expect(() => regress(outcome.with(3, -1))).toThrow("target 3 must be finite and >= 0, it is -1");
    expect(() => regress(outcome.map(() => 0))).toThrow("every target is 0");
    expect(() => regress(outcome, 0, ["a", "a"])).toThrow("linear combination");
  });
});

function simulate(seed: number) {
  const random = createRandom(seed);
  const a = Float64Array.from({length: COUNT}, () => random.normal());
  const b = Float64Array.from({length: COUNT}, () => 20 + 10 * random.normal());
  const outcome = a.map((value, i) => Math.exp(-9 + 0.7 * value - 0.04 * b[i]!) * random.normal() ** 2);
  const sessions = Int32Array.from(rows);
  return {features: createFrame(sessions, {a, b}), outcome};
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
