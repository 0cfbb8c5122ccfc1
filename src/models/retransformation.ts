// How does a model that fits logs of variance answer in variance and in volatility?

/** Factors by which exp(fit) becomes E[variance] and exp(fit / 2) becomes E[volatility]. */
export interface Retransformation {
  readonly variance: number;
  readonly volatility: number;
}

/**
 * The smearing factors mean(exp(e)) and mean(exp(e / 2)) of residuals e = ln y - fit. Without them E[f] /
 * E[y] is about .7: a mean of logs is the log of a median, not of a mean. The variance factor also minimises
 * QLIKE over all constants. Duan (1983).
 *
 * @param residuals log residuals of rows the fit did not bend itself to; not empty
 * @param weights one a residual, > 0: weighted means; all equal where absent
 */
export function retransformation(residuals: Float64Array, weights?: Float64Array): Retransformation {
  let variance = 0;
  let volatility = 0;
  let total = 0;
  residuals.forEach((e, i) => {
    const weight = weights?.[i] ?? 1;
    variance += weight * Math.exp(e);
    volatility += weight * Math.exp(e / 2);
    total += weight;
  });
  return {variance: variance / total, volatility: volatility / total};
}
