import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {mincerZarnowitz} from "./mincerZarnowitz.ts";
import {knownVariance} from "./overlapping.fixture.ts";
import {golden, goldenSeries} from "./statistics.fixture.ts";

describe("mincerZarnowitz()", () => {
  it("gives the coefficients, errors and R2 of statsmodels", () => {
    const {outcome, forecast} = goldenSeries();
    const {coefficients, errors, r2, wald_p_of_045_065} = golden.regression;
    const fit = mincerZarnowitz([outcome, forecast], {horizon: 5, lag: golden.lag});
    expect(fit.intercept).toBeCloseTo(coefficients[0]!, 10);
    expect(fit.slope).toBeCloseTo(coefficients[1]!, 10);
    expect(fit.interceptError).toBeCloseTo(errors[0]!, 10);
    expect(fit.slopeError).toBeCloseTo(errors[1]!, 10);
    expect(fit.r2).toBeCloseTo(r2, 10);
    // Of intercept .45 and slope .65: those of (y - .45) / .65 are 0 and 1.
    const moved = mincerZarnowitz([outcome.map((y) => (y - 0.45) / 0.65), forecast], {
      horizon: 5,
      lag: golden.lag,
    });
    expect(moved.waldP).toBeCloseTo(wald_p_of_045_065, 8);
  });

  it("is exact for outcomes on a line", () => {
    const forecast = Float64Array.from({length: 100}, (_, i) => 1 + (i % 7));
    const fit = mincerZarnowitz([forecast.map((f) => 0.5 + 2 * f), forecast], {horizon: 1});
    expect(fit.intercept).toBeCloseTo(0.5, 10);
    expect(fit.slope).toBeCloseTo(2, 10);
    expect(fit.r2).toBeCloseTo(1, 10);
  });

  it.each([
    {n: 1000, horizon: 1, seed: 1},
    {n: 1000, horizon: 5, seed: 2},
  ])(
    "rejects 3 to 9 % of true conditional variances at 5 % by the score, n $n, $horizon ahead",
    ({n, horizon, seed}) => {
      const random = createRandom(seed);
      const trials = 400;
      let rejected = 0;
      let byWald = 0;
      for (let trial = 0; trial < trials; trial++) {
        const {outcome, expected} = knownVariance(random, {n, horizon});
        const {scoreP, waldP} = mincerZarnowitz([outcome, expected], {horizon});
        if (scoreP < 0.05) rejected++;
        if (waldP < 0.05) byWald++;
      }
      expect(rejected / trials).toBeGreaterThanOrEqual(0.03);
      expect(rejected / trials).toBeLessThan(0.09);
      expect(byWald).toBeGreaterThan(rejected); // docs/evaluation.md says so
      expect(byWald / trials).toBeLessThan(0.16);
    },
  );

  it("finds forecasts that are a fifth too high", () => {
    const {outcome, expected} = knownVariance(createRandom(5), {n: 2000, horizon: 5});
    expect(mincerZarnowitz([outcome, expected.map((f) => 1.2 * f)], {horizon: 5}).scoreP).toBeLessThan(0.05);
  });

  it("leaves out rows that lack either side, and has no slope where the forecast never moves", () => {
    const {outcome, expected} = knownVariance(createRandom(6), {n: 300, horizon: 1});
    const gapped = expected.slice();
    gapped[4] = Number.NaN;
    expect(mincerZarnowitz([outcome, gapped], {horizon: 1}).n).toBe(299);
    expect(mincerZarnowitz([outcome, outcome.map(() => 1)], {horizon: 1}).slope).toBeNaN();
  });

  it("refuses too few rows", () => {
    expect(() => mincerZarnowitz([new Float64Array(10), new Float64Array(10)], {horizon: 5})).toThrow(
      "10 rows must be at least 18 for a lag of 15",
    );
  });
});
