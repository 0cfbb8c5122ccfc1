import {expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {ewmaVariance} from "./ewmaVariance.ts";

const options = {decay: 0.94, seedCount: 20};
const random = createRandom(0);
const returns = Float64Array.from({length: 200}, (_, t) => (t === 0 ? Number.NaN : 0.01 * random.normal()));

it("ewmaVariance() is the explicit weighted sum of its seed and the squared returns after it", () => {
  const values = ewmaVariance(returns, options);
  expect(values.subarray(0, 20).every(Number.isNaN)).toBe(true);
  const seed = returns.slice(1, 21).reduce((sum, r) => sum + r * r, 0) / 20;
  for (const t of [20, 21, 60, 199]) {
    let sum = 0.94 ** (t - 20) * seed;
    for (let i = 21; i <= t; i++) sum += 0.06 * 0.94 ** (t - i) * returns[i]! ** 2;
    expect(values[t]! / sum).toBeCloseTo(1, 12);
  }
});

it("ewmaVariance() gives NaN for a missing return and keeps its state", () => {
  const values = ewmaVariance(returns.with(50, Number.NaN), options);
  const plain = ewmaVariance(returns, options);
  expect(values[50]).toBeNaN();
  expect(values[51]).toBe(0.94 * plain[49]! + (1 - 0.94) * returns[51]! ** 2);
});
