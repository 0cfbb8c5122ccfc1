// How far do boosted trees get on the documents' features alone?

import {DOCUMENT_FEATURES} from "../features/catalogue.ts";
import {column, presentColumns} from "../frame.ts";
import {boostLog} from "./boostLog.ts";
import {forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Model} from "./model.ts";
import {retransformation} from "./retransformation.ts";

const TREES = {
  loss: "squared",
  trees: 200,
  depth: 3,
  learningRate: 0.05,
  minLeafWeight: 50,
  l2: 1,
  rowShare: 0.5,
  columnShare: 0.7,
} as const;

/** Their series begin years after the target's; the trees send what is missing the way that fits. */
const LATE_FEATURES = new Set([
  "vix3m",
  "vix_term",
  "corr_spy_tlt_20d",
  "corr_spy_hyg_20d",
  "hyg_tlt_spread",
]);

const NEEDED_FEATURES = DOCUMENT_FEATURES.filter((name) => !LATE_FEATURES.has(name));

/**
 * ln y = trees on the documents' features in levels, with nothing to extrapolate by: the plain boosting that
 * the documents ask for. A row needs the target's own features and VIX.
 */
export const gbdt: Model<LogFit> = {
  name: "gbdt",
  features: DOCUMENT_FEATURES,
  fit(set) {
    const names = presentColumns(set.features, DOCUMENT_FEATURES);
    const sample = logSample(set, {
      model: "gbdt",
      features: presentColumns(set.features, NEEDED_FEATURES),
      atLeast: 4 * TREES.minLeafWeight,
    });
    const {boosted, residuals} = boostLog(set.features, {
      names,
      ...sample,
      options: {...TREES, seed: set.seed},
    });
    return {linear: null, boosted, retransformation: retransformation(residuals)};
  },
  forecast(fit, request) {
    const {variance, volatility} = forecastLog(fit, request);
    for (const name of NEEDED_FEATURES.filter((needed) => fit.boosted?.features.includes(needed))) {
      const values = column(request.features, name);
      for (let i = 0; i < variance.length; i++) {
        if (!Number.isNaN(values[request.rows.start + i]!)) continue;
        variance[i] = Number.NaN;
        volatility[i] = Number.NaN;
      }
    }
    return {variance, volatility};
  },
};
