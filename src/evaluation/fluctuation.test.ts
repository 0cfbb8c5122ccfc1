import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {dieboldMariano} from "./dieboldMariano.ts";
import {fluctuationTest} from "./fluctuation.ts";
import {qlike} from "./losses.ts";
import {knownVariance, overlappingNoise} from "./overlapping.fixture.ts";

describe("fluctuationTest()", () => {
  it.each([{share: 0.1}, {share: 0.2}, {share: 0.3}] as const)(
    "rejects 1 to 8 % of series with mean 0 throughout at 5 %, windows of $share",
    ({share}) => {
      const random = createRandom(1);
      const trials = 400;
      let rejected = 0;
      for (let trial = 0; trial < trials; trial++) {
        const noise = overlappingNoise(random, {n: 1000, horizon: 5});
        const {extreme, critical} = fluctuationTest([noise, new Float64Array(1000)], {horizon: 5, share});
        if (Math.abs(extreme) > critical) rejected++;
      }
      expect(rejected / trials).toBeGreaterThan(0.01);
      expect(rejected / trials).toBeLessThan(0.08);
    },
  );

  it("rejects 2 to 9 % of equally good variance forecasts at 5 %, by QLIKE five sessions ahead", () => {
    const random = createRandom(7);
    const [trials, n] = [300, 1000];
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const {outcome, expected} = knownVariance(random, {n, horizon: 5});
      const [first, second] = [0, 1].map(() =>
        qlike(
          outcome,
          expected.map((f) => f * Math.exp(0.3 * random.normal())),
        ),
      );
      const {extreme, critical} = fluctuationTest([first!, second!], {horizon: 5});
      if (Math.abs(extreme) > critical) rejected++;
    }
    expect(rejected / trials).toBeGreaterThanOrEqual(0.02);
    expect(rejected / trials).toBeLessThanOrEqual(0.09);
  });

  it("finds an advantage that reverses, which the mean over all does not show", () => {
    const random = createRandom(2);
    const n = 2000;
    const first = Float64Array.from({length: n}, (_, t) => random.normal() + (t < n / 2 ? 0.3 : -0.3));
    const zero = new Float64Array(n);
    const {extreme, critical, statistic} = fluctuationTest([first, zero], {horizon: 1});
    expect(Math.abs(dieboldMariano([first, zero], {horizon: 1}).t)).toBeLessThan(1.96);
    expect(Math.abs(extreme)).toBeGreaterThan(critical);
    expect(statistic[0]).toBeGreaterThan(3);
    expect(statistic.at(-1)).toBeLessThan(-3);
  });

  it("says of each window its mean difference in long-run standard errors", () => {
    const random = createRandom(3);
    const [first, second] = [0, 1].map(() => Float64Array.from({length: 50}, () => random.normal()));
    const result = fluctuationTest([first!, second!], {horizon: 1, share: 0.2, lag: 0});
    const d = first!.map((loss, t) => loss - second![t]!);
    const mean = d.reduce((sum, x) => sum + x, 0) / 50;
    const deviation = Math.sqrt(d.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 50);
    const window = d.subarray(7, 17).reduce((sum, x) => sum + x, 0) / 10;
    expect(result.window).toBe(10);
    expect(result.windowEnds[7]).toBe(16);
    expect(result.statistic[7]).toBeCloseTo((Math.sqrt(10) * window) / deviation, 10);
    expect(result.statistic).toHaveLength(41);
    expect(result.extreme).toBe([...result.statistic].sort((a, b) => Math.abs(b) - Math.abs(a))[0]);
  });

  it("finds no path of a forecast against itself, rounded otherwise", () => {
    const random = createRandom(5);
    const losses = Float64Array.from({length: 400}, () => random.normal() ** 2);
    const rounded = losses.map((loss, t) => loss * (1 + (t % 3) * 1e-14));
    const {statistic, extreme} = fluctuationTest([losses, rounded], {horizon: 1});
    expect(statistic.every(Number.isNaN)).toBe(true);
    expect(extreme).toBe(0);
  });

  it("takes the critical values of the paper", () => {
    const losses = [new Float64Array(40), new Float64Array(40)] as const;
    expect(fluctuationTest(losses, {horizon: 1, share: 0.3}).critical).toBe(3.012);
    expect(fluctuationTest(losses, {horizon: 1, share: 0.3, level: 0.1}).critical).toBe(2.766);
  });

  it("refuses too few rows", () => {
    expect(() => fluctuationTest([new Float64Array(9), new Float64Array(9)], {horizon: 5})).toThrow(
      "9 rows must be at least 32 for a lag of 30",
    );
  });
});
