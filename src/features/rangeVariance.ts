// What do a session's open, high, low and close say about its variance?

import {logRatio} from "../math/logReturns.ts";
import {rollingMean, rollingVariance} from "../math/rolling.ts";

/** Prices of each session on one scale, all above zero. */
export interface Prices {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/**
 * Garman-Klass variance of each session from open to close, per session, not annualised:
 * ln(H/L)^2 / 2 - (2 ln 2 - 1) ln(C/O)^2. Assumes no drift; blind to the overnight gap.
 *
 * Source: Garman and Klass (1980), On the Estimation of Security Price Volatilities from Historical Data:
 * the practical form of their best analytic estimator, without its small cross products.
 */
export function garmanKlass({open, high, low, close}: Prices): Float64Array {
  return open.map((_, t) => {
    const range = logRatio(high[t]!, low[t]!);
    const move = logRatio(close[t]!, open[t]!);
    return range ** 2 / 2 - (2 * Math.LN2 - 1) * move ** 2;
  });
}

/**
 * Rogers-Satchell variance of each session from open to close, per session, not annualised:
 * ln(H/C) ln(H/O) + ln(L/C) ln(L/O). Right under any drift; blind to the overnight gap.
 *
 * Source: Rogers and Satchell (1991), Estimating Variance from High, Low and Closing Prices.
 */
export function rogersSatchell({open, high, low, close}: Prices): Float64Array {
  return open.map((_, t) => {
    const up = logRatio(high[t]!, close[t]!) * logRatio(high[t]!, open[t]!);
    const down = logRatio(low[t]!, close[t]!) * logRatio(low[t]!, open[t]!);
    return up + down;
  });
}

/** ln(open / previous close), NaN at the first session. */
export function overnightGaps({open, close}: Prices): Float64Array {
  return open.map((price, t) => (t === 0 ? Number.NaN : logRatio(price, close[t - 1]!)));
}

/**
 * Yang-Zhang variance over the last n sessions, per session, not annualised: V_o + k V_c + (1 - k) V_rs.
 * V_o and V_c are the sample variances (divisor n - 1) of the overnight and of the open-to-close log
 * returns, V_rs the mean Rogers-Satchell variance, k = 0.34 / (1.34 + (n + 1) / (n - 1)).
 * Right under drift and with gaps. NaN before n overnight returns are known.
 *
 * @param window n, 2 or more
 * Source: Yang and Zhang (2000), Drift-Independent Volatility Estimation Based on High, Low, Open, and
 * Close Prices.
 */
export function yangZhang(prices: Prices, window: number): Float64Array {
  const n = window;
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  const moves = prices.close.map((price, t) => logRatio(price, prices.open[t]!));
  const overnight = rollingVariance(overnightGaps(prices), n);
  const openToClose = rollingVariance(moves, n);
  const range = rollingMean(rogersSatchell(prices), n);
  return overnight.map((variance, t) => variance + k * openToClose[t]! + (1 - k) * range[t]!);
}

/** Close-to-close variance of one session by its range: Garman-Klass plus the squared overnight log return. */
export function rangeVariance(prices: Prices): Float64Array {
  const gaps = overnightGaps(prices);
  return garmanKlass(prices).map((variance, t) => variance + gaps[t]! ** 2);
}
