// What does the plain heterogeneous autoregression on squared returns say?

import {fitLinear, type LinearFit, predictLinear} from "./linear.ts";
import {completeRows, LEAST_FORECAST, type Model} from "./model.ts";

/** Plain JSON; `least` and `greatest` bound the forecasts, in variance over the horizon. */
export interface HarFit {
  readonly linear: LinearFit;
  readonly least: number;
  readonly greatest: number;
  /** E[sqrt y] / E[sqrt fitted] over the training rows: the root of a mean is not the mean of a root. */
  readonly rootFactor: number;
}

const HAR_FEATURES = ["sq_ret_mean_1d", "sq_ret_mean_5d", "sq_ret_mean_22d"];

/**
 * y = b0 + b1 RV_1 + b5 RV_5 + b22 RV_22 in levels, RV_k the mean of the last k squared returns. Corsi
 * (2009). Insanity filter: a fitted value outside the range of the training labels becomes the nearest
 * label. Bollerslev, Patton and Quaedvlieg (2016) put the labels' mean there; out of sample that calls the
 * worst days of 2008 average.
 */
export const har: Model<HarFit> = {
  name: "har",
  features: HAR_FEATURES,
  fit(set) {
    const rows = completeRows(set, {model: "har", features: HAR_FEATURES, atLeast: 40});
    const target = Float64Array.from(rows, (t) => set.variance[t]!);
    const {fit: linear, residuals} = fitLinear(set.features, {names: HAR_FEATURES, rows, target});
    const bounds = rangeOf(target);
    let roots = 0;
    let fittedRoots = 0;
    target.forEach((y, i) => {
      roots += Math.sqrt(y);
      fittedRoots += Math.sqrt(clamp(y - residuals[i]!, bounds));
    });
    return {linear, ...bounds, rootFactor: roots / fittedRoots};
  },
  forecast(fit, {features, rows}) {
    const variance = predictLinear(fit.linear, features, rows).map((value) => clamp(value, fit));
    return {variance, volatility: variance.map((value) => fit.rootFactor * Math.sqrt(value))};
  },
};

// An unchanged close has the label 0, which must not license a forecast of 0.
function rangeOf(labels: Float64Array): {least: number; greatest: number} {
  let least = Number.POSITIVE_INFINITY;
  let greatest = LEAST_FORECAST;
  for (const y of labels) {
    least = Math.min(least, y);
    greatest = Math.max(greatest, y);
  }
  return {least: Math.max(least, LEAST_FORECAST), greatest};
}

function clamp(fitted: number, {least, greatest}: {least: number; greatest: number}): number {
  return Math.min(Math.max(fitted, least), greatest); // NaN passes through both
}
