import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {longRunVariance, neweyWestCovariance, overlapLag} from "./hac.ts";
import {leastSquares} from "./leastSquares.ts";
import {createMatrix} from "./matrix.ts";

describe("longRunVariance()", () => {
  it("with lag 0 is the plain variance, divided by n", () => {
    expect(longRunVariance(Float64Array.of(1, 2, 3, 4), 0)).toBeCloseTo(1.25, 15);
  });

  it.each([0, 1, 2, 3, 4])(
    "equals the variance of Bartlett-smoothed sums over all shifts, seed %i",
    (seed) => {
      // Independent form: (1 / (n (lag + 1))) sum over shifts of (sum of a window of lag + 1 centred values)^2.
      const random = createRandom(seed);
      const values = Float64Array.from({length: 80}, () => random.normal() + 5);
      const lag = 7;
      const mean = values.reduce((sum, v) => sum + v, 0) / 80;
      let total = 0;
      for (let shift = -lag; shift < 80; shift++) {
        let window = 0;
        for (let i = shift; i <= shift + lag; i++) window += i >= 0 && i < 80 ? values[i]! - mean : 0;
        total += window ** 2;
      }
      expect(longRunVariance(values, lag)).toBeCloseTo(total / (80 * (lag + 1)), 10);
    },
  );

  it("nears the true long-run variance of an autoregression, 1 / (1 - phi)^2", () => {
    const random = createRandom(3);
    const values = new Float64Array(40_000);
    for (let t = 1; t < values.length; t++) values[t] = 0.5 * values[t - 1]! + random.normal();
    expect(longRunVariance(values, 60)).toBeGreaterThan(3.6);
    expect(longRunVariance(values, 60)).toBeLessThan(4.4);
  });

  it("refuses a lag as long as the series", () => {
    expect(() => longRunVariance(new Float64Array(5), 5)).toThrow(
      "lag must be a whole number in [0, 5), current value is 5",
    );
  });
});

describe("neweyWestCovariance()", () => {
  it("of a column of ones is the long-run variance over n", () => {
    const random = createRandom(6);
    const target = Float64Array.from({length: 60}, () => random.normal());
    const design = createMatrix(new Float64Array(60).fill(1), 1);
    const fit = leastSquares(design, target);
    expect(neweyWestCovariance(design, {fit, lag: 5})[0]).toBeCloseTo(longRunVariance(target, 5) / 60, 14);
  });

  it("takes errors other than the fit's", () => {
    const target = Float64Array.from({length: 40}, (_, t) => t % 5);
    const design = createMatrix(new Float64Array(40).fill(1), 1);
    const fit = leastSquares(design, target);
    const twice = fit.residuals.map((e) => 2 * e);
    const [own] = neweyWestCovariance(design, {fit, lag: 3});
    expect(neweyWestCovariance(design, {fit, lag: 3, errors: twice})[0]).toBeCloseTo(4 * own!, 12);
  });
});

describe("overlapLag()", () => {
  it("is three horizons, or the cube root of n where that is more", () => {
    expect(overlapLag({horizon: 5, n: 1000})).toBe(15);
    expect(overlapLag({horizon: 1, n: 4776})).toBe(16);
  });
});
