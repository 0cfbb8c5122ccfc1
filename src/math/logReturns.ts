// By how much did a price change, in logarithms?

/**
 * Log changes over `lag` values: ln(values[t] / values[t - lag]).
 *
 * @param values prices or index levels; one that is not above zero has no logarithm and gives NaN
 * @returns fractions (0.01 is about 1 %), as many as values; the first `lag` are NaN
 */
export function logReturns(values: Float64Array, lag = 1): Float64Array {
  return values.map((value, t) => (t < lag ? Number.NaN : logRatio(value, values[t - lag]!)));
}

/** ln(a / b); NaN unless both are above zero. */
export function logRatio(a: number, b: number): number {
  return a > 0 && b > 0 ? Math.log(a / b) : Number.NaN;
}
