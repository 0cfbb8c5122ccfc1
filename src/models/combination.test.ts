import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {
  COMBINATION_KINDS,
  combinationKinds,
  createCombination,
  inverseLossWeights,
  leaderWeights,
  stackedWeights,
  type TrackRecord,
} from "./combination.ts";

describe("combinationKinds", () => {
  it.each(COMBINATION_KINDS)("%s gives weights that are none negative and sum to one", (kind) => {
    const record = simulate({seed: 1, exponents: [0.5, 0.3, 0.2]});
    const weights = combinationKinds[kind].weigh?.(record) ?? Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    expect(weights.length).toBe(3);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});

describe("inverseLossWeights()", () => {
  it("halves the weight of a loss twice as large", () => {
    const [first, second] = inverseLossWeights(withLosses([constant(0.3), constant(0.6)]));
    expect(first).toBeCloseTo(2 / 3, 12);
    expect(second).toBeCloseTo(1 / 3, 12);
  });

  it("counts a loss of 63 outcomes ago .95 of the newest", () => {
    const early = new Float64Array(64).fill(1);
    const late = early.slice();
    early[0] = 2;
    late[63] = 2;
    const [first, second] = inverseLossWeights(withLosses([early, late]));
    const total = (1 - 0.95 ** (64 / 63)) / (1 - 0.95 ** (1 / 63)); // of all discounts
    expect(second! / first!).toBeCloseTo((1 + 0.95 / total) / (1 + 1 / total), 12);
  });
});

describe("leaderWeights()", () => {
  it("follows the least mean loss, the first of equals", () => {
    expect([...leaderWeights(withLosses([constant(0.3), constant(0.2), constant(0.4)]))]).toEqual([0, 1, 0]);
    expect([...leaderWeights(withLosses([constant(0.3), constant(0.2), constant(0.2)]))]).toEqual([0, 1, 0]);
  });
});

describe("stackedWeights()", () => {
  it("recovers the exponents of the pool that made the outcomes, and leaves out a useless member", () => {
    const [first, second, third] = stackedWeights(simulate({seed: 2, exponents: [0.7, 0.3, 0]}));
    expect(first).toBeCloseTo(0.7, 1);
    expect(second).toBeCloseTo(0.3, 1);
    expect(third).toBeLessThan(0.05);
  });

  it("has the least mean QLIKE of a fine grid of weights", () => {
    const record = simulate({seed: 3, exponents: [0.2, 0.8, 0]});
    const found = stackedWeights(record);
    const loss = (weights: readonly number[]): number =>
      record.actual.reduce((sum, y, t) => {
        const ratio =
          y / Math.exp(weights.reduce((log, w, k) => log + w * Math.log(record.variance[k]![t]!), 0));
        return sum + ratio - Math.log(ratio) - 1;
      }, 0) / record.actual.length;
    const least = loss([...found]);
    for (let i = 0; i <= 20; i++)
      for (let j = 0; i + j <= 20; j++)
        expect(loss([i / 20, j / 20, 1 - (i + j) / 20])).toBeGreaterThanOrEqual(least - 1e-12);
  });
});

describe("createCombination()", () => {
  it("refuses fewer than two members, and one twice, naming them", () => {
    const of = (members: readonly string[]) => () => createCombination({name: "pair", kind: "mean", members});
    expect(of(["har"])).toThrow(
      "Cannot combine forecasts as pair: members must be two or more, each once, current value is har",
    );
    expect(of(["har", "vix", "har"])).toThrow("current value is har, vix, har");
    expect(of(["har", "vix"])()).toMatchObject({name: "pair", pool: "linear", weigh: null});
  });
});

function constant(value: number): Float64Array {
  return new Float64Array(300).fill(value);
}

function withLosses(loss: readonly Float64Array[]): TrackRecord {
  return {variance: loss, loss, actual: loss[0]!};
}

// Outcomes are a log pool of three noisy views of the variance, times chi-squared noise of mean 1.
function simulate({seed, exponents}: {seed: number; exponents: readonly number[]}): TrackRecord {
  const random = createRandom(seed);
  const rows = 4000;
  const variance = exponents.map(() =>
    Float64Array.from({length: rows}, () => Math.exp(-8 + random.normal())),
  );
  const actual = Float64Array.from({length: rows}, (_, t) => {
    const log = exponents.reduce((sum, w, k) => sum + w * Math.log(variance[k]![t]!), 0);
    return Math.exp(log) * random.normal() ** 2;
  });
  const loss = variance.map((own) => own.map((f, t) => actual[t]! / f - Math.log(actual[t]! / f) - 1));
  return {variance, loss, actual};
}
