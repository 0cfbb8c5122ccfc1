// How far does a regression get whose loss is QLIKE itself?

import {
  ANCHOR_FEATURES,
  calendarFeatureNames,
  GAIN_FEATURES,
  VIX_DYNAMICS_FEATURES,
} from "../features/catalogue.ts";
import {presentColumns} from "../frame.ts";
import {HORIZONS} from "../units.ts";
import {fitGammaRegression} from "./gammaRegression.ts";
import {type LinearFit, predictLinear} from "./linear.ts";
import {forecastLog, type LogFit} from "./logFit.ts";
import {completeRows, type Model, type TrainingSet} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** On standardised slopes. Chosen on the reference period: docs/trials.csv. */
const RIDGE = 0.03;

/** How much of the training target is the range variance, which measures the same with less noise. */
const RANGE_SHARE = 0.5;

const FEATURES = [...ANCHOR_FEATURES, ...VIX_DYNAMICS_FEATURES, ...GAIN_FEATURES];

/**
 * ln y = b0 + sum_j b_j x_j on the terms of log_har_vix, VIX's own changes, gains and the calendar ahead, by least
 * QLIKE with a ridge. The outcome it learns from is half the squared returns and half the range variance, brought to
 * the same mean; the retransformation is of the squared returns alone, which are what is forecast.
 */
export const logHarGamma: Model<LogFit> = {
  name: "log_har_gamma",
  features: [...FEATURES, ...HORIZONS.flatMap(calendarFeatureNames)],
  fit(set) {
    const names = presentColumns(set.features, [...FEATURES, ...calendarFeatureNames(set.horizon)]);
    const rows = completeRows(set, {
      model: "log_har_gamma",
      features: names,
      atLeast: 10 * (FEATURES.length + 1),
    });
    const linear = fitGammaRegression(set.features, {
      names,
      rows,
      target: blendedOutcome(set, rows),
      ridge: RIDGE,
    });
    return {linear, boosted: null, retransformation: retransformation(logResiduals(set, {rows, linear}))};
  },
  forecast: forecastLog,
};

/** Where the ranges of a window are not known, its returns stand alone. */
function blendedOutcome({variance, rangeVariance}: TrainingSet, rows: Uint32Array): Float64Array {
  let returns = 0;
  let ranges = 0;
  for (const t of rows) {
    if (!Number.isFinite(rangeVariance[t]!)) continue;
    returns += variance[t]!;
    ranges += rangeVariance[t]!;
  }
  const scale = returns / ranges;
  return Float64Array.from(rows, (t) =>
    Number.isFinite(rangeVariance[t]!)
      ? (1 - RANGE_SHARE) * variance[t]! + RANGE_SHARE * scale * rangeVariance[t]!
      : variance[t]!,
  );
}

// An unchanged close has the log -Infinity, and counts in the mean of exp(e) as the 0 that it is.
function logResiduals(
  {features, variance}: TrainingSet,
  {rows, linear}: {rows: Uint32Array; linear: LinearFit},
): Float64Array {
  const fitted = predictLinear(linear, features, {start: 0, end: variance.length});
  return Float64Array.from(rows, (t) => Math.log(variance[t]!) - fitted[t]!);
}
