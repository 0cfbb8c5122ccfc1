// What does each feature add to each prediction, so that the parts sum to the whole?

import type {RowRange} from "../frame.ts";
import {float32Values, type Matrix} from "../math/matrix.ts";
import {losses} from "../models/gbdt/loss.ts";
import {requireWidth} from "../models/gbdt/predict.ts";
import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import {createLeafVisitor, visitLeaves} from "./leafMasks.ts";
import {type LeafTable, type SubsetTables, subsetTables} from "./subsetTables.ts";
import {addTreeShapPath} from "./treeShapPath.ts";
import {prepareRowShap} from "./treeShapRow.ts";

/** A value for each row and feature, on the margin's scale. */
export interface Shap extends Matrix {
  /** The expected margin: a row's values and this sum to its prediction. */
  readonly base: number;
}

/**
 * Exact path-dependent TreeSHAP: the Shapley values of each row's margin, where a feature left out is averaged
 * over by the training cover of the branches. Lundberg, Erion and Lee (2018).
 *
 * Each leaf's values are tabulated by the set of path features whose conditions a row meets (at most 2^7 sets;
 * Yang 2021, "Fast TreeSHAP", version 2); a row then costs one look-up a leaf. A tree with a path of more distinct
 * features takes Algorithm 2 instead. A row's values do not depend on the other rows of the matrix.
 *
 * @throws {RangeError} if the features are not as many as the model's
 */
export function treeShap(model: BoostedTrees, features: Matrix): Shap {
  return {...explain(model, features, (tree) => subsetTables(tree)), base: expectedMargin(model)};
}

/**
 * treeShap() of one model for many calls: its leaves are tabulated once, and the tables kept. Where no tree has more than
 * 8 splits, a matrix of one row takes a faster way to the same values, up to the rounding of sums.
 *
 * @param options.rowsAlone false where a row alone is to be added up as one among others
 */
export function prepareTreeShap(
  model: BoostedTrees,
  {rowsAlone = true}: {readonly rowsAlone?: boolean} = {},
): (features: Matrix) => Shap {
  const tables = model.trees.map((tree) => subsetTables(tree));
  const byTree = new Map(model.trees.map((tree, t) => [tree, tables[t]!]));
  const base = expectedMargin(model);
  let ofRow: ReturnType<typeof prepareRowShap> | undefined; // made for the first row that comes alone
  return (features) => {
    const alone = rowsAlone && features.rows === 1;
    if (alone && ofRow === undefined) ofRow = prepareRowShap(model, tables);
    if (!alone || !ofRow) return {...explain(model, features, (tree) => byTree.get(tree) ?? null), base};
    requireWidth(model, features);
    return {values: ofRow(float32Values(features)), rows: 1, width: features.width, base};
  };
}

function explain(
  model: BoostedTrees,
  features: Matrix,
  tablesOf: (tree: Tree) => SubsetTables | null,
): Matrix {
  requireWidth(model, features);
  const {rows, width} = features;
  const values = float32Values(features);
  const visitor = createLeafVisitor(values, features);
  const sums = new Float64Array(rows * width); // column-major until the end
  for (const tree of model.trees) {
    const tables = tablesOf(tree);
    if (!tables) addTreeShapPath(tree, values, {sums, rows});
    else
      visitLeaves(visitor, tree, tables.bit, (leaf, {masks, range}) => {
        addLeaf(tables.leaves[leaf]!, masks, {sums, rows, range});
      });
  }
  return {values: transposeBack(sums, rows, width), rows, width};
}

function expectedMargin({loss, baseScore, trees}: BoostedTrees): number {
  return trees.reduce((sum, tree) => sum + expectedValue(tree), losses[loss].baseMargin(baseScore));
}

/** The mean of a tree over its training rows, by cover. */
function expectedValue(tree: Tree, node = 0): number {
  if (tree.feature[node] === LEAF) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const sum = tree.cover[left]! * expectedValue(tree, left) + tree.cover[right]! * expectedValue(tree, right);
  return sum / tree.cover[node]!;
}

function addLeaf(
  {features, shap}: LeafTable,
  masks: Uint8Array,
  {sums, rows, range}: {sums: Float64Array; rows: number; range: RowRange},
): void {
  const size = 1 << features.length;
  const count = range.end - range.start;
  for (let j = 0; j < features.length; j++) {
    const table = j * size;
    const from = features[j]! * rows + range.start;
    for (let i = 0; i < count; i++) sums[from + i]! += shap[table + masks[i]!]!;
  }
}

function transposeBack(columns: Float64Array, rows: number, width: number): Float64Array {
  const values = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) values[i * width + j] = columns[j * rows + i]!;
  return values;
}
