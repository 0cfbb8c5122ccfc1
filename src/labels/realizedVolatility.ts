// How volatile did the coming sessions turn out to be?

import {rangeVariance} from "../features/rangeVariance.ts";
import {createFrame, type Frame} from "../frame.ts";
import {adjustedPrices} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import {logReturns} from "../math/logReturns.ts";
import {type Horizon, horizon} from "../units.ts";

/**
 * Realized volatility over (t, t + h]: sqrt(sum_{i=1..h} r_{t+i}^2), r the daily log returns.
 * The return of session t itself is not in it: that one is known when the forecast is made.
 *
 * @param adjClose adjusted closes, one a session
 * @param sessions h
 * @returns a fraction over h sessions: neither annualised nor a percentage. NaN where a return is
 *   missing and on the last h rows, whose window is not complete
 * Source: Andersen and Bollerslev (1998), on daily returns; Level 1 scope, section 6.
 */
export function realizedVolatility(adjClose: Float64Array, sessions: Horizon): Float64Array {
  const returns = logReturns(adjClose);
  return returns.map((_, t) => {
    let sum = 0;
    for (let i = 1; i <= sessions; i++) sum += (returns[t + i] ?? Number.NaN) ** 2;
    return Math.sqrt(sum);
  });
}

/**
 * The same window by its ranges: sqrt(sum_{i=1..h} v_{t+i}), v the range variance of a session (Garman-Klass
 * plus the squared overnight return). A less noisy measure of the same volatility, a few per cent lower.
 *
 * @param range range variance of each session; NaN where a price is missing
 * @returns as `realizedVolatility`
 */
export function rangeVolatility(range: Float64Array, sessions: Horizon): Float64Array {
  return range.map((_, t) => {
    let sum = 0;
    for (let i = 1; i <= sessions; i++) sum += range[t + i] ?? Number.NaN;
    return Math.sqrt(sum);
  });
}

/** By returns (`rv`) and by ranges (`range_rv`), at the horizons this project forecasts. */
export type LabelName = `${"rv" | "range_rv"}_${1 | 5 | 22}d`;

/** Every label of a symbol's sessions. */
export function computeLabels(
  bars: Omit<Bars, "symbol" | "volume"> & {readonly symbol?: string},
): Frame<LabelName> {
  const prices = adjustedPrices(bars);
  const range = rangeVariance(prices);
  return createFrame(bars.sessions, {
    rv_1d: realizedVolatility(prices.close, horizon(1)),
    rv_5d: realizedVolatility(prices.close, horizon(5)),
    rv_22d: realizedVolatility(prices.close, horizon(22)),
    range_rv_1d: rangeVolatility(range, horizon(1)),
    range_rv_5d: rangeVolatility(range, horizon(5)),
    range_rv_22d: rangeVolatility(range, horizon(22)),
  });
}
