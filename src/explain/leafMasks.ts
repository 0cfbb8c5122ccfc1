// Which features of each leaf's path send a row elsewhere? For all rows and leaves of a tree, a block of rows at a time.

import type {RowRange} from "../frame.ts";
import {LEAF, type Tree, treeDepth} from "../models/gbdt/tree.ts";

/** Rows taken together: their decisions and sums stay in the processor's nearest memory. */
const BLOCK = 256;

/** A block of rows at a leaf. */
export interface LeafRows {
  readonly range: RowRange;
  /** One a row of the range, from its start: bit i is set where a split on the path's i-th feature fails. */
  readonly masks: Uint8Array;
}

/**
 * Takes every block of rows down every path of a tree, and visits each leaf with them.
 *
 * @param bit of each split, as `subsetTables` numbers them
 * @param features.columns float32, column-major, NaN where missing
 */
export function visitLeaves(
  tree: Tree,
  bit: Uint8Array,
  {columns, rows}: {readonly columns: Float32Array; readonly rows: number},
  visit: (leaf: number, rows: LeafRows) => void,
): void {
  const block = Math.min(BLOCK, rows);
  const levels = Array.from({length: treeDepth(tree) + 1}, () => ({
    answer: new Uint8Array(block), // 1: left
    masks: new Uint8Array(block), // which features of the path have failed so far
  }));
  for (let start = 0; start < rows; start += block)
    descend(0, 0, {start, end: Math.min(rows, start + block)});

  function descend(node: number, level: number, range: RowRange): void {
    const {answer, masks} = levels[level]!;
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      visit(node, {masks, range});
      return;
    }
    const column = feature * rows;
    decide(tree, node, {x: columns.subarray(column + range.start, column + range.end), answer});
    const below = levels[level + 1]!.masks;
    setFailed(below, masks, {answer, wanted: 1, bit: bit[node]!});
    descend(tree.left[node]!, level + 1, range);
    setFailed(below, masks, {answer, wanted: 0, bit: bit[node]!});
    descend(tree.right[node]!, level + 1, range);
  }
}

/** Row-major features as columns one after another. */
export function toColumns(values: Float32Array, rows: number, width: number): Float32Array {
  const columns = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) columns[j * rows + i] = values[i * width + j]!;
  return columns;
}

/** Where each row goes at a split, in arithmetic: a branch would be mispredicted half the time. */
function decide(tree: Tree, node: number, {x, answer}: {x: Float32Array; answer: Uint8Array}): void {
  const threshold = tree.threshold[node]!;
  const whereMissing = tree.defaultLeft[node]!;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    answer[i] = Number(value < threshold) | (Number(Number.isNaN(value)) & whereMissing);
  }
}

function setFailed(
  below: Uint8Array,
  above: Uint8Array,
  {answer, wanted, bit}: {answer: Uint8Array; wanted: number; bit: number},
): void {
  for (let i = 0; i < above.length; i++) below[i] = above[i]! | ((answer[i]! ^ wanted) << bit);
}
