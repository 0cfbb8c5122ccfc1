import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {knownVariance} from "./overlapping.fixture.ts";
import {reliability} from "./reliability.ts";

describe("reliability()", () => {
  it("gives ten groups of the ranked forecasts, their means and the ratio", () => {
    const forecast = Float64Array.from({length: 100}, (_, t) => ((t * 37) % 100) + 1);
    const groups = reliability([forecast.map((f) => f / 2), forecast], {horizon: 1});
    expect(groups.map(({decile}) => decile)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(groups.map(({forecast: mean}) => mean)).toEqual([
      5.5, 15.5, 25.5, 35.5, 45.5, 55.5, 65.5, 75.5, 85.5, 95.5,
    ]);
    for (const {rows, bias, lo, hi} of groups) {
      expect(rows).toHaveLength(10);
      expect([bias, lo, hi]).toEqual([2, 2, 2]); // exactly half: no doubt
    }
  });

  it("shares out rows that ten does not divide, each once", () => {
    const values = Float64Array.from({length: 57}, (_, t) => t + 1);
    const groups = reliability([values, values], {horizon: 1});
    expect(groups.flatMap(({rows}) => [...rows]).sort((a, b) => a - b)).toEqual([...values.keys()]);
    expect(new Set(groups.map(({rows}) => rows.length))).toEqual(new Set([5, 6]));
  });

  it.each([1, 5])("holds 1 in nine to ten of ten intervals of a true forecast, %i ahead", (horizon) => {
    const random = createRandom(4);
    let held = 0;
    const trials = 60;
    for (let trial = 0; trial < trials; trial++) {
      const {outcome, expected} = knownVariance(random, {n: 2000, horizon});
      held += reliability([outcome, expected], {horizon}).filter(({lo, hi}) => lo <= 1 && hi >= 1).length;
    }
    expect(held / (10 * trials)).toBeGreaterThan(0.88);
    expect(held / (10 * trials)).toBeLessThan(0.98);
  });

  it("shows forecasts that swing too far: too low at the bottom, too high at the top", () => {
    const {outcome, expected} = knownVariance(createRandom(5), {n: 4000, horizon: 5});
    const mean = expected.reduce((sum, f) => sum + f, 0) / expected.length;
    const groups = reliability([outcome, expected.map((f) => f ** 2 / mean)], {horizon: 5});
    expect(groups[0]!.hi).toBeLessThan(1);
    expect(groups[9]!.lo).toBeGreaterThan(1);
  });
});
