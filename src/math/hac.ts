// How uncertain is a mean, or a regression, of a series whose neighbours resemble one another?

import type {LeastSquaresFit} from "./leastSquares.ts";
import type {Matrix} from "./matrix.ts";

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

/**
 * Autocovariances worth counting for outcomes over `horizon` sessions: max(3 x horizon, cube root of n).
 * Neighbours share horizon - 1 returns, and Bartlett weights over two horizons would leave a sixth of that
 * overlap uncounted; the cube root is for what else persists.
 */
export function overlapLag({horizon, n}: {readonly horizon: number; readonly n: number}): number {
  return Math.max(3 * horizon, Math.floor(Math.cbrt(n)));
}

/**
 * Newey and West's (1987) covariance of least-squares coefficients, for errors whose size varies and whose
 * neighbours resemble one another: (X'X)^-1 S (X'X)^-1, S = sum over |k| <= lag of (1 - |k| / (lag + 1))
 * sum_t x_t e_t e_{t-k} x_{t-k}'. No correction for the number of coefficients. Row-major, width x width.
 *
 * @param options.fit of the same design by `leastSquares`; where its residuals are all zero the result is NaN
 * @param options.lag a whole number in [0, rows)
 * @param options.errors the errors e; default the fit's residuals. Those of a hypothesis give the covariance
 *   under it
 */
export function neweyWestCovariance(
  {values, rows, width}: Matrix,
  {
    fit,
    lag,
    errors = fit.residuals,
  }: {readonly fit: LeastSquaresFit; readonly lag: number; readonly errors?: Float64Array},
): Float64Array {
  const scores = Array.from({length: width}, (_, j) =>
    Float64Array.from({length: rows}, (_, t) => values[t * width + j]! * errors[t]!),
  );
  const meat = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = crossProduct([scores[i]!, scores[j]!], 0);
      for (let k = 1; k <= lag; k++) {
        const both = crossProduct([scores[i]!, scores[j]!], k) + crossProduct([scores[j]!, scores[i]!], k);
        sum += (1 - k / (lag + 1)) * both;
      }
      meat[i * width + j] = sum;
      meat[j * width + i] = sum;
    }
  }
  // The classical covariance is s^2 (X'X)^-1.
  const s2 = crossProduct([fit.residuals, fit.residuals], 0) / (rows - width);
  const bread = fit.covariance.map((value) => value / s2);
  return product(product(bread, meat, width), bread, width);
}

// sum_t a_t b_{t-k}
function crossProduct([a, b]: readonly [Float64Array, Float64Array], lag: number): number {
  let sum = 0;
  for (let t = lag; t < a.length; t++) sum += a[t]! * b[t - lag]!;
  return sum;
}

function product(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++)
      for (let k = 0; k < width; k++) result[i * width + j]! += a[i * width + k]! * b[k * width + j]!;
  return result;
}

function autocovariance(centred: Float64Array, lag: number): number {
  return crossProduct([centred, centred], lag) / centred.length;
}
