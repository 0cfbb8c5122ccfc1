import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {overlappingNoise} from "./overlapping.fixture.ts";
import {percentileInterval, resampleMeans, shareAtLeast} from "./stationaryBootstrap.ts";

describe("resampleMeans()", () => {
  it("gives every column the same rows", () => {
    const random = createRandom(1);
    const own = Float64Array.from({length: 300}, () => random.normal());
    const {means, resampled} = resampleMeans([own, own.map((x) => 2 * x + 1)], {random, resamples: 50});
    expect(means[1]).toBeCloseTo(2 * means[0]! + 1, 12);
    resampled[0]!.forEach((mean, b) => {
      expect(resampled[1]![b]).toBeCloseTo(2 * mean + 1, 12);
    });
  });

  it("centres on the sample's mean, with the spread of independent rows where blocks are one row", () => {
    const random = createRandom(2);
    const own = Float64Array.from({length: 400}, () => 3 + random.normal());
    const {means, resampled} = resampleMeans([own], {random, meanBlock: 1, resamples: 4000});
    const {mean, deviation} = moments(resampled[0]!);
    expect(mean).toBeCloseTo(means[0]!, 2);
    expect(deviation).toBeCloseTo(1 / 20, 2);
  });

  it.each([1, 5])("sees the overlap of outcomes %i sessions long, within a tenth", (horizon) => {
    const random = createRandom(3);
    const deviations = Array.from({length: 20}, () => {
      const noise = overlappingNoise(random, {n: 1500, horizon});
      return moments(resampleMeans([noise], {random, resamples: 300}).resampled[0]!).deviation;
    });
    const truth = horizon / Math.sqrt(1500);
    expect(moments(Float64Array.from(deviations)).mean / truth).toBeGreaterThan(0.9);
    expect(moments(Float64Array.from(deviations)).mean / truth).toBeLessThan(1.1);
  });

  it("refuses columns of different length, none, and blocks below one row", () => {
    const random = createRandom(1);
    expect(() => resampleMeans([new Float64Array(3), new Float64Array(4)], {random})).toThrow(
      "the same number",
    );
    expect(() => resampleMeans([], {random})).toThrow("there are no losses");
    expect(() => resampleMeans([new Float64Array(3)], {random, meanBlock: 0.5})).toThrow(
      "meanBlock must be >= 1, current value is 0.5",
    );
  });
});

describe("percentileInterval()", () => {
  it("leaves at most the promised share outside on either side", () => {
    const draws = Float64Array.from({length: 1000}, (_, i) => (i * 7) % 1000);
    expect(percentileInterval(draws)).toEqual({lo: 24, hi: 975});
    expect(percentileInterval(draws, {coverage: 0.9})).toEqual({lo: 49, hi: 950});
  });
});

describe("shareAtLeast()", () => {
  it("counts draws that reach the statistic", () => {
    expect(shareAtLeast(Float64Array.of(1, 2, 3, 4), 3)).toBe(0.5);
  });
});

function moments(values: Float64Array): {mean: number; deviation: number} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, deviation: Math.sqrt(squares / values.length)};
}
