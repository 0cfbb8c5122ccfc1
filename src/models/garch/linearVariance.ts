// How do garch and gjr run over the returns, and how does the loss depend on their parameters?

import {ALPHA, BETA, GAMMA, MU, OMEGA} from "./specification.ts";
import type {Workspace} from "./workspace.ts";

/**
 * σ²_t = ω + (α + γ [e < 0]) e² + β σ² of the session before; fills residuals, states (σ²) and precisions.
 *
 * @param presample σ² and e² before the first session; NaN for the mean squared residual
 * @returns Σ ln σ²
 */
export function runLinearVariance(
  returns: Float64Array,
  parameters: Float64Array,
  {presample, work}: {presample: number; work: Workspace},
): number {
  const {residuals, states, precisions} = work;
  const n = returns.length;
  const mu = parameters[MU]!;
  const omega = parameters[OMEGA]!;
  const beta = parameters[BETA]!;
  const rise = parameters[ALPHA]!;
  const fall = rise + parameters[GAMMA]!;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    const e = returns[t]! - mu;
    residuals[t] = e;
    squares += e * e;
  }
  const before = Number.isNaN(presample) ? squares / n : presample;
  let h = omega + ((rise + fall) / 2 + beta) * before;
  let logs = 0;
  let product = 1; // one logarithm for eight variances: it is the dearest operation here
  for (let t = 0; t < n; t++) {
    states[t] = h;
    precisions[t] = 1 / h;
    product *= h;
    if ((t & 7) === 7) {
      logs += Math.log(product);
      product = 1;
    }
    const e = residuals[t]!;
    h = omega + (e < 0 ? fall : rise) * e * e + beta * h;
  }
  states[n] = h;
  return logs + Math.log(product);
}

/**
 * The gradient of the loss in μ, ω, α, γ, β by one adjoint recursion, backwards: λ_t = dloss/dσ²_t through
 * every later session, λ_t = slope_t / σ²_t + β λ_{t+1}. Writes those five.
 */
export function linearVarianceGradient(
  gradient: Float64Array,
  parameters: Float64Array,
  {presample, work}: {presample: number; work: Workspace},
): void {
  const {residuals, states, precisions, slopes, pulls} = work;
  const n = residuals.length;
  const beta = parameters[BETA]!;
  const rise = parameters[ALPHA]!;
  const fall = rise + parameters[GAMMA]!;
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
    const square = adjoint * e * e;
    squares += e * e;
    const falling = e < 0;
    dOmega += adjoint;
    dAlpha += square;
    if (falling) dGamma += square;
    dBeta += adjoint * states[t]!;
    dMu -= pulls[t]! + 2 * (falling ? fall : rise) * adjoint * e;
    total += e;
    adjoint = slopes[t]! * precisions[t]! + beta * adjoint;
  }
  const before = Number.isNaN(presample) ? squares / n : presample;
  if (Number.isNaN(presample)) dMu -= (2 * adjoint * ((rise + fall) / 2 + beta) * total) / n; // the mean of e² moves with μ
  gradient[MU] = dMu;
  gradient[OMEGA] = dOmega + adjoint;
  gradient[ALPHA] = dAlpha + adjoint * before;
  gradient[GAMMA] = dGamma + (adjoint * before) / 2;
  gradient[BETA] = dBeta + adjoint * before;
}
