// How far do boosted trees get on the 14 required features alone?

import {boostLog} from "./boostLog.ts";
import {documentTrees} from "./documentTrees.ts";
import type {LogFit} from "./logFit.ts";
import type {Model} from "./model.ts";

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

/** ln y = boosted trees on the 14 required features in levels: the plain boosting that the requirements ask for. */
export const gbdt: Model<LogFit> = documentTrees({
  name: "gbdt",
  fewestRows: 4 * TREES.minLeafWeight,
  grow: (features, {names, rows, target, seed}) =>
    boostLog(features, {names, rows, target, options: {...TREES, seed}}),
});
