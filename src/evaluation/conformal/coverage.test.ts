import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {coverageOf} from "./coverage.ts";

const constant = (n: number, value: number) => new Float64Array(n).fill(value);

describe("coverageOf()", () => {
  it("counts, measures and scores by hand", () => {
    const record = coverageOf(
      {
        actual: Float64Array.of(1, 2, 5, 0.5, Number.NaN, 3),
        forecast: Float64Array.of(2, 2, 2, 2, 2, 2),
        lower: Float64Array.of(1, 1, 1, 1, 1, Number.NaN),
        upper: Float64Array.of(4, 4, 4, 4, 4, Number.NaN),
      },
      {level: 0.8},
    );
    expect(record).toMatchObject({n: 4, covered: 2, rate: 0.5, below: 0.25, mean_width: 1.5});
    // Widths of 3, and 2 / .2 for each of 1 above and .5 below.
    expect(record.interval_score_pct).toBeCloseTo((100 * (4 * 3 + 10 * 1 + 10 * 0.5)) / 4, 10);
    expect(record.worst_rate).toBeNaN();
    expect(record.worst_end).toBe(-1);
  });

  it("counts the rows it is told to", () => {
    const series = {actual: Float64Array.of(1, 9, 1, 9), forecast: constant(4, 1)};
    const bounds = {lower: constant(4, 0.5), upper: constant(4, 2)};
    const record = coverageOf({...series, ...bounds}, {level: 0.9, among: Uint32Array.of(1, 2, 3)});
    expect(record).toMatchObject({n: 3, covered: 1});
  });

  it("finds the worst 63 rows that count, where rows between them do not", () => {
    const n = 400;
    const actual = constant(n, 1);
    for (let t = 200; t < 220; t++) actual[t] = 9; // twenty misses in a row
    actual[210] = Number.NaN; // one of them unknown
    actual[264] = 9; // the window from 202 to 265 has as many, but comes later
    const record = coverageOf(
      {actual, forecast: constant(n, 1), lower: constant(n, 0.5), upper: constant(n, 2)},
      {level: 0.9},
    );
    expect(record.n).toBe(399);
    expect(record.worst_rate).toBeCloseTo(1 - 19 / 63, 12);
    expect(record.worst_end).toBe(219);
  });

  it("equals the worst of all windows looked at one by one", () => {
    const random = createRandom(2);
    const n = 500;
    const actual = Float64Array.from({length: n}, () => random.uniform());
    const series = {actual, forecast: constant(n, 1), lower: constant(n, 0.1), upper: constant(n, 0.9)};
    const {worst_rate} = coverageOf(series, {level: 0.8});
    const rates = Array.from({length: n - 62}, (_, start) => {
      const window = actual.subarray(start, start + 63);
      return window.filter((value) => value >= 0.1 && value <= 0.9).length / 63;
    });
    expect(worst_rate).toBeCloseTo(Math.min(...rates), 12);
  });

  it("scores the true quantiles best", () => {
    const random = createRandom(5);
    const n = 20_000;
    const actual = Float64Array.from({length: n}, () => random.uniform());
    const score = (low: number, high: number) =>
      coverageOf(
        {actual, forecast: constant(n, 1), lower: constant(n, low), upper: constant(n, high)},
        {level: 0.9},
      ).interval_score_pct;
    for (const [low, high] of [
      [0.02, 0.95],
      [0.08, 0.95],
      [0.05, 0.98],
      [0.05, 0.92],
      [0.1, 0.9],
      [0, 1],
    ] as const)
      expect(score(low, high)).toBeGreaterThan(score(0.05, 0.95));
  });
});
