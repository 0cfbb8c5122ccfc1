// How do sums of trees add up to one?

import type {BoostedTrees, Tree} from "./tree.ts";

export interface WeightedTrees {
  readonly trees: BoostedTrees;
  readonly weight: number;
  /** Column of the sum's matrix for each column of these trees'; the same where left out. */
  readonly columns?: readonly number[];
}

/**
 * The weighted sum of several sums of trees, as one: its margin is sum_k weight_k × margin_k, up to float32 rounding
 * of the leaves. Covers, and so Shapley values' expectations, stay each tree's own.
 *
 * @param width number of features of the sum
 * @throws {RangeError} if a link is not the identity: the sum of logs of gamma means is not this
 */
export function sumTrees(parts: readonly WeightedTrees[], width: number): BoostedTrees {
  for (const {trees} of parts) {
    if (trees.loss !== "squared")
      throw new RangeError(`Cannot add up trees: loss must be squared, it is ${trees.loss}`);
  }
  return {
    loss: "squared",
    width,
    baseScore: Math.fround(parts.reduce((sum, {trees, weight}) => sum + weight * trees.baseScore, 0)),
    trees: parts.flatMap(({trees, weight, columns}) =>
      trees.trees.map((tree) => scaled(tree, weight, columns)),
    ),
  };
}

function scaled(tree: Tree, weight: number, columns?: readonly number[]): Tree {
  return {
    ...tree,
    feature: columns ? tree.feature.map((column) => (column < 0 ? column : columns[column]!)) : tree.feature,
    value: tree.value.map((value) => Math.fround(weight * value)),
  };
}
