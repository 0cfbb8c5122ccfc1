// What does each feature add to each prediction, so that the parts sum to the whole?

import {float32Values, type Matrix} from "../math/matrix.ts";
import {losses} from "../models/gbdt/loss.ts";
import {requireWidth} from "../models/gbdt/predict.ts";
import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import {type LeafTable, leafTables} from "./subsetTables.ts";
import {addTreeShapPath} from "./treeShapPath.ts";

/** Rows taken together: their decisions and sums stay in the processor's nearest memory. */
const BLOCK = 256;

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
  return prepareTreeShap(model)(features);
}

/** treeShap() of one model for many calls: its leaves are tabulated once. */
export function prepareTreeShap(model: BoostedTrees): (features: Matrix) => Shap {
  const tables = model.trees.map(leafTables);
  const base = model.trees.reduce(
    (sum, tree) => sum + expectedValue(tree),
    losses[model.loss].baseMargin(model.baseScore),
  );
  return (features) => {
    requireWidth(model, features);
    const {rows, width} = features;
    const values = float32Values(features);
    const columns = transpose(values, rows, width);
    const sums = new Float64Array(rows * width); // column-major until the end
    model.trees.forEach((tree, k) => {
      const table = tables[k];
      if (table) addTables(tree, table, {columns, sums, rows});
      else
        for (let i = 0; i < rows; i++)
          addTreeShapPath(
            tree,
            {features: values, start: i * width},
            {values: sums, stride: rows, offset: i},
          );
    });
    return {values: transposeBack(sums, rows, width), rows, width, base};
  };
}

/** The mean of a tree over its training rows, by cover. */
export function expectedValue(tree: Tree, node = 0): number {
  if (tree.feature[node] === LEAF) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const sum = tree.cover[left]! * expectedValue(tree, left) + tree.cover[right]! * expectedValue(tree, right);
  return sum / tree.cover[node]!;
}

interface Columns {
  readonly columns: Float32Array; // features, column-major
  readonly sums: Float64Array; // SHAP values, column-major
  readonly rows: number;
}

/** Adds one tree's values to all rows. */
function addTables(tree: Tree, tables: readonly LeafTable[], {columns, sums, rows}: Columns): void {
  const block = Math.min(BLOCK, rows);
  const answers = new Uint8Array(tree.feature.length * block); // 1: left, a block of rows for each split
  const masks = new Uint8Array(block);
  for (let start = 0; start < rows; start += block) {
    const count = Math.min(block, rows - start);
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node] === LEAF) continue;
      const from = tree.feature[node]! * rows + start;
      answer(tree, node, {x: columns.subarray(from, from + count), answers, at: node * block});
    }
    for (const table of tables) {
      findMasks(table, answers, masks, {block, count});
      addLeaf(table, masks, {sums, rows, start, count});
    }
  }
}

function answer(
  tree: Tree,
  node: number,
  {x, answers, at}: {x: Float32Array; answers: Uint8Array; at: number},
): void {
  const threshold = tree.threshold[node]!;
  const whereMissing = tree.defaultLeft[node]!;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    answers[at + i] = value < threshold ? 1 : Number.isNaN(value) ? whereMissing : 0;
  }
}

/** Which of a leaf's features meet all their conditions, row by row. */
function findMasks(
  {features, nodes, isLeft, bit}: LeafTable,
  answers: Uint8Array,
  masks: Uint8Array,
  {block, count}: {block: number; count: number},
): void {
  masks.fill((1 << features.length) - 1);
  for (let s = 0; s < nodes.length; s++) {
    const at = nodes[s]! * block;
    const wanted = isLeft[s]!;
    const shift = bit[s]!;
    for (let i = 0; i < count; i++) masks[i]! &= ~((answers[at + i]! ^ wanted) << shift);
  }
}

function addLeaf(
  {features, shap}: LeafTable,
  masks: Uint8Array,
  {sums, rows, start, count}: {sums: Float64Array; rows: number; start: number; count: number},
): void {
  const n = features.length;
  for (let j = 0; j < n; j++) {
    const column = features[j]! * rows + start;
    for (let i = 0; i < count; i++) sums[column + i]! += shap[masks[i]! * n + j]!;
  }
}

function transpose(values: Float32Array, rows: number, width: number): Float32Array {
  const columns = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) columns[j * rows + i] = values[i * width + j]!;
  return columns;
}

function transposeBack(columns: Float64Array, rows: number, width: number): Float64Array {
  const values = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) values[i * width + j] = columns[j * rows + i]!;
  return values;
}
