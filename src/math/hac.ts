// How uncertain is the mean of a series whose neighbours resemble one another?

/**
 * Long-run variance with Bartlett weights: gamma_0 + 2 sum_{k=1..lag} (1 - k / (lag + 1)) gamma_k, where
 * gamma_k is the k-th autocovariance about the mean, divided by n. Never negative. The variance of the mean
 * is this over n. Newey and West (1987), eq. 5.
 *
 * @param values finite, in order of time
 * @param lag autocovariances counted, 0 or more; 0 gives the plain variance
 * @throws {RangeError} if lag is not a whole number in [0, n)
 */
export function longRunVariance(values: Float64Array, lag: number): number {
  const n = values.length;
  if (!Number.isInteger(lag) || lag < 0 || lag >= n) {
    throw new RangeError(
      `Cannot estimate a long-run variance: lag must be a whole number in [0, ${n}), current value is ${lag}`,
    );
  }
  let sum = 0;
  for (const value of values) sum += value;
  const centred = values.map((value) => value - sum / n);
  let total = autocovariance(centred, 0);
  for (let k = 1; k <= lag; k++) total += 2 * (1 - k / (lag + 1)) * autocovariance(centred, k);
  return total;
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!;
  return sum / centred.length;
}
