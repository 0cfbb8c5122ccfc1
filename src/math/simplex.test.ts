import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {type Curvature, minimizeOnSimplex} from "./simplex.ts";

/** (w - c)'A(w - c) / 2 with its derivatives; A row-major, symmetric. */
function quadratic(a: Float64Array, center: readonly number[]): (weights: Float64Array) => Curvature {
  const width = center.length;
  return (weights) => {
    const gap = weights.map((weight, k) => weight - center[k]!);
    const gradient = gap.map((_, k) => gap.reduce((sum, d, j) => sum + a[k * width + j]! * d, 0));
    return {value: gap.reduce((sum, d, k) => sum + (d * gradient[k]!) / 2, 0), gradient, hessian: a};
  };
}

describe("minimizeOnSimplex()", () => {
  it("projects a point: the closest with weights none negative that sum to one", () => {
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const inside = minimizeOnSimplex(quadratic(identity, [0.5, 0.3, 0.2]), 3);
    [0.5, 0.3, 0.2].forEach((value, k) => {
      expect(inside[k]).toBeCloseTo(value, 10);
    });
    const outside = minimizeOnSimplex(quadratic(identity, [1.2, 0.4, -3]), 3);
    [0.9, 0.1, 0].forEach((value, k) => {
      expect(outside[k]).toBeCloseTo(value, 10);
    });
  });

  it.each([0, 1, 2, 3, 4])(
    "meets the conditions of an optimum on curved, badly scaled functions, seed %i",
    (seed) => {
      const random = createRandom(seed);
      const width = 6;
      const common = Array.from({length: 400}, () => 3 * random.normal());
      // Columns that are nearly one another, as forecasts of one thing are.
      const columns = Array.from({length: width}, () => common.map((value) => value + 0.1 * random.normal()));
      const target = common.map((value) => Math.exp(value + 0.5 * random.normal()));
      const at = (weights: Float64Array): Curvature => {
        let value = 0;
        const gradient = new Float64Array(width);
        const hessian = new Float64Array(width * width);
        target.forEach((y, t) => {
          const pooled = columns.reduce((sum, x, k) => sum + weights[k]! * x[t]!, 0);
          const ratio = y * Math.exp(-pooled);
          value += ratio + pooled;
          for (let k = 0; k < width; k++) {
            gradient[k]! += (1 - ratio) * columns[k]![t]!;
            for (let j = 0; j < width; j++)
              hessian[k * width + j]! += ratio * columns[k]![t]! * columns[j]![t]!;
          }
        });
        return {value, gradient, hessian};
      };
      const weights = minimizeOnSimplex(at, width);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      const {gradient, value} = at(weights);
      const least = Math.min(...gradient);
      weights.forEach((weight, k) => {
        expect(weight).toBeGreaterThanOrEqual(0);
        if (weight > 1e-6) expect((gradient[k]! - least) / value).toBeLessThan(1e-4); // only the steepest hold weight
      });
      for (let trial = 0; trial < 200; trial++) {
        const shares = weights.map(() => -Math.log(1 - random.uniform()));
        const total = shares.reduce((sum, share) => sum + share, 0);
        expect(at(shares.map((share) => share / total)).value).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      }
    },
  );

  it("keeps equal weights where all points are alike, and refuses a function without a value", () => {
    const flat = () => ({value: 1, gradient: Float64Array.of(2, 2), hessian: new Float64Array(4)});
    expect([...minimizeOnSimplex(flat, 2)]).toEqual([0.5, 0.5]);
    expect(() => minimizeOnSimplex(() => ({...flat(), value: Number.NaN}), 2)).toThrow(
      "Cannot minimise on the simplex: the value at equal weights must be finite, it is NaN",
    );
  });
});
