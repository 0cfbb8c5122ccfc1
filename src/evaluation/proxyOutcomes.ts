// What came, measured by daily ranges: on the level of squared returns, so that a forecast of the one is one of the other.

export interface ProxyColumns {
  readonly sessions: Int32Array; // days since 1970-01-01
  /** Sum of squared returns over (t, t + horizon]; NaN unknown. */
  readonly squared: Float64Array;
  /** The same window's variance by daily ranges; NaN unknown. */
  readonly ranges: Float64Array;
}

/**
 * Range variances raised to the mean of squared returns. Ranges run a few per cent below; the factor is the ratio of
 * the two means over outcomes that were known at the first forecast, so that nothing of what is scored enters it.
 *
 * @param options.firstOrigin the session of the first forecast; without an outcome before it the factor is 1
 */
export function rangeOutcomes(
  {sessions, squared, ranges}: ProxyColumns,
  {horizon, firstOrigin}: {readonly horizon: number; readonly firstOrigin: number},
): Float64Array {
  let [squaredSum, rangeSum] = [0, 0];
  for (let t = 0; t + horizon < sessions.length && sessions[t + horizon]! <= firstOrigin; t++) {
    if (Number.isNaN(squared[t]! + ranges[t]!)) continue;
    squaredSum += squared[t]!;
    rangeSum += ranges[t]!;
  }
  const scale = rangeSum > 0 ? squaredSum / rangeSum : 1;
  return ranges.map((value) => scale * value);
}
