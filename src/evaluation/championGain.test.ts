import {describe, expect, it} from "vitest";
import {championGain} from "./championGain.ts";
import {qlike} from "./losses.ts";

const forecast = (values: readonly number[]) => {
  const variance = Float64Array.from(values);
  return {variance, volatility: variance.map(Math.sqrt)};
};
const scored = {
  sessions: Int32Array.of(1, 2, 3, 4, 5),
  horizon: 5,
  actual: Float64Array.of(2, 1, 3, Number.NaN, 0), // the fourth is not known yet, the fifth an unchanged close
  forecasts: {
    new: forecast([2.1, Number.NaN, 2.9, 1, 1]),
    old: forecast([1.5, 1, 4, 1, 1]),
    absent: forecast([Number.NaN, 1, Number.NaN, 1, Number.NaN]),
  },
};

describe("championGain()", () => {
  it("compares mean QLIKE on the sessions that both have, and on no other", () => {
    const {gain, sessions} = championGain(scored, {candidate: "new", champion: "old"});
    const [own, other] = [
      [2.1, 2.9],
      [1.5, 4],
    ].map((f) => qlike(Float64Array.of(2, 3), Float64Array.from(f)).reduce((a, b) => a + b));
    expect(gain).toBeCloseTo(1 - own! / other!, 14);
    expect(gain).toBeGreaterThan(0.9);
    expect(sessions).toBe(2);
  });

  it("is 0 for a model and itself, and below 0 for the worse one", () => {
    expect(championGain(scored, {candidate: "new", champion: "new"}).gain).toBe(0);
    expect(championGain(scored, {candidate: "old", champion: "new"}).gain).toBeLessThan(0);
  });

  it("is NaN where they have no session in common, or one is not known", () => {
    expect(championGain(scored, {candidate: "new", champion: "absent"})).toEqual({
      gain: Number.NaN,
      sessions: 0,
    });
    expect(championGain(scored, {candidate: "new", champion: "other"})).toEqual({
      gain: Number.NaN,
      sessions: 0,
    });
  });
});
