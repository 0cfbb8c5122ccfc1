// Between which values will volatility fall, nine times in ten?

/** Bounds of realized volatility over the horizon, as fractions; NaN where too few outcomes were known. */
export interface Interval {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface IntervalOptions {
  readonly horizon: number;
  /** Share of outcomes to be covered, half of the rest on each side. */
  readonly coverage: number;
  /** Past forecasts that count. */
  readonly windowSessions: number;
  /** Fewest past forecasts to answer from. */
  readonly minimumSessions: number;
}

/** (1 + .9) / 2 is not .95 in binary: a rank that should be whole must not be pushed to the next. */
const ROUNDING = 1e-9;

/**
 * Split-conformal interval of each forecast: rv_hat x exp(quantiles of ln(rv / rv_hat) of past forecasts).
 * Row t looks at the latest `windowSessions` forecasts t' with t' + horizon <= t, whose outcome was known
 * when t was forecast. Of k past scores the bound is the ceil((k + 1)(1 + coverage) / 2)-th from its own
 * side, which covers at least as promised where scores are exchangeable. Vovk, Gammerman and Shafer (2005);
 * Lei et al. (2018), one tail at a time.
 *
 * @param actual realized volatility over (t, t + horizon]; NaN unknown
 * @param forecast volatility over the same horizon; NaN none
 * @throws {RangeError} if coverage is not within (0, 1), or minimumSessions cannot support it
 */
export function conformalInterval(
  {actual, forecast}: {actual: Float64Array; forecast: Float64Array},
  {horizon, coverage, windowSessions, minimumSessions}: IntervalOptions,
): Interval {
  const share = (1 + coverage) / 2; // of past scores on the near side of a bound
  if (!(coverage > 0 && coverage < 1))
    throw new RangeError(
      `Cannot form intervals: coverage must lie within (0, 1), current value is ${coverage}`,
    );
  const fewest = Math.ceil(share / (1 - share) - ROUNDING);
  if (minimumSessions < fewest || windowSessions < minimumSessions) {
    throw new RangeError(
      `Cannot form intervals: minimumSessions must be from ${fewest} to windowSessions (${windowSessions}), ` +
        `current value is ${minimumSessions}`,
    );
  }
  const lower = new Float64Array(forecast.length).fill(Number.NaN);
  const upper = lower.slice();
  const past: number[] = []; // scores in order of time
  const sorted: number[] = []; // the same, in order of size
  for (let t = 0; t < forecast.length; t++) {
    const known = t - horizon;
    const score = known >= 0 ? Math.log(actual[known]! / forecast[known]!) : Number.NaN;
    if (!Number.isNaN(score)) {
      past.push(score);
      sorted.splice(firstAtLeast(sorted, score), 0, score);
      if (past.length > windowSessions) sorted.splice(firstAtLeast(sorted, past.shift()!), 1);
    }
    if (sorted.length < minimumSessions) continue;
    const rank = Math.ceil((sorted.length + 1) * share - ROUNDING); // from 1
    lower[t] = forecast[t]! * Math.exp(sorted[sorted.length - rank]!);
    upper[t] = forecast[t]! * Math.exp(sorted[rank - 1]!);
  }
  return {lower, upper};
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
