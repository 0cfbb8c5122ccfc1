import {sampleCorrelation, sampleVariance} from "simple-statistics";
import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {logRatio, logReturns} from "./logReturns.ts";
import {rollingCorrelation, rollingMax, rollingMean, rollingSum, rollingVariance} from "./rolling.ts";

const random = createRandom(3);
const x = Float64Array.from({length: 60}, () => random.normal());
const y = x.map((value) => 0.5 * value + random.normal());
const kernels = {
  rollingSum,
  rollingMean,
  rollingVariance,
  rollingMax,
  rollingCorrelation: (values: Float64Array, window: number) => rollingCorrelation([values, y], window),
};

describe("rolling kernels", () => {
  it("rollingSum(), rollingMean() and rollingMax() agree with values taken by hand", () => {
    const values = Float64Array.of(3, 1, 2, 5);
    expect(Array.from(rollingSum(values, 3))).toEqual([Number.NaN, Number.NaN, 6, 8]);
    expect(Array.from(rollingMean(values, 2))).toEqual([Number.NaN, 2, 1.5, 3.5]);
    expect(Array.from(rollingMax(values, 3))).toEqual([Number.NaN, Number.NaN, 3, 5]);
  });

  it("rollingVariance() and rollingCorrelation() agree with simple-statistics", () => {
    const variances = rollingVariance(x, 20);
    const correlations = rollingCorrelation([x, y], 20);
    for (let t = 19; t < x.length; t++) {
      const [a, b] = [Array.from(x.subarray(t - 19, t + 1)), Array.from(y.subarray(t - 19, t + 1))];
      expect(variances[t]).toBeCloseTo(sampleVariance(a), 12);
      expect(correlations[t]).toBeCloseTo(sampleCorrelation(a, b), 12);
    }
  });

  it.each(Object.entries(kernels))(
    "%s is NaN before the first full window and where a value is",
    (_, kernel) => {
      const holed = x.with(30, Number.NaN);
      const values = kernel(holed, 5);
      for (let t = 0; t < values.length; t++) {
        expect(Number.isNaN(values[t]), `row ${t}`).toBe(t < 4 || (t >= 30 && t < 35));
      }
    },
  );

  it.each(Object.entries(kernels))("%s depends on its window alone, to the last bit", (_, kernel) => {
    const extreme = x.with(10, 1e16).with(11, 1e-16);
    expect(kernel(extreme, 5).subarray(16)).toEqual(kernel(x, 5).subarray(16));
  });

  it("rollingCorrelation() is NaN where one side does not vary, and 1 with itself", () => {
    const flat = new Float64Array(x.length).fill(0.1);
    expect(rollingCorrelation([x, flat], 20).every(Number.isNaN)).toBe(true);
    expect(rollingCorrelation([x, x], 20).at(-1)).toBeCloseTo(1, 15);
  });
});

describe("logReturns()", () => {
  it("gives log changes over the lag and NaN before it", () => {
    const prices = Float64Array.of(100, 110, 121);
    expect(logReturns(prices)[2]).toBeCloseTo(Math.log(1.1), 15);
    expect(logReturns(prices, 2)[2]).toBeCloseTo(Math.log(1.21), 15);
    expect(Array.from(logReturns(prices, 2).subarray(0, 2))).toEqual([Number.NaN, Number.NaN]);
  });

  it("gives NaN, never infinity, where a price is not above zero", () => {
    const prices = Float64Array.of(18.27, -37.63, 10.01, 0, 5);
    expect(logReturns(prices).every(Number.isNaN)).toBe(true);
    expect(logRatio(1, 0)).toBeNaN();
    expect(logRatio(0, 1)).toBeNaN();
  });
});
