// What do trees add to the regression that is hard to beat?

import {ANCHOR_FEATURES, RATIO_FEATURES} from "../features/catalogue.ts";
import {presentColumns} from "../frame.ts";
import {boostLog} from "./boostLog.ts";
import {fitLinear} from "./linear.ts";
import {forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Model} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** The published reference configuration; nothing in it was chosen on the span it is scored on here. */
const TREES = {
  loss: "squared",
  trees: 80,
  depth: 3,
  learningRate: 0.03,
  minLeafWeight: 100,
  l2: 0,
  rowShare: 0.5,
  columnShare: 0.7,
} as const;

const FEATURES = [...new Set([...ANCHOR_FEATURES, ...RATIO_FEATURES])];

/**
 * ln y = log_har_vix + trees: the regression first, then boosting of its residual on ratio features. Trees
 * cannot extrapolate and lose in every crisis; what they correct here, unlike a level, stays in range then.
 */
export const anchored: Model<LogFit> = {
  name: "anchored",
  features: FEATURES,
  fit(set) {
    const sample = logSample(set, {
      model: "anchored",
      features: presentColumns(set.features, FEATURES),
      atLeast: 4 * TREES.minLeafWeight,
    });
    const anchor = fitLinear(set.features, {
      names: presentColumns(set.features, ANCHOR_FEATURES),
      ...sample,
    });
    const {boosted, residuals} = boostLog(set.features, {
      names: presentColumns(set.features, RATIO_FEATURES),
      rows: sample.rows,
      target: anchor.residuals,
      options: {...TREES, seed: set.seed},
    });
    return {linear: anchor.fit, boosted, retransformation: retransformation(residuals)};
  },
  forecast: forecastLog,
};
