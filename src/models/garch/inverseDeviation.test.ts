import {expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {inverseDeviation} from "./inverseDeviation.ts";

it("inverseDeviation() is e^(-x/2) but for the last digit", () => {
  const random = createRandom(1);
  for (let i = 0; i < 50_000; i++) {
    const x = 400 * (random.uniform() - 0.5);
    expect(Math.abs(inverseDeviation(x) / Math.exp(-x / 2) - 1)).toBeLessThan(5e-16);
  }
});

it("inverseDeviation() knows the ends of its range, powers of 2, and what is no number", () => {
  for (const x of [-700, 700]) expect(inverseDeviation(x) / Math.exp(-x / 2)).toBeCloseTo(1, 14);
  expect(inverseDeviation(0)).toBe(1);
  expect(inverseDeviation(2 * Math.LN2)).toBe(0.5);
  expect(inverseDeviation(Number.NaN)).toBeNaN();
});
