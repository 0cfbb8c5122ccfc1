import {describe, expect, it} from "vitest";
import {studentTwoSided} from "./studentT.ts";

describe("studentTwoSided()", () => {
  // scipy 1.10: 2 * scipy.stats.t.sf(t, df)
  it.each([
    [2, 10, 0.07338803477074039],
    [1.96, 4775, 0.05005386589383954],
    [-0.5, 3, 0.651447964848151],
    [12.706204736, 1, 0.05000000000068465],
    [5, 100, 2.4501734135037985e-6],
    [0, 7, 1],
  ])("of %d with %d degrees of freedom is scipy's", (t, df, p) => {
    expect(studentTwoSided(t, df) / p).toBeCloseTo(1, 10);
  });

  it("is NaN for NaN, and refuses no degrees of freedom", () => {
    expect(studentTwoSided(Number.NaN, 5)).toBeNaN();
    expect(() => studentTwoSided(1, 0)).toThrow("degreesOfFreedom must be > 0, current value is 0");
  });
});
