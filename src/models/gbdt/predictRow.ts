// What does a model say of one row, where rows come one at a time?

import {float32Values, type Matrix} from "../../math/matrix.ts";
import {losses} from "./loss.ts";
import {predictMargin, requireWidth} from "./predict.ts";
import {goesLeft, prepareAnswers} from "./splitAnswers.ts";
import {type BoostedTrees, LEAF, type Tree} from "./tree.ts";

/**
 * predictMargin() of one model for many calls, the same to the bit. A matrix of one row takes a way of its own where no
 * tree has more than 8 splits: the leaf by one look-up a tree. The tables are made for the first such row.
 */
export function prepareMargin(model: BoostedTrees): (features: Matrix) => Float64Array {
  let ofRow: ((row: Float32Array) => number) | null | undefined;
  return (features) => {
    if (features.rows !== 1) return predictMargin(model, features);
    if (ofRow === undefined) ofRow = rowMargin(model);
    if (ofRow === null) return predictMargin(model, features);
    requireWidth(model, features);
    return Float64Array.of(ofRow(float32Values(features)));
  };
}

function rowMargin({trees, loss, baseScore}: BoostedTrees): ((row: Float32Array) => number) | null {
  const answers = prepareAnswers(trees);
  if (!answers) return null;
  const tables = trees.map((tree, t) => leafTable(tree, answers.splits[t]!));
  const ways = Int32Array.from(tables, ({length}) => length);
  const values = Float32Array.from(tables.flatMap((table) => Array.from(table)));
  const base = losses[loss].baseMargin(baseScore);
  return (row) => {
    const found = answers.answer(row);
    let margin = base;
    let start = 0;
    for (let t = 0; t < found.length; t++) {
      margin += values[start + found[t]!]!;
      start += ways[t]!;
    }
    return margin;
  };
}

/** The value of the leaf that every way to answer a tree's splits leads to. */
function leafTable(tree: Tree, splits: readonly number[]): Float32Array {
  return Float32Array.from({length: 1 << splits.length}, (_, answers) => {
    let node = 0;
    while (tree.feature[node] !== LEAF)
      node = goesLeft(answers, splits, node) ? tree.left[node]! : tree.right[node]!;
    return tree.value[node]!;
  });
}
