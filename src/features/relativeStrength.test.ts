import {describe, expect, it} from "vitest";
import {relativeStrength} from "./relativeStrength.ts";

// Wilder (1978), the worksheet of the RSI section; he cut every intermediate result to two decimals,
// which moves the index by up to 0.53.
const worksheet = {
  prices: [
    54.8, 56.8, 57.85, 59.85, 60.57, 61.1, 62.17, 60.6, 62.35, 62.15, 62.35, 61.45, 62.8, 61.37, 62.5, 62.57,
    60.8, 59.37, 60.35, 62.35, 62.17, 62.55, 64.55, 64.37, 65.3, 64.42, 62.9, 61.6, 62.05, 60.05, 59.7, 60.9,
    60.25, 58.27, 58.7, 57.72, 58.1, 58.2,
  ],
  index: [
    74.36, 74.55, 65.75, 59.68, 61.98, 66.44, 65.75, 67, 71.43, 70.5, 72.14, 67.95, 60.78, 55.56, 56.71,
    49.49, 48.19, 52.38, 50, 43.5, 45.36, 42.53, 44.13, 44.75,
  ],
};

// StockCharts' worked example of the same index, at the full precision TA-Lib 0.6 gives for it.
const example = {
  prices: [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
    46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137,
    46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
  ],
  index: [
    70.53278948, 66.31856181, 66.54982994, 69.40630534, 66.35516906, 57.97485571, 62.92960675, 63.25714756,
    56.05929872, 62.37707144, 54.70757308, 50.42277441, 39.98982315, 41.46048198, 41.86891609, 45.46321245,
    37.30404209, 33.07952299, 37.77295211,
  ],
};

describe("relativeStrength()", () => {
  it.each([
    ["Wilder's worksheet", worksheet, 0.53],
    ["the worked example", example, 5e-8],
  ])("reproduces %s", (_, {prices, index}, tolerance) => {
    const values = relativeStrength(Float64Array.from(prices), 14);
    expect(values.subarray(0, 14).every(Number.isNaN)).toBe(true);
    expect(values.length - 14).toBe(index.length);
    index.forEach((published, i) => {
      expect(Math.abs(values[14 + i]! - published), `row ${14 + i}`).toBeLessThan(tolerance);
    });
  });

  it("is 100 where prices only rise, 0 where they only fall, 50 where they stand still", () => {
    const rising = Float64Array.from({length: 40}, (_, t) => 10 + t);
    expect(relativeStrength(rising, 14).at(-1)).toBe(100);
    expect(relativeStrength(rising.toReversed(), 14).at(-1)).toBe(0);
    expect(relativeStrength(new Float64Array(40).fill(10), 14).at(-1)).toBe(50);
  });

  it("skips a missing price and goes on with the averages it had", () => {
    const prices = Float64Array.from(worksheet.prices);
    const values = relativeStrength(prices.with(20, Number.NaN), 14);
    expect(values.subarray(20, 22).every(Number.isNaN)).toBe(true);
    expect(values.subarray(22).every(Number.isFinite)).toBe(true);
  });
});
