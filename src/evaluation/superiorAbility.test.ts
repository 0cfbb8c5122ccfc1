import {describe, expect, it} from "vitest";
import {createRandom, type Random} from "../random.ts";
import {overlappingNoise} from "./overlapping.fixture.ts";
import {golden, goldenSeries} from "./statistics.fixture.ts";
import {superiorAbility} from "./superiorAbility.ts";

describe("superiorAbility()", () => {
  it.each([0, 1, 2, 3, 4])(
    "gives the p-values of an independent implementation, benchmark %i",
    (benchmark) => {
      const {losses} = goldenSeries();
      const ours = superiorAbility(losses, {benchmark, random: createRandom(7), resamples: 10_000});
      const theirs = golden.superior_ability[benchmark]!;
      for (const p of ["lower", "consistent", "upper"] as const)
        expect(Math.abs(ours[p] - theirs[p])).toBeLessThan(0.015);
    },
  );

  it("has lower <= consistent <= upper, and 1 where no rival is ahead", () => {
    const {losses} = goldenSeries();
    for (const benchmark of losses.keys()) {
      const {lower, consistent, upper} = superiorAbility(losses, {benchmark, random: createRandom(1)});
      expect(lower).toBeLessThanOrEqual(consistent);
      expect(consistent).toBeLessThanOrEqual(upper);
    }
    const best = superiorAbility(losses, {benchmark: 0, random: createRandom(1)});
    expect(best).toMatchObject({statistic: 0, lower: 1, consistent: 1, upper: 1});
  });

  it("names the rival that is ahead, and finds it among many that are not", () => {
    const random = createRandom(4);
    const losses = rivals(random, [0, -0.3, ...new Array<number>(12).fill(1)]);
    const {best, consistent, upper} = superiorAbility(losses, {benchmark: 0, random});
    expect(best).toBe(1);
    expect(consistent).toBeLessThan(0.02);
    expect(upper).toBeLessThan(0.02);
  });

  it("rejects a benchmark as good as its rivals 2 to 9 times in 100 at 5 %", () => {
    const rejected = rejections([0, 0, 0, 0, 0]);
    expect(rejected.consistent).toBeGreaterThan(0.02);
    expect(rejected.consistent).toBeLessThan(0.09);
    expect(rejected.upper).toBeLessThanOrEqual(rejected.consistent);
  });

  it("is not held back by bad rivals as the reality check is", () => {
    const {consistent, upper} = rejections([0, 0, 2, 2, 2, 2, 2, 2, 2]);
    expect(consistent).toBeGreaterThan(0.02);
    expect(consistent).toBeLessThan(0.09);
    expect(upper).toBeLessThan(consistent / 2);
  });

  it("knows itself under another name, rounded otherwise, for no rival", () => {
    const models = rivals(createRandom(6), [0, 0.01, 0.02]);
    const rounded = models[0]!.map((loss, t) => loss * (1 + (t % 3) * 1e-14));
    const ask = (losses: readonly Float64Array[]) =>
      superiorAbility(losses, {benchmark: 0, random: createRandom(1), resamples: 400});
    expect(ask([...models, rounded])).toEqual(ask(models));
  });

  it("refuses a benchmark without rivals", () => {
    const alone = [new Float64Array(5)];
    expect(() => superiorAbility(alone, {benchmark: 0, random: createRandom(1)})).toThrow(
      "benchmark must be one of at least 2 models, current value is 0 of 1",
    );
  });
});

// Losses over five sessions that overlap, with one excess a model; the first is the benchmark.
function rivals(random: Random, excess: readonly number[], n = 600): Float64Array[] {
  const common = overlappingNoise(random, {n, horizon: 5});
  return excess.map((extra) => {
    const own = overlappingNoise(random, {n, horizon: 5});
    return common.map((loss, t) => loss + extra + 0.5 * own[t]!);
  });
}

function rejections(excess: readonly number[]): {consistent: number; upper: number} {
  const random = createRandom(99);
  const trials = 400;
  let consistent = 0;
  let upper = 0;
  for (let trial = 0; trial < trials; trial++) {
    const p = superiorAbility(rivals(random, excess), {benchmark: 0, random, resamples: 300});
    if (p.consistent < 0.05) consistent++;
    if (p.upper < 0.05) upper++;
  }
  return {consistent: consistent / trials, upper: upper / trials};
}
