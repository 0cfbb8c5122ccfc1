// How does egarch run over the returns, and how does the loss depend on its parameters?

import {absoluteMoment, absoluteMomentSlope} from "./absoluteMoment.ts";
import {inverseDeviation} from "./inverseDeviation.ts";
import {ALPHA, BETA, GAMMA, MU, NU, OMEGA} from "./specification.ts";
import type {Workspace} from "./workspace.ts";

/** A log variance beyond this, of returns scaled to unit variance, is a recursion that has run away. */
const RUNAWAY = 200;

/**
 * ln σ²_t = ω + α (|z| - E|z|) + γ z + β ln σ² of the session before; fills residuals, states (ln σ²),
 * roots and precisions.
 *
 * @param presample σ² before the first session, whose news is none; NaN for the mean squared residual
 * @returns Σ ln σ²; Infinity where the recursion runs away
 */
export function runLogVariance(
  returns: Float64Array,
  parameters: Float64Array,
  {presample, work}: {presample: number; work: Workspace},
): number {
  const {residuals, states, roots, precisions} = work;
  const n = returns.length;
  const mu = parameters[MU]!;
  const alpha = parameters[ALPHA]!;
  const gamma = parameters[GAMMA]!;
  const beta = parameters[BETA]!;
  const omega = parameters[OMEGA]!;
  const constant = omega - alpha * absoluteMoment(parameters[NU]!);
  const news = Float64Array.of(gamma + alpha, gamma - alpha); // a look-up: a branch would be mispredicted half the time
  let squares = 0;
  for (let t = 0; t < n; t++) {
    const e = returns[t]! - mu;
    residuals[t] = e;
    squares += e * e;
  }
  let state = omega + beta * Math.log(Number.isNaN(presample) ? squares / n : presample);
  let logs = 0;
  for (let t = 0; t < n; t++) {
    if (!(Math.abs(state) < RUNAWAY)) return Number.POSITIVE_INFINITY;
    const inverse = inverseDeviation(state);
    states[t] = state;
    roots[t] = inverse;
    precisions[t] = inverse * inverse;
    logs += state;
    const e = residuals[t]!;
    state = constant + beta * state + news[Number(e < 0)]! * e * inverse; // in the order that has the next step wait least
  }
  states[n] = state;
  return logs;
}

/**
 * The gradient of the loss in μ, ω, α, γ, β by one adjoint recursion, backwards: λ_t = dloss/d ln σ²_t
 * through every later session, λ_t = slope_t + (β - (α|z| + γz) / 2) λ_{t+1}. Writes those five, and adds to
 * that in ν what comes through E|z|.
 */
export function logVarianceGradient(
  gradient: Float64Array,
  parameters: Float64Array,
  {presample, work}: {presample: number; work: Workspace},
): void {
  const {residuals, states, roots, slopes, pulls} = work;
  const n = residuals.length;
  const alpha = parameters[ALPHA]!;
  const gamma = parameters[GAMMA]!;
  const beta = parameters[BETA]!;
  const news = Float64Array.of(gamma + alpha, gamma - alpha); // in z, of rises and of falls
  let adjoint = 0;
  let dMu = 0;
  let dOmega = 0;
  let dAlpha = 0;
  let dGamma = 0;
  let dBeta = 0;
  let total = 0;
  let squares = 0;
  for (let t = n - 1; t >= 0; t--) {
    const e = residuals[t]!;
    const inverse = roots[t]!;
    const z = e * inverse;
    const slope = news[Number(e < 0)]!;
    squares += e * e;
    dOmega += adjoint;
    dAlpha += adjoint * Math.abs(z);
    dGamma += adjoint * z;
    dBeta += adjoint * states[t]!;
    dMu -= pulls[t]! + adjoint * slope * inverse;
    total += e;
    adjoint = slopes[t]! + adjoint * (beta - 0.5 * slope * z);
  }
  const before = Number.isNaN(presample) ? squares / n : presample;
  if (Number.isNaN(presample)) dMu -= (2 * adjoint * beta * total) / (n * before); // the mean of e² moves with μ
  gradient[MU] = dMu;
  gradient[OMEGA] = dOmega + adjoint;
  gradient[ALPHA] = dAlpha - dOmega * absoluteMoment(parameters[NU]!);
  gradient[GAMMA] = dGamma;
  gradient[BETA] = dBeta + adjoint * Math.log(before);
  gradient[NU]! -= dOmega * alpha * absoluteMomentSlope(parameters[NU]!);
}
