import {describe, expect, it} from "vitest";
import {createRandom, type Random} from "../random.ts";
import {confidenceSetOf, modelConfidenceSet} from "./modelConfidenceSet.ts";
import {overlappingNoise} from "./overlapping.fixture.ts";
import {resampleMeans} from "./stationaryBootstrap.ts";
import {golden, goldenSeries} from "./statistics.fixture.ts";

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

  it.each([{statistic: "max"}, {statistic: "range"}] as const)(
    "keeps a best model in 88 % or more of 200 runs of the 90 % set, T_$statistic",
    ({statistic}) => {
      const runs = 200;
      let kept = 0;
      for (let run = 0; run < runs; run++) {
        const random = createRandom(5000 + run);
        const p = confidenceSetOf(
          resampleMeans(overlappingLosses(random, [0, 0.02, 0.05, 0.1, 0.2, 0.4]), {random, resamples: 300}),
          statistic,
        );
        if (p[0]! >= 0.1) kept++;
      }
      expect(kept / runs).toBeGreaterThanOrEqual(0.88);
    },
  );

  it.each(["max", "range"] as const)("gives arch's p-values, T_%s", (statistic) => {
    const {losses} = goldenSeries();
    const ours = modelConfidenceSet(losses, {random: createRandom(3), resamples: 10_000, statistic});
    golden.confidence_set[statistic].forEach((theirs, model) => {
      expect(Math.abs(ours[model]! - theirs)).toBeLessThan(0.02);
    });
  });

  it("finds a steadily worse model behind an erratic one by T_R, where T_max has doubts", () => {
    const random = createRandom(12);
    const good = losses(random, [0, 0.1]);
    const erratic = good[0]!.map((loss) => loss + 0.25 + 3 * random.normal());
    const sample = resampleMeans([...good, erratic], {random});
    expect(confidenceSetOf(sample, "range")[1]).toBeLessThan(0.05);
    expect(confidenceSetOf(sample, "max")[1]).toBeGreaterThan(0.1);
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

  it.each(["max", "range"] as const)(
    "%s counts a model once that stands there twice, rounded otherwise",
    (statistic) => {
      const models = losses(createRandom(2), [0, 0.02, 0.04]);
      const rounded = models[0]!.map((loss, t) => loss * (1 + (t % 3) * 1e-14));
      const ask = (columns: readonly Float64Array[]) =>
        modelConfidenceSet(columns, {random: createRandom(1), resamples: 400, statistic});
      const [first, ...others] = ask(models);
      expect([...ask([...models, rounded])]).toEqual([first, ...others, first]);
    },
  );

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

// The same with outcomes over five sessions, so that neighbouring losses overlap.
function overlappingLosses(random: Random, excess: readonly number[]): Float64Array[] {
  const n = 600;
  const common = overlappingNoise(random, {n, horizon: 5});
  return excess.map((extra) => {
    const own = overlappingNoise(random, {n, horizon: 5});
    return common.map((loss, t) => loss + extra + 0.3 * own[t]!);
  });
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
