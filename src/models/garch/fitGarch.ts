// Which GARCH model makes the returns likeliest?

import {bfgs, type Minimum} from "../../math/bfgs.ts";
import {atBounds, type GarchBound} from "./atBounds.ts";
import {createClimb, scoreCurvature} from "./climb.ts";
import {createGarchLikelihood, type GarchLikelihood} from "./likelihood.ts";
import {meanSquare, measureReturns} from "./measureReturns.ts";
import {
  BETA,
  fromVector,
  type GarchParameters,
  type GarchSpecification,
  MU,
  OMEGA,
  toVector,
} from "./specification.ts";
import {startValues} from "./startValues.ts";
import {createTransform, type Transform} from "./transform.ts";

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
  /**
   * The optimiser's inverse Hessian in its own coordinates: a warm start takes fewer steps with it. Empty where a kink
   * has left it meaningless.
   */
  readonly curvature: readonly number[];
}

export interface GarchConvergence {
  /**
   * No step raises the likelihood. That of egarch has a kink in μ at every return, through |z|; where its top
   * lies on one, `gainLeft` does not vanish, but is below 1.
   */
  readonly converged: boolean;
  readonly iterations: number;
  readonly evaluations: number;
  /** What one more Newton step would add to the log-likelihood. */
  readonly gainLeft: number;
  /** Parameters on a bound: their standard errors mean nothing, and no parameter's are exact. */
  readonly atBounds: readonly GarchBound[];
}

/**
 * Maximum likelihood of GARCH(1,1), GJR-GARCH(1,1,1) or EGARCH(1,1) with normal (then also quasi maximum
 * likelihood) or Student t innovations. The equations are in varianceStep.ts. Bounds: variances stay
 * positive and stationary (persistence below 1), |α| and |γ| of egarch at most 1, ν in [2.05, 500].
 * Bollerslev (1986, 1987); Glosten, Jagannathan and Runkle (1993); Nelson (1991); the start of the recursion
 * and exact gradients as in Fiorentini, Calzolari and Panattoni (1996). A pure function of its arguments;
 * changing the unit of the returns changes that of the parameters and nothing else.
 *
 * @param returns one a session, oldest first, in any unit (fractions or percent)
 * @throws {RangeError} if there are fewer than 99 returns (100 sessions), one is not finite, or they do not vary
 */
export function fitGarch(returns: Float64Array, options: GarchOptions = {}): GarchFit {
  const {variance = "garch", innovations = "normal", mean = "constant", start, maxIterations = 200} = options;
  const specification = {variance, innovations, mean};
  const {average, scale} = measureReturns(returns, {mean, ...options});
  const scaled = new Float64Array(returns.length);
  for (let t = 0; t < scaled.length; t++) scaled[t] = returns[t]! / scale;
  const presample = (options.presampleVariance ?? Number.NaN) / scale ** 2;
  const likelihood = createGarchLikelihood(specification, {returns: scaled, presample});
  const transform = createTransform(specification);
  const from = start
    ? transform.toFree(rescaled(toVector(start.parameters), {variance, factor: 1 / scale}))
    : likeliestStart(specification, {likelihood, transform, average: average / scale});
  const climb = createClimb(likelihood, transform);
  const known = curvatureOf(start, transform);
  const inverseHessian =
    known ?? scoreCurvature(specification, {free: from, transform, returns: scaled, presample});
  const kinked = known && hasKinks(specification) ? [MU] : [];
  const minimum = bfgs(climb.objective, from, {inverseHessian, maxIterations, maxStep: MAX_STEP, kinked});
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
      converged: arrived(minimum, specification),
      iterations: minimum.iterations,
      evaluations: minimum.evaluations,
      gainLeft: minimum.predictedDecrease,
      atBounds: atBounds(specification, best),
    },
    curvature: isSound(minimum, specification, returns.length) ? Array.from(minimum.inverseHessian) : [],
  };
}

/** Of an angle, or of ln ω: nothing leaps across its range. */
const MAX_STEP = 0.5;

/** Where μ meets a return, the |z| of egarch has a kink. */
function hasKinks({variance, mean}: GarchSpecification): boolean {
  return variance === "egarch" && mean === "constant";
}

function arrived({stop, predictedDecrease}: Minimum, specification: GarchSpecification): boolean {
  const onKink = hasKinks(specification) && stop === "no descent" && predictedDecrease < 1;
  return stop === "tolerance" || onKink;
}

// At a kink in μ the gradient leaps, and the variance of μ that BFGS infers vanishes, or is the guess of a fresh start;
// that of a mean of returns of unit variance is about 1 / n.
function isSound({inverseHessian}: Minimum, specification: GarchSpecification, sessions: number): boolean {
  if (!hasKinks(specification)) return true;
  const [ofMean = Number.NaN] = inverseHessian;
  return ofMean * sessions > 0.1 && ofMean * sessions < 10;
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

function curvatureOf(start: GarchOptions["start"], {width}: Transform): Float64Array | undefined {
  return start?.curvature?.length === width * width ? Float64Array.from(start.curvature) : undefined;
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
