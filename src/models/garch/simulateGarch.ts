// What returns does a GARCH model make?

import type {Random} from "../../random.ts";
import {type GarchParameters, type GarchSpecification, persistence} from "./specification.ts";
import {varianceStep} from "./varianceStep.ts";

export interface SimulateOptions {
  readonly length: number;
  readonly random: Random;
  /** σ² of the first session. Default: the long-run variance (egarch: the exponential of the mean log). */
  readonly nextVariance?: number;
}

export interface SimulatedGarch {
  readonly returns: Float64Array;
  /** σ² of each session, known before its return. */
  readonly variances: Float64Array;
}

/** Returns of a model whose parameters are known, and the variances that made them. */
export function simulateGarch(
  specification: Pick<GarchSpecification, "variance">,
  parameters: GarchParameters,
  {length, random, nextVariance}: SimulateOptions,
): SimulatedGarch {
  const step = varianceStep(specification, parameters);
  const returns = new Float64Array(length);
  const variances = new Float64Array(length);
  let variance = nextVariance ?? longRunVariance(specification, parameters);
  for (let t = 0; t < length; t++) {
    const residual = Math.sqrt(variance) * innovation(random, parameters.nu);
    returns[t] = parameters.mu + residual;
    variances[t] = variance;
    variance = step(variance, residual);
  }
  return {returns, variances};
}

function longRunVariance(
  specification: Pick<GarchSpecification, "variance">,
  parameters: GarchParameters,
): number {
  const level = parameters.omega / (1 - persistence(specification, parameters));
  return specification.variance === "egarch" ? Math.exp(level) : level;
}

// Student's t by Bailey's (1994) polar method, scaled to unit variance.
function innovation(random: Random, nu: number | null): number {
  if (nu === null) return random.normal();
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const w = u * u + v * v;
    if (w > 0 && w < 1) return u * Math.sqrt(((nu - 2) * (w ** (-2 / nu) - 1)) / w);
  }
}
