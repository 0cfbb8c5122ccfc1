import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {dieboldMariano} from "./dieboldMariano.ts";
import {qlike} from "./losses.ts";
import {knownVariance, overlappingNoise} from "./overlapping.fixture.ts";
import {golden, goldenSeries} from "./statistics.fixture.ts";

describe("dieboldMariano()", () => {
  it.each([0, 1, 2, 3, 4])("equals a statistic written out from the definitions, seed %i", (seed) => {
    const random = createRandom(seed);
    const [n, horizon, lag] = [150, 5, 12];
    const first = Float64Array.from({length: n}, () => random.normal() ** 2);
    const second = first.map((loss) => loss + random.normal() - 0.1);

    const d = [...first].map((loss, i) => loss - second[i]!);
    const mean = d.reduce((sum, x) => sum + x, 0) / n;
    let variance = 0; // the double sum over pairs, weighted by their distance
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        variance += (Math.max(0, 1 - Math.abs(i - j) / (lag + 1)) * (d[i]! - mean) * (d[j]! - mean)) / n ** 2;
    }
    const correction = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n);
    const {t, difference, effective} = dieboldMariano([first, second], {horizon, lag});
    expect(t).toBeCloseTo((correction * mean) / Math.sqrt(variance), 10);
    expect(difference).toBeCloseTo(mean, 14);
    expect(effective).toBe(30);
  });

  it("is negative where the first forecast is the better, and changes sign with the order", () => {
    const random = createRandom(5);
    const good = Float64Array.from({length: 500}, () => random.normal() ** 2);
    const bad = good.map((loss) => loss + 0.2 + random.normal());
    const {t, p} = dieboldMariano([good, bad], {horizon: 1});
    expect(t).toBeLessThan(-3);
    expect(p).toBeLessThan(0.01);
    expect(dieboldMariano([bad, good], {horizon: 1}).t).toBeCloseTo(-t, 12);
  });

  it.each([
    {horizon: 1, seed: 1, most: 8},
    {horizon: 5, seed: 2, most: 8},
    {horizon: 22, seed: 3, most: 10}, // 45 outcomes that do not overlap
  ])("rejects 3 to $most % of equal forecasts at 5 %, $horizon ahead", ({horizon, seed, most}) => {
    const random = createRandom(seed);
    const [trials, n] = [1000, 1000];
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const overlapping = overlappingNoise(random, {n, horizon});
      if (dieboldMariano([overlapping, new Float64Array(n)], {horizon}).p < 0.05) rejected++;
    }
    expect(rejected / trials).toBeGreaterThan(0.03);
    expect(rejected / trials).toBeLessThan(most / 100);
  });

  it("is statsmodels' t of a mean, corrected for n and the horizon", () => {
    const {losses} = goldenSeries();
    const n = losses[0]!.length;
    const {t} = dieboldMariano([losses[0]!, losses[3]!], {horizon: 5, lag: golden.lag});
    const correction = Math.sqrt((n + 1 - 10 + 20 / n) / n);
    expect(t).toBeCloseTo(correction * golden.difference_t, 8);
  });

  it("rejects 3 to 8 % of equally good variance forecasts at 5 %, by QLIKE five sessions ahead", () => {
    const random = createRandom(20);
    const [trials, n] = [400, 1000];
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const {outcome, expected} = knownVariance(random, {n, horizon: 5});
      const [first, second] = [0, 1].map(() =>
        qlike(
          outcome,
          expected.map((f) => f * Math.exp(0.3 * random.normal())),
        ),
      );
      if (dieboldMariano([first!, second!], {horizon: 5}).p < 0.05) rejected++;
    }
    expect(rejected / trials).toBeGreaterThanOrEqual(0.03);
    expect(rejected / trials).toBeLessThanOrEqual(0.08);
  });

  it("leaves out rows that either did not score", () => {
    const first = Float64Array.from({length: 60}, (_, i) => Math.sin(i));
    const second = first.map((_, i) => Math.cos(i));
    const gapped = first.slice();
    gapped[3] = Number.NaN;
    const result = dieboldMariano([gapped, second], {horizon: 1});
    expect(result.n).toBe(59);
    expect(result.t).toBe(
      dieboldMariano([first.filter((_, i) => i !== 3), second.filter((_, i) => i !== 3)], {horizon: 1}).t,
    );
  });

  it("cannot tell a forecast from itself", () => {
    const losses = Float64Array.from({length: 50}, (_, i) => i % 7);
    const rounded = losses.map((loss, i) => loss * (1 + (i % 3) * 1e-14));
    expect(dieboldMariano([losses, losses], {horizon: 1}).t).toBeNaN();
    expect(dieboldMariano([losses, rounded], {horizon: 1}).t).toBeNaN();
  });

  it("refuses too few rows", () => {
    expect(() => dieboldMariano([new Float64Array(10), new Float64Array(10)], {horizon: 5})).toThrow(
      "10 rows scored by both must be at least 17 for a lag of 15",
    );
  });
});
