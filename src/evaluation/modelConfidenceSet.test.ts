import {describe, expect, it} from "vitest";
import {createRandom, type Random} from "../random.ts";
import {modelConfidenceSet} from "./modelConfidenceSet.ts";

describe("modelConfidenceSet()", () => {
  it("keeps the best of unequal models at least as often as promised, and only it", () => {
    const kept = Array.from({length: 40}, (_, trial) => {
      const random = createRandom(trial);
      return modelConfidenceSet(losses(random, [0, 0.5, 1]), {random, resamples: 300});
    });
    expect(kept.filter((p) => p[0]! >= 0.1).length).toBeGreaterThanOrEqual(36);
    expect(kept.every((p) => p[1]! < 0.1 && p[2]! < 0.1)).toBe(true);
  });

  it("keeps all of several equal models in nine samples of ten", () => {
    let all = 0;
    const trials = 150;
    for (let trial = 0; trial < trials; trial++) {
      const random = createRandom(1000 + trial);
      const p = modelConfidenceSet(losses(random, [0, 0, 0, 0]), {random, resamples: 200});
      if (p.every((value) => value >= 0.1)) all++;
    }
    expect(all / trials).toBeGreaterThan(0.82);
    expect(all / trials).toBeLessThan(0.97);
  });

  it("gives the last model standing 1, and p-values in the order of elimination", () => {
    const random = createRandom(3);
    const p = modelConfidenceSet(losses(random, [0.2, 0.1, 0, 0.05]), {random});
    expect(Math.max(...p)).toBe(1);
    expect(p[0]).toBeLessThanOrEqual(p[3]!);
    expect(p[3]).toBeLessThanOrEqual(p[2]!);
  });

  it("equals a test of two models written out with row-by-row resampling", () => {
    const meanBlock = 5;
    const [a, b] = losses(createRandom(8), [0, 0.03]) as [Float64Array, Float64Array];
    const p = modelConfidenceSet([a, b], {random: createRandom(21), meanBlock, resamples: 4000});

    // Of two models each is half the difference away from their mean, and the bootstrap's errors are the
    // same for both.
    const random = createRandom(99);
    const n = a.length;
    const difference = (rows: number[]) => rows.reduce((sum, t) => sum + (b[t]! - a[t]!) / 2, 0) / n;
    const observed = difference([...a.keys()]);
    const noise = Array.from({length: 4000}, () => difference(stationary(random, {n, meanBlock})) - observed);
    const error = Math.sqrt(noise.reduce((sum, z) => sum + z * z, 0) / noise.length);
    const exceeded = noise.filter((z) => Math.abs(z) / error >= Math.abs(observed) / error).length / 4000;
    expect(Math.abs(Math.min(...p) - exceeded)).toBeLessThan(0.04);
    expect(exceeded).toBeGreaterThan(0.05); // a case in doubt
    expect(exceeded).toBeLessThan(0.9);
  });

  it("is at ease with a model listed twice", () => {
    const [own] = losses(createRandom(2), [0]);
    expect(
      [...modelConfidenceSet([own!, own!], {random: createRandom(1), resamples: 50})].every((p) => p > 0.1),
    ).toBe(true);
  });

  it("refuses losses of different length, and none", () => {
    const options = {random: createRandom(1)};
    expect(() => modelConfidenceSet([new Float64Array(3), new Float64Array(4)], options)).toThrow(
      "the same number",
    );
    expect(() => modelConfidenceSet([], options)).toThrow("there are no losses");
  });
});

// Losses with a common part, as forecasts of one outcome have, and one excess a model.
function losses(random: Random, excess: readonly number[]): Float64Array[] {
  const common = Float64Array.from({length: 600}, () => random.normal() ** 2);
  return excess.map((extra) => common.map((loss) => loss + extra + 0.5 * random.normal()));
}

function stationary(random: Random, {n, meanBlock}: {n: number; meanBlock: number}): number[] {
  const rows: number[] = [];
  let t = random.integer(n);
  while (rows.length < n) {
    rows.push(t);
    t = random.uniform() < 1 / meanBlock ? random.integer(n) : (t + 1) % n;
  }
  return rows;
}
