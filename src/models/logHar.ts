// How far does a linear regression of log variance on its own past, and on the price of options, get?

import {ANCHOR_FEATURES} from "../features/catalogue.ts";
import {presentColumns} from "../frame.ts";
import {fitLinear} from "./linear.ts";
import {forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Model} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** Logs of range variance over 1, 5 and 22 sessions. Corsi (2009), in logs and on daily ranges. */
export const logHarRange: Model<LogFit> = logLinear(
  "log_har_range",
  ANCHOR_FEATURES.filter((name) => name.startsWith("log_range_var_")),
);

/**
 * The same, the log of VIX variance, and the leverage of 1 and 5 sessions: with the intercept, 7
 * coefficients. For a target without an implied index the term of VIX is not there: 6 coefficients.
 */
export const logHarVix: Model<LogFit> = logLinear("log_har_vix", ANCHOR_FEATURES);

/**
 * ln y = b0 + sum_j b_j x_j + e by least squares, y the variance over the horizon. A handful of coefficients
 * on thousands of rows does not bend the residuals: they serve the retransformation as they are.
 *
 * @param features the x_j; one that the frame lacks is left out of the fit, which names what it kept
 */
export function logLinear(name: string, features: readonly string[]): Model<LogFit> {
  return {
    name,
    features,
    fit(set) {
      const names = presentColumns(set.features, features);
      const sample = logSample(set, {model: name, features: names, atLeast: 10 * (features.length + 1)});
      const {fit: linear, residuals} = fitLinear(set.features, {names, ...sample});
      return {linear, boosted: null, retransformation: retransformation(residuals)};
    },
    forecast: forecastLog,
  };
}
