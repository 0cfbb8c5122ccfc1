// Which numbers may the optimiser move freely, and which parameters do they stand for?

import {
  ALPHA,
  BETA,
  freePositions,
  fromVector,
  GAMMA,
  type GarchSpecification,
  MU,
  NU,
  OMEGA,
  persistence,
} from "./specification.ts";

/** Greatest persistence: variances stay stationary, and 1 - persistence keeps ten digits. */
export const GREATEST_PERSISTENCE = 1 - 1e-6;
/** Degrees of freedom lie between: the variance exists, and beyond the likelihood no longer tells. */
export const LEAST_NU = 2.05;
export const GREATEST_NU = 500;

const NU_SPAN = 1 / LEAST_NU - 1 / GREATEST_NU;

export interface Transform {
  /** How many numbers are free. */
  readonly width: number;
  /** Writes all parameters, and their Jacobian: row-major, six rows of `width`. */
  toParameters(free: Float64Array, parameters: Float64Array, jacobian: Float64Array): void;
  /** The free numbers of parameters, moved a little inside the bounds where they lie on or beyond them. */
  toFree(parameters: Float64Array): Float64Array;
}

/**
 * The transformation of a specification, for returns of about unit variance. With s(x) = 1 / (1 + x²) and P
 * the greatest persistence:
 *
 *     garch   ω = exp(x1), α + β = P s(x2), β = (α + β) s(x3)
 *     gjr     ω and the persistence alike; its parts α/2, (α + γ)/2, β are as x3² : x4² : 1
 *     egarch  ω = x1, α = x2, γ = x3, β = P (2 s(x4) - 1)
 *     1/ν     = 1/500 + (1/2.05 - 1/500) (1 - s(x))
 *
 * Squares rather than logits: a likelihood that is highest on a bound (persistence 1, α = 0) is then an
 * ordinary parabola at x = 0, which a quasi-Newton method climbs in a few steps; a logit goes to infinity
 * there. In gjr γ may be negative, α + γ may not.
 */
export function createTransform(specification: GarchSpecification): Transform {
  const positions = freePositions(specification);
  const width = positions.length;
  const {variance, innovations, mean} = specification;
  const from = positions.indexOf(OMEGA);
  const nuAt = positions.indexOf(NU);
  const toVariance = {garch: garchToParameters, gjr: gjrToParameters, egarch: egarchToParameters}[variance];
  return {
    width,
    toParameters(free, parameters, jacobian) {
      jacobian.fill(0);
      parameters[MU] = mean === "constant" ? free[0]! : 0;
      if (mean === "constant") jacobian[MU * width] = 1;
      parameters[NU] = Number.POSITIVE_INFINITY;
      if (innovations === "student") {
        const share = shareOf(free[nuAt]!);
        const nu = 1 / (1 / GREATEST_NU + NU_SPAN * (1 - share));
        parameters[NU] = nu;
        jacobian[NU * width + nuAt] = nu * nu * NU_SPAN * shareSlope(free[nuAt]!);
      }
      toVariance(free, {parameters, jacobian, width, from});
    },
    toFree(parameters) {
      const free = new Float64Array(width);
      if (mean === "constant") free[0] = parameters[MU]!;
      if (innovations === "student")
        free[nuAt] = numberOf(1 - (1 / parameters[NU]! - 1 / GREATEST_NU) / NU_SPAN);
      free.set(varianceToFree(specification, parameters), from);
      return free;
    },
  };
}

interface Target {
  readonly parameters: Float64Array;
  readonly jacobian: Float64Array;
  readonly width: number;
  /** Where the free number of ω stands; those of the others follow. */
  readonly from: number;
}

function garchToParameters(free: Float64Array, target: Target): void {
  const {parameters, jacobian, width, from} = target;
  const {kept, keptSlope} = omegaAndKept(free, target);
  const x = free[from + 2]!;
  const stay = shareOf(x);
  parameters[ALPHA] = kept * (1 - stay);
  parameters[GAMMA] = 0;
  parameters[BETA] = kept * stay;
  jacobian[ALPHA * width + from + 1] = keptSlope * (1 - stay);
  jacobian[BETA * width + from + 1] = keptSlope * stay;
  jacobian[ALPHA * width + from + 2] = -kept * shareSlope(x);
  jacobian[BETA * width + from + 2] = kept * shareSlope(x);
}

function gjrToParameters(free: Float64Array, target: Target): void {
  const {parameters, jacobian, width, from} = target;
  const {kept, keptSlope} = omegaAndKept(free, target);
  const a = free[from + 2]!;
  const b = free[from + 3]!;
  const stay = 1 / (1 + a * a + b * b);
  const rise = a * a * stay;
  const fall = b * b * stay;
  parameters[ALPHA] = 2 * kept * rise;
  parameters[GAMMA] = 2 * kept * (fall - rise);
  parameters[BETA] = kept * stay;
  // The shares' derivatives in the persistence (over its slope), in a and in b.
  fill(1, keptSlope, [rise, fall, stay]);
  fill(2, 2 * a * stay * kept, [1 - rise, -fall, -stay]);
  fill(3, 2 * b * stay * kept, [-rise, 1 - fall, -stay]);

  function fill(j: number, factor: number, [r, f, s]: readonly [number, number, number]): void {
    jacobian[ALPHA * width + from + j] = factor * 2 * r;
    jacobian[GAMMA * width + from + j] = factor * 2 * (f - r);
    jacobian[BETA * width + from + j] = factor * s;
  }
}

function egarchToParameters(free: Float64Array, {parameters, jacobian, width, from}: Target): void {
  [OMEGA, ALPHA, GAMMA].forEach((at, j) => {
    parameters[at] = free[from + j]!;
    jacobian[at * width + from + j] = 1;
  });
  const x = free[from + 3]!;
  parameters[BETA] = GREATEST_PERSISTENCE * (2 * shareOf(x) - 1);
  jacobian[BETA * width + from + 3] = 2 * GREATEST_PERSISTENCE * shareSlope(x);
}

function omegaAndKept(free: Float64Array, {parameters, jacobian, width, from}: Target) {
  const omega = Math.exp(free[from]!);
  parameters[OMEGA] = omega;
  jacobian[OMEGA * width + from] = omega;
  const x = free[from + 1]!;
  return {kept: GREATEST_PERSISTENCE * shareOf(x), keptSlope: GREATEST_PERSISTENCE * shareSlope(x)};
}

function varianceToFree(specification: GarchSpecification, parameters: Float64Array): number[] {
  const omega = parameters[OMEGA]!;
  const alpha = parameters[ALPHA]!;
  const gamma = parameters[GAMMA]!;
  const beta = parameters[BETA]!;
  const kept = persistence(specification, fromVector(parameters));
  if (specification.variance === "egarch")
    return [omega, alpha, gamma, numberOf((1 + beta / GREATEST_PERSISTENCE) / 2)];
  const common = [Math.log(omega), numberOf(kept / GREATEST_PERSISTENCE)];
  if (specification.variance === "garch") return [...common, numberOf(beta / kept)];
  const stay = Math.max(beta / kept, INSIDE);
  const parts = [alpha / (2 * kept), (alpha + gamma) / (2 * kept)];
  return [...common, ...parts.map((part) => Math.sqrt(Math.max(part, INSIDE) / stay))];
}

/** So far inside its bound a share is put: on the bound itself the slope is 0 and nothing would move. */
const INSIDE = 1e-5;

function shareOf(x: number): number {
  return 1 / (1 + x * x);
}

function shareSlope(x: number): number {
  return (-2 * x) / (1 + x * x) ** 2;
}

function numberOf(share: number): number {
  const inside = Math.min(Math.max(share, INSIDE), 1 - INSIDE);
  return Math.sqrt(1 / inside - 1);
}
