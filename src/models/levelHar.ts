// What is a heterogeneous autoregression of variance in levels, and what keeps its forecasts sane?

import {column, type Frame} from "../frame.ts";
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

export interface LevelHar {
  readonly name: string;
  /** Columns of the market's features that must be present; the last is the month's mean daily variance. */
  readonly features: readonly string[];
  /** The regressors, and how they are made of those columns. Default: the columns themselves. */
  readonly regressors?: {readonly names: readonly string[]; of(features: Frame): Frame};
  /**
   * What a squared residual counts. "inverse_fitted": 1 / the fitted value of an equal-weighted fit, so that
   * a calm month counts beside a crisis. Patton and Sheppard (2015).
   */
  readonly weights: "equal" | "inverse_fitted";
}

/**
 * y = b0 + sum_j b_j x_j by least squares in levels, y the variance over the horizon. Insanity filter: a
 * fitted value above the largest training label becomes that label, and one below the calmest month of the
 * training rows (or the smallest label, where that is larger) becomes that month's. Bollerslev, Patton and
 * Quaedvlieg (2016) put the labels' mean in place of both; out of sample that calls the worst days of 2008
 * average. The smallest label alone is no bound: at one session it is a close that hardly moved.
 */
export function levelHar({name, features: needed, regressors, weights}: LevelHar): Model<HarFit> {
  const names = regressors?.names ?? needed;
  const design = (features: Frame): Frame => regressors?.of(features) ?? features;
  return {
    name,
    features: needed,
    fit(set) {
      const rows = completeRows(set, {model: name, features: needed, atLeast: 10 * (names.length + 1)});
      const target = Float64Array.from(rows, (t) => set.variance[t]!);
      const month = column(set.features, needed.at(-1)!);
      const calmest = rows.reduce((least, t) => Math.min(least, month[t]!), Number.POSITIVE_INFINITY);
      const bounds = boundsOf(target, set.horizon * calmest);
      const frame = design(set.features);
      const sample = {names, rows, target};
      const equal = fitLinear(frame, sample);
      const fittedOf = (residuals: Float64Array) => target.map((y, i) => clamp(y - residuals[i]!, bounds));
      const {fit: linear, residuals} =
        weights === "equal"
          ? equal
          : fitLinear(frame, {...sample, weights: fittedOf(equal.residuals).map((fitted) => 1 / fitted)});
      return {linear, ...bounds, rootFactor: sumOfRoots(target) / sumOfRoots(fittedOf(residuals))};
    },
    forecast(fit, {features, rows}) {
      const variance = predictLinear(fit.linear, design(features), rows).map((value) => clamp(value, fit));
      return {variance, volatility: variance.map((value) => fit.rootFactor * Math.sqrt(value))};
    },
  };
}

function boundsOf(labels: Float64Array, calmest: number): {least: number; greatest: number} {
  let least = Number.POSITIVE_INFINITY;
  let greatest = LEAST_FORECAST;
  for (const y of labels) {
    least = Math.min(least, y);
    greatest = Math.max(greatest, y);
  }
  return {least: Math.max(least, Math.min(calmest, greatest), LEAST_FORECAST), greatest};
}

function clamp(value: number, {least, greatest}: {least: number; greatest: number}): number {
  return Math.min(Math.max(value, least), greatest); // NaN passes through both
}

function sumOfRoots(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.sqrt(value), 0);
}
