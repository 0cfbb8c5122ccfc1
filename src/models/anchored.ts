// What do trees add to the regression that is hard to beat?

import {
  ANCHOR_FEATURES,
  calendarFeatureNames,
  RATIO_FEATURES,
  VIX_DYNAMICS_FEATURES,
} from "../features/catalogue.ts";
import {presentColumns} from "../frame.ts";
import {HORIZONS, type Horizon} from "../units.ts";
import {boostLog, rowBlock} from "./boostLog.ts";
import {fitLinear} from "./linear.ts";
import {forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Model} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** Chosen on 1993 to 2023: docs/trials.csv. */
const TREES = {
  loss: "squared",
  trees: 80,
  depth: 3,
  learningRate: 0.03,
  l2: 0,
  rowShare: 0.5,
  columnShare: 0.7,
} as const;
const BAGS = 5;

/** Outcomes that do not overlap in a leaf, and rows, at least. */
const LEAST_INDEPENDENT = 20;
const LEAST_ROWS = 100;

/**
 * ln y = log_har_vix with VIX's own changes and the calendar ahead + trees: the regression first, then boosting of
 * its residual on ratio features, the mean of five seeds. Trees cannot extrapolate and lose in every crisis; what
 * they correct here, unlike a level, stays in range then.
 */
export const anchored: Model<LogFit> = {
  name: "anchored",
  features: [...new Set([...HORIZONS.flatMap(anchorFeatures), ...RATIO_FEATURES])],
  fit(set) {
    const anchorNames = presentColumns(set.features, anchorFeatures(set.horizon));
    const treeNames = presentColumns(set.features, RATIO_FEATURES);
    const minLeafWeight = Math.max(LEAST_ROWS, LEAST_INDEPENDENT * set.horizon);
    const sample = logSample(set, {
      model: "anchored",
      features: [...new Set([...anchorNames, ...treeNames])],
      atLeast: 4 * LEAST_ROWS,
    });
    const anchor = fitLinear(set.features, {names: anchorNames, ...sample});
    const {boosted, residuals} = boostLog(set.features, {
      names: treeNames,
      rows: sample.rows,
      target: anchor.residuals,
      options: {...TREES, minLeafWeight, rowBlock: rowBlock(set.horizon), seed: set.seed},
      bags: BAGS,
    });
    return {linear: anchor.fit, boosted, retransformation: retransformation(residuals)};
  },
  forecast: forecastLog,
};

function anchorFeatures(horizon: Horizon): readonly string[] {
  return [...ANCHOR_FEATURES, ...VIX_DYNAMICS_FEATURES, ...calendarFeatureNames(horizon)];
}
