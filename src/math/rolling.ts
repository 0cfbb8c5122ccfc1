// What did the last few values amount to?
//
// Every window is computed afresh from its own values, oldest first: a result depends on nothing
// outside its window, not even in the last bit, and no rounding error accumulates along the series.
// The windows here are short (at most 60), so that costs little.

/** The window's length in values, 1 or more. Rows before the first full window are NaN. */
type Window = number;

/** Sum of the last `window` values, the current one included. NaN where any of them is. */
export function rollingSum(values: Float64Array, window: Window): Float64Array {
  const sums = new Float64Array(values.length).fill(Number.NaN);
  for (let t = window - 1; t < values.length; t++) {
    let sum = 0;
    for (let i = t - window + 1; i <= t; i++) sum += values[i]!;
    sums[t] = sum;
  }
  return sums;
}

/** Arithmetic mean of the last `window` values, the current one included. NaN where any of them is. */
export function rollingMean(values: Float64Array, window: Window): Float64Array {
  return rollingSum(values, window).map((sum) => sum / window);
}

/**
 * Sample variance (divisor window - 1) of the last `window` values, the current one included.
 * Two passes: the mean first. NaN where any value is, and for a window of 1.
 */
export function rollingVariance(values: Float64Array, window: Window): Float64Array {
  const means = rollingMean(values, window);
  const variances = new Float64Array(values.length).fill(Number.NaN);
  for (let t = window - 1; t < values.length; t++) {
    let squares = 0;
    for (let i = t - window + 1; i <= t; i++) squares += (values[i]! - means[t]!) ** 2;
    variances[t] = squares / (window - 1);
  }
  return variances;
}

/** Largest of the last `window` values, the current one included. NaN where any of them is. */
export function rollingMax(values: Float64Array, window: Window): Float64Array {
  const largest = new Float64Array(values.length).fill(Number.NaN);
  for (let t = window - 1; t < values.length; t++) {
    let max = values[t]!;
    for (let i = t - window + 1; i < t; i++) max = Math.max(max, values[i]!);
    largest[t] = max;
  }
  return largest;
}

/**
 * Pearson's correlation of the last `window` pairs, the current one included, within [-1, 1].
 * NaN where any value is, and where either side does not vary.
 *
 * @param pair two series of one length
 */
export function rollingCorrelation(
  [x, y]: readonly [Float64Array, Float64Array],
  window: Window,
): Float64Array {
  const correlations = new Float64Array(x.length).fill(Number.NaN);
  for (let t = window - 1; t < x.length; t++) {
    correlations[t] = correlation(x.subarray(t - window + 1, t + 1), y.subarray(t - window + 1, t + 1));
  }
  return correlations;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const xMean = meanAbove(x);
  const yMean = meanAbove(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - x[0]! - xMean;
    const dy = y[i]! - y[0]! - yMean;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return scale > 0 ? Math.max(-1, Math.min(1, xy / scale)) : Number.NaN;
}

// Mean above the first value: exactly 0 where all are equal, so that rounding cannot pose as variation.
function meanAbove(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[0]!;
  return sum / values.length;
}
