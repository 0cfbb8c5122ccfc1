// Which features matter most over a whole sample?

import type {Matrix} from "../math/matrix.ts";
import {type BoostedTrees, LEAF} from "../models/gbdt/tree.ts";

/**
 * Mean absolute SHAP value of each feature over rows: the mean size of what it adds to a margin.
 *
 * @param shap rows x width, as `treeShap` gives them
 * @throws {RangeError} if there are no rows
 */
export function meanAbsoluteShap({values, rows, width}: Matrix): Float64Array {
  if (rows === 0) throw new RangeError("Cannot rank features: rows must be 1 or more, current value is 0");
  const means = new Float64Array(width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) means[j]! += Math.abs(values[i * width + j]!) / rows;
  return means;
}

/**
 * Each feature's share of the loss that all splits together took away in training; zeros for a model without
 * splits. It flatters features that many thresholds can overfit: prefer SHAP on rows the model was not trained on.
 * Breiman, Friedman, Olshen and Stone (1984); Friedman (2001), equation 45.
 */
export function gainImportance(model: BoostedTrees): Float64Array {
  const gains = new Float64Array(model.width);
  for (const {feature, gain} of model.trees)
    for (let node = 0; node < feature.length; node++)
      if (feature[node] !== LEAF) gains[feature[node]!]! += gain[node]!;
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return total > 0 ? gains.map((gain) => gain / total) : gains;
}
