// How far does a linear regression of log variance on its own past, and on the price of options, get?

import type {Frame, RowRange} from "../frame.ts";
import {fitLinear, type LinearFit, predictLinear} from "./linear.ts";
import {fromLogs, logVariance, type Retransformation, retransformation} from "./logVariance.ts";
import {completeRows, type Model} from "./model.ts";

/** Plain JSON: ln(variance over the horizon) = linear, and the factors that undo the log. */
export interface LogLinearFit {
  readonly linear: LinearFit;
  readonly retransformation: Retransformation;
}

/** Logs of range variance over 1, 5 and 22 sessions. Corsi (2009), eq. 10, in logs and on daily ranges. */
export const LOG_HAR_FEATURES = ["log_range_var_1d", "log_range_var_5d", "log_range_var_22d"] as const;

/** The same, the log of VIX variance, and the leverage of 1 and 5 sessions: with the intercept, 7 coefficients. */
export const LOG_HAR_VIX_FEATURES = [
  ...LOG_HAR_FEATURES,
  "log_vix_var",
  "leverage_1d",
  "leverage_5d",
] as const;

export const logHarRange: Model<LogLinearFit> = logLinear("log_har_range", LOG_HAR_FEATURES);
export const logHarVix: Model<LogLinearFit> = logLinear("log_har_vix", LOG_HAR_VIX_FEATURES);

/**
 * ln y = b0 + sum_j b_j x_j + e by least squares, y the variance over the horizon (floored at VARIANCE_FLOOR).
 * The residuals of a handful of coefficients on thousands of rows serve as they are for the retransformation.
 */
function logLinear(name: string, features: readonly string[]): Model<LogLinearFit> {
  return {
    name,
    features,
    fit(set) {
      const rows = completeRows(set, {model: name, features, atLeast: 10 * (features.length + 1)});
      const target = Float64Array.from(rows, (t) => logVariance(set.variance[t]!));
      const {fit, residuals} = fitLinear(set.features, {names: features, rows, target});
      return {linear: fit, retransformation: retransformation(residuals)};
    },
    forecast: (fit, request) => fromLogs(logMargin(fit, request), fit.retransformation),
  };
}

function logMargin(fit: LogLinearFit, {features, rows}: {features: Frame; rows: RowRange}): Float64Array {
  return predictLinear(fit.linear, features, rows);
}
