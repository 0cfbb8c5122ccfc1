// What does a daily variance known today say about the horizon, if nothing is fitted?

import type {Forecast, ForecastRequest} from "./model.ts";

/**
 * Variance over the horizon: horizon x a daily variance; volatility: its square root, which is no expectation
 * (E[root] < root of E) and so runs high. Kept because it is how these baselines are used. NaN stays NaN.
 *
 * @param daily variance of one session, a value a row of the request's frame
 */
export function scaledVariance(daily: Float64Array, {rows, horizon}: ForecastRequest): Forecast {
  const variance = new Float64Array(rows.end - rows.start);
  for (let i = 0; i < variance.length; i++) variance[i] = daily[rows.start + i]! * horizon;
  return {variance, volatility: variance.map(Math.sqrt)};
}
