import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {specifications} from "./garch.fixture.ts";
import {fromVector, persistence, toVector, WIDTH} from "./specification.ts";
import {createTransform, GREATEST_NU, GREATEST_PERSISTENCE, LEAST_NU} from "./transform.ts";

describe.each(specifications)("the transformation of $name", ({specification, parameters}) => {
  const transform = createTransform(specification);
  const {width} = transform;

  it("goes there and back", () => {
    const vector = new Float64Array(WIDTH);
    transform.toParameters(transform.toFree(toVector(parameters)), vector, new Float64Array(WIDTH * width));
    toVector(parameters).forEach((value, at) => {
      if (Number.isFinite(value)) expect(vector[at]).toBeCloseTo(value, 10);
      else expect(vector[at]).toBe(value);
    });
  });

  it.each([0, 1, 2, 3, 4])("stays within the bounds wherever the optimiser goes, seed %d", (seed) => {
    const random = createRandom(seed);
    const free = Float64Array.from({length: width}, () => 4 * random.normal());
    const vector = new Float64Array(WIDTH);
    transform.toParameters(free, vector, new Float64Array(WIDTH * width));
    const found = fromVector(vector);
    expect(persistence(specification, found)).toBeLessThanOrEqual(GREATEST_PERSISTENCE);
    if (specification.variance !== "egarch") {
      const {omega, alpha, gamma, beta} = found;
      expect(Math.min(omega, alpha, alpha + gamma + 1e-12, beta)).toBeGreaterThanOrEqual(0);
    }
    if (found.nu !== null) {
      expect(found.nu).toBeGreaterThanOrEqual(LEAST_NU);
      expect(found.nu).toBeLessThanOrEqual(GREATEST_NU);
    }
  });

  it("has the Jacobian that finite differences find", () => {
    const free = transform.toFree(toVector(parameters)).map((x, j) => x + 0.1 * (j + 1));
    const jacobian = new Float64Array(WIDTH * width);
    const unused = new Float64Array(WIDTH * width);
    transform.toParameters(free, new Float64Array(WIDTH), jacobian);
    for (let j = 0; j < width; j++) {
      const [below, above] = [-1e-6, 1e-6].map((change) => {
        const moved = free.slice();
        moved[j]! += change;
        const vector = new Float64Array(WIDTH);
        transform.toParameters(moved, vector, unused);
        return vector;
      });
      for (let i = 0; i < WIDTH; i++) {
        if (!Number.isFinite(above![i]!)) continue;
        const slope = (above![i]! - below![i]!) / 2e-6;
        expect(Math.abs(jacobian[i * width + j]! - slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
      }
    }
  });

  it("moves parameters off their bounds, where they would stay for ever", () => {
    const stuck = {...parameters, alpha: 0, gamma: 0, beta: 1, nu: parameters.nu && 1e6};
    const free = transform.toFree(toVector(stuck));
    expect(free.every(Number.isFinite)).toBe(true);
    const jacobian = new Float64Array(WIDTH * width);
    transform.toParameters(free, new Float64Array(WIDTH), jacobian);
    for (let j = 0; j < width; j++) {
      const column = Array.from({length: WIDTH}, (_, i) => Math.abs(jacobian[i * width + j]!));
      expect(Math.max(...column)).toBeGreaterThan(1e-5);
    }
  });
});
