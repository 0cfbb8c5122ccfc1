// Which features move a prediction together? Each pair's part of it, beside what a feature does alone.

import {float32Values, type Matrix} from "../math/matrix.ts";
import type {BoostedTrees, Tree} from "../models/gbdt/tree.ts";
import {addInteractionPath} from "./interactionPath.ts";
import {createLeafVisitor, type LeafVisitor, visitLeaves} from "./leafMasks.ts";
import {createPairSums, type PairSums, pairColumn} from "./pairSums.ts";
import {interactionsByMask, type SubsetTables, subsetTables} from "./subsetTables.ts";
import {treeShap} from "./treeShap.ts";

/** A value for each row and pair of features, on the margin's scale. */
export interface ShapInteractions {
  /**
   * values[(row * width + j) * width + k], the same for (k, j). On the diagonal is what is left of feature j's SHAP value:
   * sum over k of (j, k) is that value, and a row's values sum with the base to its prediction.
   */
  readonly values: Float64Array;
  readonly rows: number;
  readonly width: number;
  readonly base: number;
}

/**
 * Exact path-dependent SHAP interaction values: for j != k half of the pair's Shapley interaction index,
 *
 *     phi_jk = sum over S without j, k of |S|! (M - |S| - 2)! / (2 (M - 1)!) x (v(S+jk) - v(S+j) - v(S+k) + v(S))
 *
 * Lundberg, Erion and Lee (2018), equations 7 and 8; XGBoost's `pred_interactions`. Tabulated by leaf, as `treeShap` does;
 * a tree with a path of more than 7 distinct features takes a slower way. Memory is rows x width^2: ask for some
 * thousands of rows at a time.
 *
 * @throws {RangeError} if the features are not as many as the model's
 */
export function shapInteractions(model: BoostedTrees, features: Matrix): ShapInteractions {
  const alone = treeShap(model, features);
  const {rows, width} = features;
  const values = float32Values(features);
  const visitor = createLeafVisitor(values, features);
  const sums = createPairSums(rows, width);
  for (const tree of model.trees) {
    const tables = subsetTables(tree, interactionsByMask);
    if (tables) addTables(tree, tables, {visitor, sums});
    else addInteractionPath(tree, values, sums);
  }
  return {...expand(sums, alone.values), rows, width, base: alone.base};
}

function addTables(
  tree: Tree,
  {bit, leaves}: SubsetTables,
  {visitor, sums}: {visitor: LeafVisitor; sums: PairSums},
): void {
  visitLeaves(visitor, tree, bit, (node, {masks, range}) => {
    const {features, shap: values} = leaves[node]!;
    const size = 1 << features.length;
    let start = 0;
    for (let j = 0; j < features.length; j++) {
      for (let k = j + 1; k < features.length; k++, start += size) {
        const table = values.subarray(start, start + size);
        const column = pairColumn(sums, features[j]!, features[k]!).subarray(range.start, range.end);
        for (let i = 0; i < column.length; i++) column[i]! += table[masks[i]!]!;
      }
    }
  });
}

/** Pairs to both sides of each row's square, and to the diagonal what they leave of the SHAP values. */
function expand({rows, width, columns}: PairSums, shap: Float64Array): {values: Float64Array} {
  const values = new Float64Array(rows * width * width);
  for (let j = 0; j < width; j++) {
    for (let i = 0; i < rows; i++) values[(i * width + j) * width + j] = shap[i * width + j]!;
  }
  for (let j = 0; j < width; j++) {
    for (let k = j + 1; k < width; k++) {
      const column = columns[j * width + k];
      if (!column) continue;
      for (let i = 0; i < rows; i++) {
        const square = i * width * width;
        const value = column[i]!;
        values[square + j * width + k] = value;
        values[square + k * width + j] = value;
        values[square + j * width + j]! -= value;
        values[square + k * width + k]! -= value;
      }
    }
  }
  return {values};
}
