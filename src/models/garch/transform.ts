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
/** Least ω, in variances of the returns: many equal returns would otherwise have no variance at all. */
export const LEAST_OMEGA = 1e-8;
/** Greatest |α| and |γ| of egarch. */
export const GREATEST_NEWS = 1;
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
 * The transformation of a specification, for returns of about unit variance; P is the greatest persistence:
 *
 *     garch   ω = 10^-8 + exp(x1), α + β = P cos² x2, β = (α + β) cos² x3
 *     gjr     ω and the persistence alike; β has cos² x3 of it, α/2 and (α + γ)/2 have
 *             sin² x3 cos² x4 and sin² x3 sin² x4
 *     egarch  ω = x1, α = sin x2, γ = sin x3, β = P cos x4
 *     1/ν     = 1/500 + (1/2.05 - 1/500) sin² x
 *
 * Angles rather than logits: a likelihood that is highest on a bound (persistence 1, α = 0) is then an
 * ordinary parabola there, which a quasi-Newton method climbs in a few steps; a logit goes to infinity. In
 * gjr γ may be negative, α + γ may not.
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
        const x = free[nuAt]!;
        const nu = 1 / (1 / GREATEST_NU + NU_SPAN * Math.sin(x) ** 2);
        parameters[NU] = nu;
        jacobian[NU * width + nuAt] = -nu * nu * NU_SPAN * Math.sin(2 * x);
      }
      toVariance(free, {parameters, jacobian, width, from});
    },
    toFree(parameters) {
      const free = new Float64Array(width);
      if (mean === "constant") free[0] = parameters[MU]!;
      if (innovations === "student")
        free[nuAt] = angleOf(1 - (1 / parameters[NU]! - 1 / GREATEST_NU) / NU_SPAN);
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
  const stay = Math.cos(x) ** 2;
  parameters[ALPHA] = kept * (1 - stay);
  parameters[GAMMA] = 0;
  parameters[BETA] = kept * stay;
  jacobian[ALPHA * width + from + 1] = keptSlope * (1 - stay);
  jacobian[BETA * width + from + 1] = keptSlope * stay;
  jacobian[ALPHA * width + from + 2] = kept * Math.sin(2 * x);
  jacobian[BETA * width + from + 2] = -kept * Math.sin(2 * x);
}

function gjrToParameters(free: Float64Array, target: Target): void {
  const {parameters, jacobian, width, from} = target;
  const {kept, keptSlope} = omegaAndKept(free, target);
  const x = free[from + 2]!;
  const y = free[from + 3]!;
  const stay = Math.cos(x) ** 2;
  const onFalls = Math.sin(y) ** 2; // of the news
  const rise = (1 - stay) * (1 - onFalls);
  const fall = (1 - stay) * onFalls;
  parameters[ALPHA] = 2 * kept * rise;
  parameters[GAMMA] = 2 * kept * (fall - rise);
  parameters[BETA] = kept * stay;
  fill(1, keptSlope, [rise, fall, stay]);
  fill(2, kept * Math.sin(2 * x), [1 - onFalls, onFalls, -1]);
  fill(3, kept * (1 - stay) * Math.sin(2 * y), [-1, 1, 0]);

  function fill(j: number, factor: number, [r, f, s]: readonly [number, number, number]): void {
    jacobian[ALPHA * width + from + j] = factor * 2 * r;
    jacobian[GAMMA * width + from + j] = factor * 2 * (f - r);
    jacobian[BETA * width + from + j] = factor * s;
  }
}

function egarchToParameters(free: Float64Array, {parameters, jacobian, width, from}: Target): void {
  const [omega = 0, alpha = 0, gamma = 0, beta = 0] = free.subarray(from);
  parameters[OMEGA] = omega;
  parameters[ALPHA] = GREATEST_NEWS * Math.sin(alpha);
  parameters[GAMMA] = GREATEST_NEWS * Math.sin(gamma);
  parameters[BETA] = GREATEST_PERSISTENCE * Math.cos(beta);
  jacobian[OMEGA * width + from] = 1;
  jacobian[ALPHA * width + from + 1] = GREATEST_NEWS * Math.cos(alpha);
  jacobian[GAMMA * width + from + 2] = GREATEST_NEWS * Math.cos(gamma);
  jacobian[BETA * width + from + 3] = -GREATEST_PERSISTENCE * Math.sin(beta);
}

function omegaAndKept(free: Float64Array, {parameters, jacobian, width, from}: Target) {
  const above = Math.exp(free[from]!);
  parameters[OMEGA] = LEAST_OMEGA + above;
  jacobian[OMEGA * width + from] = above;
  const x = free[from + 1]!;
  return {kept: GREATEST_PERSISTENCE * Math.cos(x) ** 2, keptSlope: -GREATEST_PERSISTENCE * Math.sin(2 * x)};
}

function varianceToFree(specification: GarchSpecification, parameters: Float64Array): number[] {
  const omega = parameters[OMEGA]!;
  const alpha = parameters[ALPHA]!;
  const gamma = parameters[GAMMA]!;
  const beta = parameters[BETA]!;
  if (specification.variance === "egarch") {
    const sines = [alpha, gamma].map((news) => Math.asin(inside(news / GREATEST_NEWS, -1)));
    return [omega, ...sines, Math.acos(inside(beta / GREATEST_PERSISTENCE, -1))];
  }
  const kept = persistence(specification, fromVector(parameters));
  const logOmega = Math.log(Math.max(omega - LEAST_OMEGA, LEAST_OMEGA));
  const common = [logOmega, angleOf(kept / GREATEST_PERSISTENCE), angleOf(beta / kept)];
  if (specification.variance === "garch") return common;
  return [...common, angleOf(alpha / (2 * alpha + gamma))];
}

/** So far inside its bound a share is put: on the bound itself the slope is 0 and nothing would move. */
const INSIDE = 1e-5;

function inside(share: number, least: number): number {
  return Math.min(Math.max(share, least + INSIDE), 1 - INSIDE);
}

// The angle whose squared cosine is the share; a share of nothing (NaN) is one half.
function angleOf(share: number): number {
  return Math.acos(Math.sqrt(inside(Number.isNaN(share) ? 0.5 : share, 0)));
}
