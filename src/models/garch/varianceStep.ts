// What variance follows a session's variance and residual? The equations, one session at a time.

import {absoluteMoment} from "./absoluteMoment.ts";
import {type GarchParameters, type GarchSpecification, persistence} from "./specification.ts";

/**
 * The step of one model, (σ², e) -> σ² of the next session:
 *
 *     garch   σ²' = ω + α e² + β σ²                          Bollerslev (1986)
 *     gjr     σ²' = ω + (α + γ [e < 0]) e² + β σ²            Glosten, Jagannathan and Runkle (1993)
 *     egarch  ln σ²' = ω + α (|z| - E|z|) + γ z + β ln σ²    Nelson (1991), z = e / σ
 *
 * Where the residual is NaN, the session had no return: what the step adds is then its expectation (egarch:
 * of the logarithm).
 */
export function varianceStep(
  specification: Pick<GarchSpecification, "variance">,
  parameters: GarchParameters,
): (variance: number, residual: number) => number {
  const {omega, alpha, gamma, beta, nu} = parameters;
  if (specification.variance === "egarch") {
    const mean = absoluteMoment(nu ?? Number.POSITIVE_INFINITY);
    return (variance, residual) => {
      const z = residual / Math.sqrt(variance);
      const news = Number.isNaN(z) ? 0 : alpha * (Math.abs(z) - mean) + gamma * z;
      return Math.exp(omega + news + beta * Math.log(variance));
    };
  }
  const kept = persistence(specification, parameters);
  return (variance, residual) => {
    if (Number.isNaN(residual)) return omega + kept * variance;
    return omega + (residual < 0 ? alpha + gamma : alpha) * residual * residual + beta * variance;
  };
}
