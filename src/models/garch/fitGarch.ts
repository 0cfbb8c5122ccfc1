// Which GARCH model makes the returns likeliest?

import {bfgs} from "../../math/bfgs.ts";
import {symmetricInverse} from "../../math/symmetricInverse.ts";
import {createGarchLikelihood, type GarchLikelihood} from "./likelihood.ts";
import {garchScores, outerProducts} from "./scores.ts";
import {
  ALPHA,
  BETA,
  freePositions,
  fromVector,
  GAMMA,
  type GarchParameters,
  type GarchSpecification,
  MU,
  NU,
  OMEGA,
  toVector,
  WIDTH,
} from "./specification.ts";
import {startValues} from "./startValues.ts";
import {createTransform, GREATEST_NU, GREATEST_PERSISTENCE, LEAST_NU, type Transform} from "./transform.ts";

/** Fewer returns than this say next to nothing about how a variance moves. */
export const LEAST_RETURNS = 100;

export interface GarchOptions extends Partial<GarchSpecification> {
  /** σ² before the first session, in the square of the returns' unit. Default: the mean squared residual. */
  readonly presampleVariance?: number;
  /** Where to begin: an earlier fit of the same specification, or its parameters alone. Default: a grid. */
  readonly start?: Pick<GarchFit, "parameters"> & Partial<Pick<GarchFit, "curvature">>;
  readonly maxIterations?: number; // default 200
}

/** Plain JSON. */
export interface GarchFit {
  readonly specification: GarchSpecification;
  readonly parameters: GarchParameters;
  readonly logLikelihood: number;
  readonly observations: number;
  /** σ² before the first session; its news is what was expected of it. */
  readonly presampleVariance: number;
  /** Whether the caller gave that; otherwise it is the mean squared residual and moves with μ. */
  readonly presampleGiven: boolean;
  /** σ² of the session after the last return, known at its close. */
  readonly nextVariance: number;
  readonly convergence: GarchConvergence;
  /** The optimiser's inverse Hessian in its own coordinates: a warm start takes fewer steps with it. */
  readonly curvature: readonly number[];
}

export interface GarchConvergence {
  /**
   * No step raises the likelihood. That of egarch has a kink in μ at every return, through |z|; where its top
   * lies on one, `gainLeft` does not vanish.
   */
  readonly converged: boolean;
  readonly iterations: number;
  readonly evaluations: number;
  /** What one more Newton step would add to the log-likelihood. */
  readonly gainLeft: number;
  /** Parameters on a bound: their standard errors mean nothing, and no parameter's are exact. */
  readonly atBounds: readonly ("alpha" | "alpha + gamma" | "beta" | "persistence" | "nu")[];
}

/**
 * Maximum likelihood of GARCH(1,1), GJR-GARCH(1,1,1) or EGARCH(1,1) with normal (then also quasi maximum
 * likelihood) or Student t innovations. The equations are in varianceStep.ts. Bounds: variances stay
 * positive and stationary (persistence below 1), ν in [2.05, 500]. Bollerslev (1986, 1987); Glosten,
 * Jagannathan and Runkle (1993); Nelson (1991); the start of the recursion and the exact gradients as in
 * Fiorentini, Calzolari and Panattoni (1996). A pure function of its arguments; changing the unit of the
 * returns changes that of the parameters and nothing else.
 *
 * @param returns one a session, oldest first, in any unit (fractions or percent)
 * @throws {RangeError} if there are fewer than 100 returns, one is not finite, or they do not vary
 */
export function fitGarch(returns: Float64Array, options: GarchOptions = {}): GarchFit {
  const {variance = "garch", innovations = "normal", mean = "constant", start, maxIterations = 200} = options;
  const specification = {variance, innovations, mean};
  const {average, scale} = requireReturns(returns, options);
  const scaled = new Float64Array(returns.length);
  for (let t = 0; t < scaled.length; t++) scaled[t] = returns[t]! / scale;
  const presample = (options.presampleVariance ?? Number.NaN) / scale ** 2;
  const likelihood = createGarchLikelihood(specification, {returns: scaled, presample});
  const transform = createTransform(specification);
  const from = start
    ? transform.toFree(rescaled(toVector(start.parameters), {variance, factor: 1 / scale}))
    : likeliestStart(specification, {likelihood, transform, average: average / scale});
  const climb = climber(likelihood, transform);
  const inverseHessian =
    curvatureOf(start, transform) ??
    scoreCurvature(specification, {free: from, transform, returns: scaled, presample});
  const minimum = bfgs(climb.objective, from, {inverseHessian, maxIterations});
  const best = climb.parametersAt(minimum.point);
  if (minimum.value !== climb.latestValue()) likelihood.loss(best); // so that the last variance is that of the best
  const parameters = fromVector(rescaled(best, {variance, factor: scale}));
  const presampleVariance = options.presampleVariance ?? meanSquare(returns, parameters.mu);
  return {
    specification,
    parameters,
    logLikelihood: -minimum.value - returns.length * Math.log(scale),
    observations: returns.length,
    presampleVariance,
    presampleGiven: options.presampleVariance !== undefined,
    nextVariance: likelihood.nextVariance() * scale ** 2,
    convergence: {
      converged: minimum.stop === "tolerance" || (variance === "egarch" && minimum.stop === "no descent"),
      iterations: minimum.iterations,
      evaluations: minimum.evaluations,
      gainLeft: minimum.predictedDecrease,
      atBounds: atBounds(specification, best),
    },
    curvature: Array.from(minimum.inverseHessian),
  };
}

function requireReturns(returns: Float64Array, {mean, presampleVariance}: GarchOptions) {
  const n = returns.length;
  if (n < LEAST_RETURNS) {
    throw new RangeError(
      `Cannot fit a GARCH model: it needs at least ${LEAST_RETURNS} returns, there are ${n}; give a longer history`,
    );
  }
  if (presampleVariance !== undefined && !(presampleVariance > 0 && Number.isFinite(presampleVariance))) {
    throw new RangeError(
      `Cannot fit a GARCH model: presampleVariance must be > 0, current value is ${presampleVariance}`,
    );
  }
  let sum = 0;
  let greatest = 0;
  for (let t = 0; t < n; t++) {
    const r = returns[t]!;
    if (!Number.isFinite(r)) {
      throw new RangeError(
        `Cannot fit a GARCH model: return ${t} of ${n} is ${r}; leave sessions without a return out`,
      );
    }
    sum += r;
    greatest = Math.max(greatest, Math.abs(r));
  }
  const average = sum / n;
  const scale = Math.sqrt(meanSquare(returns, mean === "zero" ? 0 : average));
  if (!(scale > ROUNDING * greatest)) {
    throw new RangeError(
      `Cannot fit a GARCH model: the ${n} returns do not vary, all are ${returns[0]}; check the prices`,
    );
  }
  return {average, scale};
}

/** Returns that differ by less than this part of the greatest differ by rounding. */
const ROUNDING = 1e-10;

function meanSquare(returns: Float64Array, centre: number): number {
  let squares = 0;
  for (let t = 0; t < returns.length; t++) squares += (returns[t]! - centre) ** 2;
  return squares / returns.length;
}

// The likeliest of a few guesses: a search that begins near the top is short and does not stray.
function likeliestStart(
  specification: GarchSpecification,
  {likelihood, transform, average}: {likelihood: GarchLikelihood; transform: Transform; average: number},
): Float64Array {
  const guesses = startValues(specification, average);
  const losses = guesses.map((guess) => likelihood.loss(guess));
  return transform.toFree(guesses[losses.indexOf(Math.min(...losses))]!);
}

function climber(likelihood: GarchLikelihood, transform: Transform) {
  const {width} = transform;
  const parameters = new Float64Array(WIDTH);
  const slopes = new Float64Array(WIDTH);
  const jacobian = new Float64Array(WIDTH * width);
  let latest = Number.NaN;
  return {
    objective(free: Float64Array, gradient: Float64Array): number {
      transform.toParameters(free, parameters, jacobian);
      latest = likelihood.loss(parameters, slopes);
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let i = 0; i < WIDTH; i++) {
          const part = jacobian[i * width + j]!;
          if (part !== 0) sum += part * slopes[i]!; // slopes of fixed parameters mean nothing
        }
        gradient[j] = sum;
      }
      return latest;
    },
    latestValue: () => latest,
    parametersAt(free: Float64Array): Float64Array {
      transform.toParameters(free, parameters, jacobian);
      return parameters.slice();
    },
  };
}

function curvatureOf(start: GarchOptions["start"], {width}: Transform): Float64Array | undefined {
  return start?.curvature?.length === width * width ? Float64Array.from(start.curvature) : undefined;
}

// The inverse outer product of the scores: the inverse Hessian, if the model is right (Berndt, Hall, Hall and
// Hausman 1974). BFGS corrects it from there.
function scoreCurvature(
  specification: GarchSpecification,
  {
    free,
    transform,
    returns,
    presample,
  }: {free: Float64Array; transform: Transform; returns: Float64Array; presample: number},
): Float64Array | undefined {
  const {width} = transform;
  const parameters = new Float64Array(WIDTH);
  const jacobian = new Float64Array(WIDTH * width);
  transform.toParameters(free, parameters, jacobian);
  const products = outerProducts(garchScores(specification, parameters, {returns, presample}));
  const rows = freePositions(specification);
  const matrix = new Float64Array(width * width); // J' (Σ s s') J
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++)
          sum += jacobian[rows[i]! * width + a]! * products[i * width + j]! * jacobian[rows[j]! * width + b]!;
      }
      matrix[a * width + b] = sum;
    }
  }
  return symmetricInverse(matrix, width) ?? undefined;
}

// The parameters of returns that are `factor` times as large.
function rescaled(
  parameters: Float64Array,
  {variance, factor}: {variance: GarchSpecification["variance"]; factor: number},
): Float64Array {
  const scaled = parameters.slice();
  scaled[MU]! *= factor;
  if (variance === "egarch") scaled[OMEGA]! += 2 * (1 - parameters[BETA]!) * Math.log(factor);
  else scaled[OMEGA]! *= factor ** 2;
  return scaled;
}

function atBounds(
  {variance, innovations}: GarchSpecification,
  parameters: Float64Array,
): GarchConvergence["atBounds"] {
  const alpha = parameters[ALPHA]!;
  const beta = parameters[BETA]!;
  const nu = parameters[NU]!;
  const linear = variance !== "egarch";
  const kept = linear ? alpha + parameters[GAMMA]! / 2 + beta : Math.abs(beta);
  const found: Record<GarchConvergence["atBounds"][number], boolean> = {
    alpha: linear && alpha < NEGLIGIBLE,
    "alpha + gamma": variance === "gjr" && alpha + parameters[GAMMA]! < NEGLIGIBLE,
    beta: linear && beta < NEGLIGIBLE,
    persistence: kept > GREATEST_PERSISTENCE - NEGLIGIBLE,
    nu: innovations === "student" && (nu > 0.99 * GREATEST_NU || nu < 1.001 * LEAST_NU),
  };
  return (Object.keys(found) as (keyof typeof found)[]).filter((name) => found[name]);
}

const NEGLIGIBLE = 1e-5;
