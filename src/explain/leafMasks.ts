// Which features of each leaf's path send a row elsewhere? For all rows and leaves of a tree, a block of rows at a time.

import type {RowRange} from "../frame.ts";
import type {Matrix} from "../math/matrix.ts";
import {LEAF, type Tree, treeDepth} from "../models/gbdt/tree.ts";

/** Rows taken together: their decisions and sums stay in the processor's nearest memory. */
const BLOCK = 256;

/** A block of rows at a leaf. */
export interface LeafRows {
  readonly range: RowRange;
  /** One a row of the range, from its start: bit i is set where a split on the path's i-th feature fails. */
  readonly masks: Uint8Array;
}

/** Rows on their way down a tree: for each level of splits, where each row goes and what has failed before. */
interface Level {
  readonly answer: Uint8Array; // 1: left
  readonly masks: Uint8Array; // which features of the path have failed so far
}

/** Columns of features, and memory for one block of their rows: made once for all trees. */
export interface LeafVisitor {
  readonly columns: Float32Array; // column-major, NaN where missing
  readonly rows: number;
  readonly levels: Level[];
}

/** @param values row-major float32, NaN where missing */
export function createLeafVisitor(
  values: Float32Array,
  {rows, width}: Pick<Matrix, "rows" | "width">,
): LeafVisitor {
  return {columns: toColumns(values, rows, width), rows, levels: []};
}

/**
 * Takes every block of rows down every path of a tree, and visits each leaf with them.
 *
 * @param bit of each split, as `subsetTables` numbers them
 */
export function visitLeaves(
  {columns, rows, levels}: LeafVisitor,
  tree: Tree,
  bit: Uint8Array,
  visit: (leaf: number, rows: LeafRows) => void,
): void {
  const block = Math.min(BLOCK, rows);
  while (levels.length <= treeDepth(tree))
    levels.push({answer: new Uint8Array(block), masks: new Uint8Array(block)});
  for (let start = 0; start < rows; start += block)
    descend(0, 0, {start, end: Math.min(rows, start + block)});

  function descend(node: number, level: number, range: RowRange): void {
    const {answer, masks} = levels[level]!;
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      visit(node, {masks, range});
      return;
    }
    const count = range.end - range.start;
    decide(tree, node, {columns, from: feature * rows + range.start, count, answer});
    const below = levels[level + 1]!.masks;
    setFailed(below, masks, {answer, count, wanted: 1, bit: bit[node]!});
    descend(tree.left[node]!, level + 1, range);
    setFailed(below, masks, {answer, count, wanted: 0, bit: bit[node]!});
    descend(tree.right[node]!, level + 1, range);
  }
}

/** Row-major features as columns one after another. */
function toColumns(values: Float32Array, rows: number, width: number): Float32Array {
  const columns = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) columns[j * rows + i] = values[i * width + j]!;
  return columns;
}

/** Where each row goes at a split, in arithmetic: a branch would be mispredicted half the time. */
function decide(
  tree: Tree,
  node: number,
  {columns, from, count, answer}: {columns: Float32Array; from: number; count: number; answer: Uint8Array},
): void {
  const threshold = tree.threshold[node]!;
  const whereMissing = tree.defaultLeft[node]!;
  for (let i = 0; i < count; i++) {
    const value = columns[from + i]!;
    answer[i] = Number(value < threshold) | (Number(Number.isNaN(value)) & whereMissing);
  }
}

function setFailed(
  below: Uint8Array,
  above: Uint8Array,
  {answer, count, wanted, bit}: {answer: Uint8Array; count: number; wanted: number; bit: number},
): void {
  for (let i = 0; i < count; i++) below[i] = above[i]! | ((answer[i]! ^ wanted) << bit);
}
