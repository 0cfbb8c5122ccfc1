// How variable are returns of late, recent ones counting most?

/**
 * Exponentially weighted daily variance, known at the close of its own row:
 * v[t] = λ v[t-1] + (1 - λ) r[t]^2.
 *
 * It starts as the plain mean of the first `seedCount` squared returns, at the row of the last of them,
 * and depends on all earlier rows. A missing return gives NaN and leaves the average as it was.
 *
 * @param returns daily log returns
 * @param options.decay λ; RiskMetrics uses 0.94 for daily data
 * Source: RiskMetrics Technical Document (1996), chapter 5, with the mean return taken as zero.
 */
export function ewmaVariance(
  returns: Float64Array,
  {decay, seedCount}: {readonly decay: number; readonly seedCount: number},
): Float64Array {
  const variances = new Float64Array(returns.length).fill(Number.NaN);
  let variance = 0;
  let count = 0;
  for (let t = 0; t < returns.length; t++) {
    const square = returns[t]! ** 2;
    if (Number.isNaN(square)) continue;
    count++;
    variance = count <= seedCount ? variance + square / seedCount : decay * variance + (1 - decay) * square;
    if (count >= seedCount) variances[t] = variance;
  }
  return variances;
}
