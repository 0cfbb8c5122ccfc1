// How wrong was a forecast, on each row?

import {UNCHANGED} from "../models/model.ts";

/**
 * Losses that differ by less than this share of their mean are of one forecast, computed in two ways: what rounding
 * leaves is no difference that a test may studentise.
 */
export const SAME_LOSS = 1e-9;

/** The difference that is rounding, for losses of this size; NaN losses are left out. */
export function roundingOf(losses: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const loss of losses) {
    if (Number.isNaN(loss)) continue;
    sum += Math.abs(loss);
    count++;
  }
  return (SAME_LOSS * sum) / count;
}

/**
 * QLIKE of a variance forecast: y / f - ln(y / f) - 1, >= 0, 0 where f = y. Robust to noise in y as a
 * measure of the true variance: Patton (2011), b = -2. The same forecasts score .36 on variance and .09 on
 * volatility: this is variance. NaN where either is NaN, and where y is an unchanged close, which has no
 * logarithm (`UNCHANGED`).
 *
 * @param actual sum of squared returns over the horizon
 * @param forecast variance over the same horizon, > 0
 * @throws {RangeError} if a forecast is not positive where it has an outcome
 */
export function qlike(actual: Float64Array, forecast: Float64Array): Float64Array {
  return rowLoss("qlike", {actual, forecast}, (y, f, t) => {
    if (f <= 0) throw new RangeError(`Cannot score row ${t}: the variance forecast must be > 0, it is ${f}`);
    const ratio = y / f;
    return y > UNCHANGED ? ratio - Math.log(ratio) - 1 : Number.NaN;
  });
}

/** (100 (actual - forecast))^2 of volatilities over the horizon: in squared percent. NaN where either is. */
export function squaredErrorPct(actual: Float64Array, forecast: Float64Array): Float64Array {
  return rowLoss("squared errors", {actual, forecast}, (y, f) => (100 * (y - f)) ** 2);
}

/**
 * (10^4 (actual - forecast))^2 of variances over the horizon: in percent to the fourth power. Beside QLIKE the loss
 * that ranks forecasts by a noisy outcome as by the true variance: Patton (2011), b = 0. NaN where either is.
 */
export function squaredVarianceErrorPct(actual: Float64Array, forecast: Float64Array): Float64Array {
  return rowLoss("squared errors of variance", {actual, forecast}, (y, f) => (1e4 * (y - f)) ** 2);
}

/** 100 |actual - forecast| of volatilities over the horizon: in percent. NaN where either is. */
export function absoluteErrorPct(actual: Float64Array, forecast: Float64Array): Float64Array {
  return rowLoss("absolute errors", {actual, forecast}, (y, f) => 100 * Math.abs(y - f));
}

function rowLoss(
  name: string,
  {actual, forecast}: {actual: Float64Array; forecast: Float64Array},
  loss: (y: number, f: number, row: number) => number,
): Float64Array {
  if (actual.length !== forecast.length) {
    throw new TypeError(`Cannot compute ${name}: ${actual.length} outcomes for ${forecast.length} forecasts`);
  }
  return actual.map((y, t) => {
    const f = forecast[t]!;
    return Number.isNaN(y) || Number.isNaN(f) ? Number.NaN : loss(y, f, t);
  });
}
