import {describe, expect, it} from "vitest";
import {logGamma} from "../../math/gamma.ts";
import {createRandom} from "../../random.ts";
import {absoluteMoment, absoluteMomentSlope} from "./absoluteMoment.ts";
import {specifications} from "./garch.fixture.ts";
import {createGarchLikelihood} from "./likelihood.ts";
import {garchScores, outerProducts} from "./scores.ts";
import {simulateGarch} from "./simulateGarch.ts";
import {freePositions, type GarchParameters, type GarchSpecification, toVector} from "./specification.ts";
import {varianceStep} from "./varianceStep.ts";

const returns = simulateGarch({variance: "gjr"}, specifications[3]!.parameters, {
  length: 700,
  random: createRandom(3),
}).returns;
const cases = specifications.flatMap((entry) =>
  [Number.NaN, 2.5].map((presample) => ({
    ...entry,
    presample,
    from: Number.isNaN(presample) ? "the mean square" : "a given variance",
  })),
);

describe.each(cases)("the likelihood of $name from $from", ({specification, parameters, presample}) => {
  const likelihood = createGarchLikelihood(specification, {returns, presample});
  const vector = toVector(parameters);

  it("is the sum of the textbook's densities", () => {
    expect(likelihood.loss(vector)).toBeCloseTo(textbookLoss(specification, parameters, presample), 8);
  });

  it("has the gradient that finite differences find", () => {
    const gradient = new Float64Array(6);
    likelihood.loss(vector, gradient);
    for (const at of freePositions(specification)) {
      const step = 1e-5 * Math.max(Math.abs(vector[at]!), 0.01);
      const [below, above] = [-step, step].map((change) => {
        const moved = vector.slice();
        moved[at]! += change;
        return likelihood.loss(moved);
      });
      const slope = (above! - below!) / (2 * step);
      expect(Math.abs(gradient[at]! - slope)).toBeLessThan(2e-5 * (1 + Math.abs(slope)));
    }
  });

  it("has scores that sum to the gradient, though their recursion runs the other way", () => {
    const gradient = new Float64Array(6);
    likelihood.loss(vector, gradient);
    const scores = garchScores(specification, vector, {returns, presample});
    freePositions(specification).forEach((at, j) => {
      const sum = scores[j]!.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - gradient[at]!)).toBeLessThan(1e-9 * (1 + Math.abs(sum)));
    });
  });

  it("knows the variance of the session to come", () => {
    likelihood.loss(vector);
    const step = varianceStep(specification, parameters);
    let variance = step(Number.isNaN(presample) ? meanSquare(parameters.mu) : presample, Number.NaN);
    for (const r of returns) variance = step(variance, r - parameters.mu);
    expect(likelihood.nextVariance() / variance).toBeCloseTo(1, 12);
  });
});

describe("egarch", () => {
  it("bars parameters with which its recursion runs away", () => {
    const {specification, parameters} = specifications[4]!;
    const {loss} = createGarchLikelihood(specification, {returns, presample: Number.NaN});
    expect(loss(toVector({...parameters, omega: 40}))).toBe(Number.POSITIVE_INFINITY);
    expect(loss(toVector({...parameters, alpha: -300}))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("outerProducts()", () => {
  it("is the matrix of the columns' products", () => {
    const columns = [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)];
    expect([...outerProducts(columns)]).toEqual([14, 32, 32, 77]);
  });
});

describe("absoluteMoment()", () => {
  it.each([2.5, 4, 30])("is the mean of |t| scaled to unit variance, ν = %d", (nu) => {
    // x = s / (1 - s) takes the half line to [0, 1); the midpoint rule there.
    const steps = 400_000;
    const scale = Math.sqrt((nu - 2) / nu);
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      const s = (i + 0.5) / steps;
      const x = s / (1 - s);
      sum += (2 * scale * x * studentDensity(x, nu)) / (1 - s) ** 2 / steps;
    }
    expect(absoluteMoment(nu)).toBeCloseTo(sum, 5);
  });

  it("nears that of the normal distribution, and has the slope that differences find", () => {
    expect(absoluteMoment(1e5)).toBeCloseTo(absoluteMoment(Number.POSITIVE_INFINITY), 5);
    for (const nu of [2.2, 5, 40]) {
      const slope = (absoluteMoment(nu + 1e-4) - absoluteMoment(nu - 1e-4)) / 2e-4;
      expect(absoluteMomentSlope(nu)).toBeCloseTo(slope, 7);
    }
  });
});

function textbookLoss(
  specification: GarchSpecification,
  parameters: GarchParameters,
  presample: number,
): number {
  const {mu, nu} = parameters;
  const step = varianceStep(specification, parameters);
  let variance = step(Number.isNaN(presample) ? meanSquare(mu) : presample, Number.NaN);
  let loss = 0;
  for (const r of returns) {
    const z = (r - mu) / Math.sqrt(variance);
    const stretch = nu === null ? 1 : Math.sqrt(nu / (nu - 2)); // of a unit variance to Student's own
    const density =
      nu === null
        ? Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
        : stretch * studentDensity(z * stretch, nu);
    loss -= Math.log(density / Math.sqrt(variance));
    variance = step(variance, r - mu);
  }
  return loss;
}

function studentDensity(x: number, nu: number): number {
  const front = Math.exp(logGamma((nu + 1) / 2) - logGamma(nu / 2)) / Math.sqrt(nu * Math.PI);
  return front * (1 + (x * x) / nu) ** (-(nu + 1) / 2);
}

function meanSquare(mu: number): number {
  return returns.reduce((sum, r) => sum + (r - mu) ** 2, 0) / returns.length;
}
