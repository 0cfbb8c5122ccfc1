// How unlikely is each residual, given its variance, and how does that depend on both?

import {digamma, logGamma} from "../../math/gamma.ts";
import {NU} from "./specification.ts";
import type {Workspace} from "./workspace.ts";

/**
 * Σ of -ln density of z, standard normal, constants included and ln σ² left to the caller. Fills slopes and
 * pulls.
 */
export function normalLoss({residuals, precisions, slopes, pulls}: Workspace): number {
  const n = residuals.length;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    const pull = residuals[t]! * precisions[t]!;
    const square = pull * residuals[t]!; // z²
    squares += square;
    slopes[t] = 0.5 - 0.5 * square;
    pulls[t] = pull;
  }
  return 0.5 * (squares + n * Math.log(2 * Math.PI));
}

/**
 * The same for a Student t scaled to unit variance; writes the derivative in ν. Bollerslev (1987):
 *
 *     density(z) = Γ((ν + 1) / 2) / (Γ(ν / 2) √(π (ν - 2))) (1 + z² / (ν - 2))^(-(ν + 1) / 2)
 */
export function studentLoss(
  {residuals, precisions, slopes, pulls}: Workspace,
  parameters: Float64Array,
  gradient: Float64Array,
): number {
  const n = residuals.length;
  const nu = parameters[NU]!;
  const spread = nu - 2;
  const perSpread = 1 / spread;
  let logs = 0;
  let product = 1;
  let weighted = 0;
  for (let t = 0; t < n; t++) {
    const e = residuals[t]!;
    const scaled = e * precisions[t]!;
    const square = scaled * e; // z²
    const weight = (nu + 1) / (spread + square);
    product *= 1 + square * perSpread;
    if ((t & 7) === 7) {
      logs += Math.log(product);
      product = 1;
    }
    weighted += weight * square;
    slopes[t] = 0.5 - 0.5 * weight * square;
    pulls[t] = weight * scaled;
  }
  logs += Math.log(product);
  const constant = logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * Math.log(Math.PI * spread);
  const constantSlope = 0.5 * (digamma((nu + 1) / 2) - digamma(nu / 2) - perSpread);
  gradient[NU] = 0.5 * (logs - weighted * perSpread) - n * constantSlope;
  return 0.5 * (nu + 1) * logs - n * constant;
}
