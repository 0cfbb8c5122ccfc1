// Under known parameters, what variance did each session have before its return was known?

import type {GarchFit} from "./fitGarch.ts";
import {varianceStep} from "./varianceStep.ts";

/**
 * σ² of each session given the returns before it, and of the one after the last. A session without a return
 * (NaN) moves the recursion as expected of it.
 *
 * @param returns one a session, oldest first, in the unit of the fit; the fit's own or any others
 * @returns one value more than there are returns
 */
export function filterVariance(
  {
    specification,
    parameters,
    presampleVariance,
  }: Pick<GarchFit, "specification" | "parameters" | "presampleVariance">,
  returns: Float64Array,
): Float64Array {
  const step = varianceStep(specification, parameters);
  const variances = new Float64Array(returns.length + 1);
  let variance = step(presampleVariance, Number.NaN);
  for (let t = 0; t < returns.length; t++) {
    variances[t] = variance;
    variance = step(variance, returns[t]! - parameters.mu);
  }
  variances[returns.length] = variance;
  return variances;
}
