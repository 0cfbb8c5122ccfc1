import {describe, expect, it} from "vitest";
import {normalCdf} from "./normalCdf.ts";

describe("normalCdf()", () => {
  // Abramowitz and Stegun (1964), table 26.1.
  it.each([
    [0, 0.5],
    [0.5, 0.691_462_461_274_013],
    [1, 0.841_344_746_068_543],
    [1.96, 0.975_002_104_851_78],
    [3, 0.998_650_101_968_37],
    [12, 1],
  ])("is as tabulated at %d, and one minus that on the other side", (x, expected) => {
    expect(normalCdf(x)).toBeCloseTo(expected, 14);
    expect(normalCdf(-x)).toBeCloseTo(1 - expected, 14);
  });

  it("of a missing value is missing", () => {
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});
