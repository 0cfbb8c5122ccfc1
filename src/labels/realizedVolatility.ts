// How volatile did the coming sessions turn out to be?

import {createFrame, type Frame} from "../frame.ts";
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

/** Labels at the horizons this project forecasts: 1, 5 and 22 sessions. */
export function computeLabels({
  sessions,
  adjClose,
}: Pick<Bars, "sessions" | "adjClose">): Frame<"rv_1d" | "rv_5d" | "rv_22d"> {
  return createFrame(sessions, {
    rv_1d: realizedVolatility(adjClose, horizon(1)),
    rv_5d: realizedVolatility(adjClose, horizon(5)),
    rv_22d: realizedVolatility(adjClose, horizon(22)),
  });
}
