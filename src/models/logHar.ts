// How far does a linear regression of log variance on its own past, and on the price of options, get?

import {ANCHOR_FEATURES} from "../features/catalogue.ts";
import {fitLinear} from "./linear.ts";
import {forecastLog, type LogFit, logLabels} from "./logFit.ts";
import {retransformation} from "./logVariance.ts";
import {completeRows, type Model} from "./model.ts";

/** Logs of range variance over 1, 5 and 22 sessions. Corsi (2009), eq. 10, in logs and on daily ranges. */
export const logHarRange: Model<LogFit> = logLinear(
  "log_har_range",
  ANCHOR_FEATURES.filter((name) => name.startsWith("log_range_var_")),
);

/** The same, the log of VIX variance, and the leverage of 1 and 5 sessions: with the intercept, 7 coefficients. */
export const logHarVix: Model<LogFit> = logLinear("log_har_vix", ANCHOR_FEATURES);

/**
 * ln y = b0 + sum_j b_j x_j + e by least squares, y the variance over the horizon (floored at VARIANCE_FLOOR). A
 * handful of coefficients on thousands of rows does not bend the residuals: they serve the retransformation as they are.
 */
function logLinear(name: string, features: readonly string[]): Model<LogFit> {
  return {
    name,
    features,
    fit(set) {
      const rows = completeRows(set, {model: name, features, atLeast: 10 * (features.length + 1)});
      const {fit: linear, residuals} = fitLinear(set.features, {
        names: features,
        rows,
        target: logLabels(set, rows),
      });
      return {linear, boosted: null, retransformation: retransformation(residuals)};
    },
    forecast: forecastLog,
  };
}
