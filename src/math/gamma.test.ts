import {describe, expect, it} from "vitest";
import {digamma, logGamma} from "./gamma.ts";

const EULER = 0.577_215_664_901_532_9;

describe("logGamma()", () => {
  it("is the logarithm of the factorial, and of the root of pi at one half", () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(6)).toBeCloseTo(Math.log(120), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(171) / 706.573_062_245_787).toBeCloseTo(1, 13); // ln 170!
  });
});

describe("digamma()", () => {
  it("has its known values at one, one half and ten", () => {
    expect(digamma(1)).toBeCloseTo(-EULER, 13);
    expect(digamma(0.5)).toBeCloseTo(-EULER - 2 * Math.LN2, 13);
    const harmonic = Array.from({length: 9}, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
    expect(digamma(10)).toBeCloseTo(harmonic - EULER, 13);
  });

  it.each([0.3, 1.7, 4, 40])("is the slope of logGamma() at %d", (x) => {
    const step = 1e-5 * x;
    const slope = (logGamma(x + step) - logGamma(x - step)) / (2 * step);
    expect(digamma(x)).toBeCloseTo(slope, 7);
  });
});
