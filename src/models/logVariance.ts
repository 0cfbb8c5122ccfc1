// How does a model that fits logs of variance answer in variance and in volatility?

/**
 * The least variance a log sees, over any horizon: a move of 0.3 basis points. Sessions that close unchanged happen
 * (62 of SPY's first 7,786) and ln 0 does not; a horizon of 5 sessions never comes near.
 */
export const VARIANCE_FLOOR = 1e-9;

/** ln of a variance label, floored; NaN where unknown. */
export function logVariance(variance: number): number {
  return Math.log(Math.max(variance, VARIANCE_FLOOR));
}

/** Factors by which exp(fit) becomes E[variance] and exp(fit / 2) becomes E[volatility]. */
export interface Retransformation {
  readonly variance: number;
  readonly volatility: number;
}

/**
 * The smearing factors mean(exp(e)) and mean(exp(e / 2)) of residuals e = ln y - fit. Without them E[f] / E[y] is
 * about .7: a mean of logs is the log of a median, not of a mean. The variance factor also minimises QLIKE over all
 * constants. Duan (1983), eq. 3.
 *
 * @param residuals log residuals of rows the fit did not bend itself to; not empty
 */
export function retransformation(residuals: Float64Array): Retransformation {
  let variance = 0;
  let volatility = 0;
  for (const e of residuals) {
    variance += Math.exp(e);
    volatility += Math.exp(e / 2);
  }
  return {variance: variance / residuals.length, volatility: volatility / residuals.length};
}
