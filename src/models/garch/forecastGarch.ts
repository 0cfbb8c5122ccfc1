// What variance do the sessions to come have, one by one and together?

import {normalCdf} from "../../math/normalCdf.ts";
import {horizon as checkedHorizon} from "../../units.ts";
import {absoluteMoment} from "./absoluteMoment.ts";
import type {GarchFit} from "./fitGarch.ts";
import {type GarchParameters, type GarchSpecification, persistence} from "./specification.ts";

export interface GarchForecast {
  /** E[σ²] of each session, the next one first; square of the returns' unit. */
  readonly variances: Float64Array;
  /** Their roots, a session each, in the returns' unit. */
  readonly volatilities: Float64Array;
  /** Their sum: the variance over the horizon. */
  readonly variance: number;
}

/** E[σ²] of the sessions to come, given that of the next one. */
export interface TermStructure {
  path(nextVariance: number): Float64Array;
  total(nextVariance: number): number;
}

/**
 * The forecast at the close of the last return of a fit.
 *
 * @param options.horizon sessions ahead, a whole number
 * @throws {RangeError} if the horizon is none
 */
export function forecastGarch(
  {specification, parameters, nextVariance}: Pick<GarchFit, "specification" | "parameters" | "nextVariance">,
  {horizon}: {readonly horizon: number},
): GarchForecast {
  const variances = termStructure(specification, parameters, horizon).path(nextVariance);
  return {
    variances,
    volatilities: variances.map(Math.sqrt),
    variance: variances.reduce((sum, variance) => sum + variance, 0),
  };
}

/**
 * Expected variances over a horizon, in closed form; p is the persistence.
 *
 *     garch, gjr   E[σ²_k] = ω (1 + p + ... + p^(k-2)) + p^(k-1) σ²_1
 *     egarch       E[σ²_k] = exp(ω (1 + β + ... + β^(k-2))) σ²_1^(β^(k-1)) Π_{j<k-1} E[exp(β^j g(z))]
 *
 * g(z) = α (|z| - E|z|) + γ z. With normal z the last expectation is exact (Nelson 1991, appendix 1). With
 * Student's t it is infinite where α + |γ| > 0, however small: one of the tails, whose slopes are α + γ and
 * α - γ, then grows exponentially against a density that falls as a power. No forecast of σ² beyond the next
 * session exists. In its place stands exp(β^2j Var[g(z)] / 2), the expectation were the sum of the news normal.
 *
 * @throws {RangeError} if the horizon is not a whole number of sessions, 1 or more
 */
export function termStructure(
  specification: Pick<GarchSpecification, "variance">,
  parameters: GarchParameters,
  horizon: number,
): TermStructure {
  checkedHorizon(horizon);
  return specification.variance === "egarch"
    ? logTerms(parameters, horizon)
    : linearTerms(parameters, {horizon, kept: persistence(specification, parameters)});
}

function linearTerms(
  {omega}: GarchParameters,
  {horizon, kept}: {horizon: number; kept: number},
): TermStructure {
  const constants = new Float64Array(horizon);
  const slopes = new Float64Array(horizon).fill(1);
  for (let k = 1; k < horizon; k++) {
    constants[k] = omega + kept * constants[k - 1]!;
    slopes[k] = kept * slopes[k - 1]!;
  }
  const constant = constants.reduce((sum, value) => sum + value, 0);
  const slope = slopes.reduce((sum, value) => sum + value, 0);
  return {
    path: (next) => constants.map((value, k) => value + slopes[k]! * next),
    total: (next) => constant + slope * next,
  };
}

function logTerms(parameters: GarchParameters, horizon: number): TermStructure {
  const {omega, beta} = parameters;
  const logs = new Float64Array(horizon); // of what multiplies the power of the next variance
  const powers = new Float64Array(horizon).fill(1);
  for (let k = 1; k < horizon; k++) {
    const power = powers[k - 1]!;
    logs[k] = logs[k - 1]! + omega * power + logExpectedNews(parameters, power);
    powers[k] = beta * power;
  }
  return {
    path(next) {
      const log = Math.log(next);
      return logs.map((value, k) => Math.exp(value + powers[k]! * log));
    },
    total(next) {
      const log = Math.log(next);
      let sum = 0;
      for (let k = 0; k < horizon; k++) sum += Math.exp(logs[k]! + powers[k]! * log);
      return sum;
    },
  };
}

// ln E[exp(c g(z))].
function logExpectedNews({alpha, gamma, nu}: GarchParameters, c: number): number {
  const mean = absoluteMoment(nu ?? Number.POSITIVE_INFINITY);
  if (nu !== null) return (c ** 2 * (alpha ** 2 * (1 - mean ** 2) + gamma ** 2)) / 2;
  const rise = c * (alpha + gamma);
  const fall = c * (alpha - gamma);
  return (
    Math.log(Math.exp(rise ** 2 / 2) * normalCdf(rise) + Math.exp(fall ** 2 / 2) * normalCdf(fall)) -
    c * alpha * mean
  );
}
