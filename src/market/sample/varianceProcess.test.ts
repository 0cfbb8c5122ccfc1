import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {INDEX} from "./parameters.ts";
import {
  drawJump,
  expectedVarianceSums,
  initialState,
  jumpMoments,
  nextState,
  sessionVariance,
} from "./varianceProcess.ts";

describe("varianceProcess", () => {
  it("expectedVarianceSums() is the mean of many simulated futures, calm or in a crisis", () => {
    const random = createRandom(1);
    const sums = new Float64Array(63);
    for (const state of [
      {slow: -0.8, fast: 0.3, crisis: 0},
      {slow: 0.9, fast: -0.2, crisis: 1.1},
    ]) {
      expectedVarianceSums(INDEX, 63)(state, sums);
      const simulated = averageFuture(state, {paths: 20_000, sessions: 63, random});
      for (const h of [1, 5, 22, 63]) {
        expect(Math.abs(simulated[h - 1]! / sums[h - 1]! - 1)).toBeLessThan(0.02);
      }
    }
  });

  it("expectedVarianceSums() of the coming session is its variance, which is known", () => {
    const random = createRandom(2);
    const sums = new Float64Array(3);
    const state = initialState(INDEX, random);
    expectedVarianceSums(INDEX, 3)(state, sums);
    expect(sums[0]).toBeCloseTo(sessionVariance(state, INDEX), 15);
    expect(sums[2]).toBeGreaterThan(sums[1]!);
  });

  it("expectedVarianceSums() refuses jumps under which variance has no expectation", () => {
    expect(() => expectedVarianceSums({...INDEX, fastJump: 1}, 5)).toThrow(/fastJump must be < 1/);
    expect(() => expectedVarianceSums({...INDEX, crisisJump: 2}, 5)).toThrow(RangeError);
  });

  it("jumpMoments() are those of drawJump()", () => {
    const random = createRandom(3);
    const draws = Array.from({length: 400_000}, () => drawJump(INDEX, random).size);
    const {mean, variance} = jumpMoments(INDEX);
    const average = draws.reduce((sum, size) => sum + size, 0) / draws.length;
    const square = draws.reduce((sum, size) => sum + size * size, 0) / draws.length;
    expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(variance / draws.length));
    expect(Math.abs((square - average ** 2) / variance - 1)).toBeLessThan(0.08);
    expect(draws.filter((size) => size !== 0).length / draws.length).toBeCloseTo(0.02, 2);
  });

  it("nextState() answers a fall of the market with more variance than a rise", () => {
    const state = {slow: 0, fast: 0, crisis: 0};
    const varianceAfter = (gaussian: number) => {
      const shock = {gaussian, jump: {size: 0, crash: false}};
      return sessionVariance(nextState(state, {shock, parameters: INDEX, random: createRandom(4)}), INDEX);
    };
    expect(varianceAfter(-2)).toBeGreaterThan(varianceAfter(0));
    expect(varianceAfter(0)).toBeGreaterThan(varianceAfter(2));
  });
});

function averageFuture(
  start: {slow: number; fast: number; crisis: number},
  {paths, sessions, random}: {paths: number; sessions: number; random: ReturnType<typeof createRandom>},
): Float64Array {
  const mean = new Float64Array(sessions);
  for (let path = 0; path < paths; path++) {
    let state = start;
    let sum = 0;
    for (let i = 0; i < sessions; i++) {
      sum += sessionVariance(state, INDEX);
      mean[i]! += sum / paths;
      const shock = {gaussian: random.normal(), jump: drawJump(INDEX, random)};
      state = nextState(state, {shock, parameters: INDEX, random});
    }
  }
  return mean;
}
