import {existsSync, readFileSync} from "node:fs";
import {linearRegression} from "simple-statistics";
import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {leastSquares} from "./leastSquares.ts";
import {createMatrix} from "./matrix.ts";

const published = new URL("../../../shared/reference/har/published_har.json", import.meta.url);
const realized = new URL("../../../shared/reference/har/HARQ_SP500RM_1997-2013.csv", import.meta.url);

describe("leastSquares()", () => {
  it("gives simple-statistics' line", () => {
    const random = createRandom(1);
    const points = Array.from({length: 200}, () => {
      const x = random.normal();
      return [x, 3 - 2 * x + random.normal()];
    });
    const {m, b} = linearRegression(points);
    const {coefficients} = leastSquares(
      createMatrix(Float64Array.from(points.flatMap(([x]) => [1, x!])), 2),
      Float64Array.from(points, ([, y]) => y!),
    );
    expect(coefficients[0]).toBeCloseTo(b, 12);
    expect(coefficients[1]).toBeCloseTo(m, 12);
  });

  it("gives the textbook standard errors of a line: s^2 / Sxx for the slope", () => {
    const x = [1, 2, 3, 4, 5];
    const y = Float64Array.of(1.1, 1.9, 3.2, 3.9, 5.1);
    const {covariance, residuals} = leastSquares(
      createMatrix(Float64Array.from(x.flatMap((v) => [1, v])), 2),
      y,
    );
    const s2 = residuals.reduce((sum, e) => sum + e * e, 0) / 3;
    expect(covariance[3]).toBeCloseTo(s2 / 10, 14);
    expect(covariance[0]).toBeCloseTo(s2 * (1 / 5 + 9 / 10), 14);
    expect(covariance[1]).toBeCloseTo((-3 * s2) / 10, 14);
    expect(covariance[2]).toBe(covariance[1]);
  });

  it.each([0, 1, 2, 3, 4])("leaves residuals orthogonal to every column, seed %i", (seed) => {
    const random = createRandom(seed);
    const design = createMatrix(
      Float64Array.from({length: 300 * 6}, (_, i) => random.normal() * 10 ** ((i % 6) - 3)),
      6,
    );
    const {residuals} = leastSquares(
      design,
      Float64Array.from({length: 300}, () => random.normal()),
    );
    for (let j = 0; j < 6; j++) {
      let dot = 0;
      for (let i = 0; i < 300; i++) dot += (residuals[i]! * design.values[i * 6 + j]!) / 10 ** (j - 3);
      expect(Math.abs(dot)).toBeLessThan(1e-10);
    }
  });

  it("recovers coefficients where forming X'X would lose them", () => {
    // Lauchli's matrix: beside 1 the squares of 1e-7 keep two digits in X'X.
    const e = 1e-7;
    const design = createMatrix(Float64Array.of(1, 1, e, 0, 0, e), 2);
    const {coefficients} = leastSquares(design, Float64Array.of(3, e, 2 * e));
    expect(coefficients[0]).toBeCloseTo(1, 6);
    expect(coefficients[1]).toBeCloseTo(2, 6);
  });

  it("names the column that depends on others", () => {
    const random = createRandom(2);
    const rows = Array.from({length: 50}, () => {
      const [a, b] = [random.normal(), random.normal()];
      return [1, a, b, 2 * a - b];
    });
    expect(() => leastSquares(createMatrix(Float64Array.from(rows.flat()), 4), new Float64Array(50))).toThrow(
      "Cannot solve least squares: column 3 of 4 is a linear combination of the columns before it; leave it out",
    );
  });

  it("refuses a missing value, and more columns than rows", () => {
    expect(() =>
      leastSquares(createMatrix(Float64Array.of(1, 2, Number.NaN), 1), new Float64Array(3)),
    ).toThrow("row 2, column 0 is NaN");
    expect(() => leastSquares(createMatrix(Float64Array.of(1, 2), 2), new Float64Array(1))).toThrow(
      "1 rows must be more than 2 columns",
    );
  });

  it("does not touch its input", () => {
    const design = createMatrix(Float64Array.of(1, 0, 1, 1, 1, 2, 1, 4), 2);
    const target = Float64Array.of(1, 2, 2, 5);
    const before = [design.values.slice(), target.slice()];
    leastSquares(design, target);
    expect([design.values, target]).toEqual(before);
  });

  it.skipIf(!existsSync(published))(
    "reproduces the published HAR of the S&P 500 (Bollerslev, Patton and Quaedvlieg 2016)",
    () => {
      const lines = readFileSync(realized, "utf8").trim().split(/\r?\n/);
      const at = lines[0]!.split(",").findIndex((name) => name.replaceAll('"', "") === "RV");
      const rv = lines.slice(1).map((line) => Number(line.split(",")[at]));
      const mean = (t: number, k: number) => rv.slice(t - k, t).reduce((sum, v) => sum + v, 0) / k;
      const rows = Array.from({length: rv.length - 22}, (_, i) => i + 22);
      const {coefficients} = leastSquares(
        createMatrix(Float64Array.from(rows.flatMap((t) => [1, mean(t, 1), mean(t, 5), mean(t, 22)])), 4),
        Float64Array.from(rows, (t) => rv[t]!),
      );
      const {beta0, beta1, beta5, beta22} = JSON.parse(readFileSync(published, "utf8")).in_sample
        .HAR_coef_round7;
      expect(rows.length).toBe(4074);
      [beta0, beta1, beta5, beta22].forEach((value, j) => {
        expect(coefficients[j]).toBeCloseTo(value, 6);
      });
    },
  );
});
