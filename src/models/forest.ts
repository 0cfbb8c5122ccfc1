// How far does a random forest get on the 14 required features alone?

import {gather, rowBlock} from "./boostLog.ts";
import {documentTrees} from "./documentTrees.ts";
import {fitForest} from "./gbdt/forest.ts";
import type {LogFit} from "./logFit.ts";
import type {Model} from "./model.ts";
import {toPlainTrees} from "./plainTrees.ts";

/** A third of the features a split, as Breiman (2001) has it for regression; nothing was tuned. */
const FOREST = {trees: 100, depth: 8, minLeafRows: 50, columnShare: 1 / 3, bins: 64} as const;

/**
 * ln y = the mean of 100 trees, each grown on a block bootstrap of the rows. The retransformation's residuals
 * are of trees that saw no label overlapping the row's.
 */
export const forest: Model<LogFit> = documentTrees({
  name: "forest",
  fewestRows: 8 * FOREST.minLeafRows,
  grow(features, {names, rows, target, horizon, seed}) {
    const {forest: trees, outOfBag} = fitForest(gather(features, names, rows), target, {
      ...FOREST,
      rowBlock: rowBlock(horizon),
      clearance: horizon - 1,
      seed,
    });
    const residuals = outOfBag.map((mean, i) => target[i]! - mean).filter((e) => !Number.isNaN(e));
    return {boosted: {features: names, trees: toPlainTrees(trees)}, residuals};
  },
});
