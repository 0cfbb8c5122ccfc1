import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {logBar, varianceWeights} from "./logBar.ts";

describe("logBar", () => {
  it("logBar() has the range of a continuous path: Parkinson's estimator is not biased", () => {
    // Parkinson (1980): E[(high - low)²] = 4 ln 2 times the variance of a Brownian motion without drift.
    const random = createRandom(5);
    const weights = varianceWeights(0);
    const bars = Array.from({length: 20_000}, () => {
      const moves = weights.map((weight) => Math.sqrt(weight) * random.normal());
      return logBar(moves, weights, random);
    });
    const parkinson = average(bars.map(({high, low}) => (high - low) ** 2)) / (4 * Math.LN2);
    expect(Math.abs(parkinson - 1)).toBeLessThan(0.02);
    expect(Math.abs(average(bars.map(({close}) => close ** 2)) - 1)).toBeLessThan(0.04);
    expect(
      bars.every(({open, high, low, close}) => low <= Math.min(open, close) && high >= Math.max(open, close)),
    ).toBe(true);
  });

  it("logBar() opens after the move before the open and closes after all moves", () => {
    const weights = varianceWeights(0.3);
    const moves = weights.map((_, k) => (k % 3) - 1);
    const {open, close} = logBar(moves, weights, createRandom(6));
    expect(open).toBe(moves[0]);
    expect(close).toBeCloseTo(
      moves.reduce((sum, move) => sum + move, 0),
      12,
    );
  });

  it("varianceWeights() share out the whole variance, most of it at the open and the close", () => {
    const weights = varianceWeights(0.3);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[0]).toBe(0.3);
    expect(weights[1]!).toBeGreaterThan(2 * weights[13]!);
    expect(weights[26]!).toBeCloseTo(weights[1]!, 12);
  });
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
