// How does the loss of each single session depend on the parameters?

import {digamma} from "../../math/gamma.ts";
import {absoluteMoment, absoluteMomentSlope} from "./absoluteMoment.ts";
import {normalLoss, studentLoss} from "./innovationLoss.ts";
import {runLinearVariance} from "./linearVariance.ts";
import {runLogVariance} from "./logVariance.ts";
import {
  ALPHA,
  BETA,
  freePositions,
  GAMMA,
  type GarchSpecification,
  MU,
  NU,
  OMEGA,
  WIDTH,
} from "./specification.ts";
import {createWorkspace, type Workspace} from "./workspace.ts";

/**
 * d(-ln density of a session) / d(parameter), a column of sessions for each free parameter: one recursion a
 * parameter, forward with the variance. An independent derivation of the gradient that likelihood.ts finds
 * backwards: each column sums to its entry.
 *
 * @param returns finite
 * @param presample σ² of the session before the first; NaN for the mean squared residual
 */
export function garchScores(
  specification: GarchSpecification,
  parameters: Float64Array,
  {returns, presample}: {returns: Float64Array; presample: number},
): Float64Array[] {
  const n = returns.length;
  const work = createWorkspace(n, specification);
  const log = specification.variance === "egarch";
  (log ? runLogVariance : runLinearVariance)(returns, parameters, {presample, work});
  if (specification.innovations === "student") studentLoss(work, parameters, new Float64Array(WIDTH));
  else normalLoss(work);

  const {slopes, precisions, pulls} = work;
  const first = firstDerivatives(parameters, {work, presample, log});
  const {kept, news} = (log ? logRecursion : linearRecursion)(parameters, work);
  return freePositions(specification).map((position) => {
    const scores = new Float64Array(n);
    const added = news[position]!;
    let derivative = first[position]!;
    for (let t = 0; t < n; t++) {
      scores[t] = slopes[t]! * (log ? derivative : derivative * precisions[t]!);
      derivative = kept[t]! * derivative + added[t]!;
    }
    if (position === MU) for (let t = 0; t < n; t++) scores[t]! -= pulls[t]!;
    if (position === NU) addNuScores(scores, parameters[NU]!, work);
    return scores;
  });
}

/** Sums of the columns' products, row-major: Σ s s'. */
export function outerProducts(columns: readonly Float64Array[]): Float64Array {
  const width = columns.length;
  const products = new Float64Array(width * width);
  columns.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = columns[j]!;
      let sum = 0;
      for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
      products[i * width + j] = sum;
      products[j * width + i] = sum;
    }
  });
  return products;
}

// In the first session's σ² (egarch: ln σ²), one step from the one before it, which brought no news.
function firstDerivatives(
  parameters: Float64Array,
  {work: {residuals}, presample, log}: {work: Workspace; presample: number; log: boolean},
): Float64Array {
  const n = residuals.length;
  const given = !Number.isNaN(presample);
  const before = given ? presample : residuals.reduce((sum, e) => sum + e * e, 0) / n;
  const beforeSlope = given ? 0 : (-2 * residuals.reduce((sum, e) => sum + e, 0)) / n; // in μ
  const derivatives = new Float64Array(WIDTH);
  derivatives[OMEGA] = 1;
  if (log) {
    derivatives[MU] = (parameters[BETA]! * beforeSlope) / before;
    derivatives[BETA] = Math.log(before);
    return derivatives;
  }
  const kept = parameters[ALPHA]! + parameters[GAMMA]! / 2 + parameters[BETA]!;
  derivatives[MU] = kept * beforeSlope;
  derivatives[ALPHA] = before;
  derivatives[GAMMA] = before / 2;
  derivatives[BETA] = before;
  return derivatives;
}

interface Recursion {
  /** Share of a session's derivative that stays in the next one's. */
  readonly kept: Float64Array;
  /** What the session adds to the next one's derivative in each parameter, by position. */
  readonly news: readonly Float64Array[];
}

// Of σ².
function linearRecursion(parameters: Float64Array, {residuals, states}: Workspace): Recursion {
  const n = residuals.length;
  const rise = parameters[ALPHA]!;
  const fall = rise + parameters[GAMMA]!;
  const mu = new Float64Array(n);
  const squares = new Float64Array(n);
  const falls = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    const e = residuals[t]!;
    const falling = e < 0;
    mu[t] = -2 * (falling ? fall : rise) * e;
    squares[t] = e * e;
    if (falling) falls[t] = e * e;
  }
  const kept = new Float64Array(n).fill(parameters[BETA]!);
  return {kept, news: [mu, new Float64Array(n).fill(1), squares, falls, states, new Float64Array(n)]};
}

// Of ln σ².
function logRecursion(parameters: Float64Array, {residuals, roots, states}: Workspace): Recursion {
  const n = residuals.length;
  const alpha = parameters[ALPHA]!;
  const gamma = parameters[GAMMA]!;
  const beta = parameters[BETA]!;
  const mean = absoluteMoment(parameters[NU]!);
  const kept = new Float64Array(n);
  const mu = new Float64Array(n);
  const sizes = new Float64Array(n);
  const signed = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    const inverse = roots[t]!;
    const z = residuals[t]! * inverse;
    const slope = z < 0 ? gamma - alpha : gamma + alpha; // of the news in z
    kept[t] = beta - 0.5 * slope * z;
    mu[t] = -slope * inverse;
    sizes[t] = Math.abs(z) - mean;
    signed[t] = z;
  }
  const nu = new Float64Array(n).fill(-alpha * absoluteMomentSlope(parameters[NU]!));
  return {kept, news: [mu, new Float64Array(n).fill(1), sizes, signed, states, nu]};
}

function addNuScores(scores: Float64Array, nu: number, {residuals, precisions}: Workspace): void {
  const spread = nu - 2;
  const constantSlope = 0.5 * (digamma((nu + 1) / 2) - digamma(nu / 2) - 1 / spread);
  for (let t = 0; t < scores.length; t++) {
    const ratio = (residuals[t]! * residuals[t]! * precisions[t]!) / spread;
    scores[t]! += 0.5 * (Math.log1p(ratio) - ((nu + 1) / spread) * (ratio / (1 + ratio))) - constantSlope;
  }
}
