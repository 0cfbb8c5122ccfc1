import {describe, expect, it} from "vitest";
import {bfgs, type Objective} from "./bfgs.ts";

const rosenbrock: Objective = (point, gradient) => {
  const [x, y] = [point[0]!, point[1]!];
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

const bowl: Objective = (point, gradient) => {
  let value = 0;
  point.forEach((x, i) => {
    const weight = 10 ** i;
    gradient[i] = weight * (x - i);
    value += (weight * (x - i) ** 2) / 2;
  });
  return value;
};

describe("bfgs()", () => {
  it.each([
    [-1.2, 1],
    [5, -3],
    [0, 0],
  ])("finds the bottom of Rosenbrock's valley from %d, %d", (x, y) => {
    const {point, stop, gradient} = bfgs(rosenbrock, Float64Array.of(x, y), {tolerance: 1e-14});
    expect(stop).toBe("tolerance");
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-4);
  });

  it("finds the bottom of a bowl whose sides differ by ten thousand, and leaves the start as it was", () => {
    const start = new Float64Array(5).fill(7);
    const {point, iterations} = bfgs(bowl, start);
    point.forEach((x, i) => void expect(x).toBeCloseTo(i, 4));
    expect(iterations).toBeLessThan(60);
    expect([...start]).toEqual([7, 7, 7, 7, 7]);
  });

  it("takes one step with the true inverse Hessian, however far it is allowed to go", () => {
    const inverseHessian = new Float64Array(25);
    for (let i = 0; i < 5; i++) inverseHessian[i * 6] = 10 ** -i;
    const start = new Float64Array(5).fill(7);
    const {iterations, evaluations, value} = bfgs(bowl, start, {inverseHessian, maxStep: 100});
    expect([iterations, evaluations]).toEqual([1, 2]);
    expect(value).toBeLessThan(1e-20);
    expect(bfgs(bowl, start, {inverseHessian, maxStep: 0.5}).iterations).toBeGreaterThan(10);
  });

  it("recovers from a curvature that is wrong by a million, or no descent at all", () => {
    for (const wrong of [1e6, -1]) {
      const inverseHessian = Float64Array.of(wrong, 0, 0, wrong);
      const {point, stop} = bfgs(rosenbrock, Float64Array.of(-1.2, 1), {inverseHessian});
      expect(stop).toBe("tolerance");
      expect(point[0]).toBeCloseTo(1, 4);
    }
  });

  it("walks round a region where the function is not defined", () => {
    const barred: Objective = ([x = 0], gradient) => {
      gradient[0] = x > 0 ? 1 - 1 / x : Number.NaN;
      return x > 0 ? x - Math.log(x) : Number.NaN;
    };
    expect(bfgs(barred, Float64Array.of(40), {maxStep: 1000}).point[0]).toBeCloseTo(1, 4);
  });

  it("says that it did not arrive: iterations used up, no bottom, a gradient that points the wrong way", () => {
    expect(bfgs(rosenbrock, Float64Array.of(-1.2, 1), {maxIterations: 3}).stop).toBe("iterations");
    const slope: Objective = ([x = 0], gradient) => {
      gradient[0] = 1;
      return x;
    };
    expect(bfgs(slope, Float64Array.of(0)).stop).toBe("iterations");
    const reversed: Objective = ([x = 0], gradient) => {
      gradient[0] = -2 * x;
      return x * x;
    };
    expect(bfgs(reversed, Float64Array.of(3)).stop).toBe("no descent");
  });

  it("comes to rest on a kink", () => {
    const kinked: Objective = ([x = 0, y = 0], gradient) => {
      gradient[0] = 3 * Math.sign(x - 1) + (x - y) / 5;
      gradient[1] = (y - x) / 5 + y;
      return 3 * Math.abs(x - 1) + (x - y) ** 2 / 10 + y ** 2 / 2;
    };
    const {point, stop} = bfgs(kinked, Float64Array.of(3.3, 4));
    expect(stop).not.toBe("iterations");
    expect(point[0]).toBeCloseTo(1, 9);
    expect(point[1]).toBeCloseTo(1 / 6, 4);
  });

  it("takes fewer steps near many small kinks where it is told of them, and ends next to the same bottom", () => {
    const [spacing, leap] = [1e-3, 0.02];
    // A bowl whose slope in x leaps at every thousandth, as if that came of a sum of sizes.
    const jagged: Objective = ([x = 0, y = 0], gradient) => {
      const below = Math.floor(x / spacing);
      gradient[0] = leap * below + (x - y) / 5;
      gradient[1] = (y - x) / 5 + y - 0.3;
      const steps = leap * (below * x - (spacing * below * (below + 1)) / 2);
      return steps + (x - y) ** 2 / 10 + (y - 0.3) ** 2 / 2;
    };
    const inverseHessian = Float64Array.of(0.05, 0, 0, 0.8);
    const start = Float64Array.of(0.0105, 0.28);
    const told = bfgs(jagged, start, {inverseHessian, kinked: [0]});
    const untold = bfgs(jagged, start, {inverseHessian});
    expect(told.stop).toBe("tolerance");
    expect(told.evaluations).toBeLessThan(untold.evaluations);
    expect(told.value - untold.value).toBeLessThan(1e-6);
    expect([...told.inverseHessian]).toEqual([...inverseHessian]);
  });

  it("refuses to start where the value is not finite", () => {
    expect(() => bfgs(() => Number.NaN, Float64Array.of(0))).toThrow(
      "Cannot minimise: the value at the start is NaN",
    );
  });
});
