// How one-sided were the recent price changes?

/**
 * Wilder's relative strength index, 0 (only losses) to 100 (only gains).
 *
 * RSI = 100 G / (G + L), which is 100 - 100 / (1 + G / L). G and L are averages of the upward and the
 * downward price changes: the first is the plain mean of the first `period` changes, at row `period`;
 * from then on average = (previous × (period - 1) + change) / period. Every row depends on all earlier
 * ones. 50 where nothing moved at all. A missing change gives NaN and leaves the averages as they were.
 *
 * @param period Wilder's own is 14
 * Source: Wilder (1978), New Concepts in Technical Trading Systems, section VI.
 */
export function relativeStrength(prices: Float64Array, period: number): Float64Array {
  const index = new Float64Array(prices.length).fill(Number.NaN);
  let gains = 0;
  let losses = 0;
  let changes = 0;
  for (let t = 1; t < prices.length; t++) {
    const change = prices[t]! - prices[t - 1]!;
    if (Number.isNaN(change)) continue;
    changes++;
    const kept = changes <= period ? 1 : (period - 1) / period;
    gains = gains * kept + Math.max(change, 0) / period;
    losses = losses * kept + Math.max(-change, 0) / period;
    if (changes >= period) index[t] = gains + losses > 0 ? (100 * gains) / (gains + losses) : 50;
  }
  return index;
}
