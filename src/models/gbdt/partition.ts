// Which branch does each row take?

import type {RowRange} from "../../frame.ts";
import type {BinnedFeatures} from "./binning.ts";
import type {Split} from "./splitting.ts";

/** Row indices, each node's side by side. */
export interface RowList {
  readonly rows: Int32Array;
  readonly spill: Int32Array; // right-hand rows while parting
  readonly leaves: Float64Array; // two values to look up: a branch would be mispredicted half the time
}

export function createRowList(rows: number): RowList {
  return {rows: new Int32Array(rows), spill: new Int32Array(rows), leaves: new Float64Array(2)};
}

/** Adds one leaf's value to the margins of its rows. */
export function addValue(
  {rows}: RowList,
  {start, end}: RowRange,
  to: {margin: Float64Array; value: number},
): void {
  const {margin, value} = to;
  for (let k = start; k < end; k++) margin[rows[k]!]! += value;
}

// A row goes left if its bin is at most the split's. The missing bin, 255, is above all others; where the missing
// go left, adding 1 to both sides modulo 256 puts it below all others instead.

/**
 * Two leaves that are not parted again: their rows need not be parted to be given a value.
 *
 * @param to.also a second margin of the same rows, where there is one
 */
export function addValuePair(
  {binned, margin}: {binned: BinnedFeatures; margin: Float64Array},
  {rows, leaves}: RowList,
  to: {range: RowRange; split: Split; values: readonly [number, number]; also?: Float64Array | undefined},
): void {
  const {range, split, also} = to;
  leaves[0] = to.values[1];
  leaves[1] = to.values[0];
  const {columns} = binned;
  const column = split.feature * binned.rows;
  const shift = split.defaultLeft ? 1 : 0;
  const limit = split.bin + shift;
  if (also) {
    for (let k = range.start; k < range.end; k++) {
      const row = rows[k]!;
      const value = leaves[Number(((columns[column + row]! + shift) & 255) <= limit)]!;
      margin[row]! += value;
      also[row]! += value;
    }
    return;
  }
  for (let k = range.start; k < range.end; k++) {
    const row = rows[k]!;
    margin[row]! += leaves[Number(((columns[column + row]! + shift) & 255) <= limit)]!;
  }
}

/** Puts the left child's rows before the right child's, each in their old order. */
export function partRows(
  binned: BinnedFeatures,
  {rows, spill}: RowList,
  {range, split}: {range: RowRange; split: Split},
): [RowRange, RowRange] {
  const {columns} = binned;
  const column = split.feature * binned.rows;
  const shift = split.defaultLeft ? 1 : 0;
  const limit = split.bin + shift;
  let middle = range.start;
  let spilled = 0;
  for (let k = range.start; k < range.end; k++) {
    const row = rows[k]!;
    const isLeft = Number(((columns[column + row]! + shift) & 255) <= limit);
    rows[middle] = row; // both are written, one is kept: no branch to mispredict
    spill[spilled] = row;
    middle += isLeft;
    spilled += 1 - isLeft;
  }
  rows.set(spill.subarray(0, spilled), middle);
  return [
    {start: range.start, end: middle},
    {start: middle, end: range.end},
  ];
}
