// What does each feature add to one prediction, where rows come one at a time?

import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import type {SubsetTables} from "./subsetTables.ts";

/** A tree of more splits would need a table of more than 2^8 rows. */
const MOST_SPLITS = 8;

/** All trees' splits and tables, one tree after another. */
interface Forest {
  readonly feature: Int32Array; // of a split
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array; // 1 where a missing value goes left
  readonly splitEnd: Int32Array; // of a tree, exclusive
  readonly column: Int32Array; // the distinct features of each tree
  readonly columnEnd: Int32Array; // of a tree, exclusive
  /** For every way to answer a tree's splits, the first one in the highest bit: a value for each of its features. */
  readonly shap: Float64Array;
  readonly shapStart: Int32Array; // of a tree
}

/** One tree of a Forest. */
interface AnswerTable {
  readonly splits: readonly number[]; // nodes, in the order of their bits
  readonly columns: readonly number[];
  readonly shap: Float64Array;
}

/**
 * Exact TreeSHAP of one row: `treeShap()` up to the rounding of sums. The leaves of a small tree are added up beforehand
 * for every way in which a row may answer its splits; a row then costs one look-up a tree.
 *
 * @param tables of each tree, by leaf
 * @returns a function of one row of float32 features, NaN where missing, that gives a value a feature; undefined where
 *   some tree has more than 8 splits
 */
export function prepareRowShap(
  {trees, width}: Pick<BoostedTrees, "trees" | "width">,
  tables: readonly SubsetTables[],
): ((row: Float32Array) => Float64Array) | undefined {
  const splits = trees.map(splitsOf);
  if (splits.some(({length}) => length > MOST_SPLITS)) return undefined;
  const forest = layOut(
    trees,
    trees.map((tree, t) => answerTable(tree, {splits: splits[t]!, tables: tables[t]!})),
  );
  return (row) => addTrees(forest, row, new Float64Array(width));
}

function addTrees(
  {feature, threshold, missingLeft, splitEnd, column, columnEnd, shap, shapStart}: Forest,
  row: Float32Array,
  sums: Float64Array,
): Float64Array {
  let split = 0;
  let j = 0;
  for (let tree = 0; tree < splitEnd.length; tree++) {
    let answers = 0; // a bit a split, 1: left
    for (const end = splitEnd[tree]!; split < end; split++) {
      const value = row[feature[split]!]!;
      const left = Number(value < threshold[split]!) | (Number(Number.isNaN(value)) & missingLeft[split]!);
      answers = (answers << 1) | left;
    }
    const end = columnEnd[tree]!;
    for (let at = shapStart[tree]! + answers * (end - j); j < end; j++, at++) {
      const to = column[j]!;
      sums[to] = sums[to]! + shap[at]!;
    }
  }
  return sums;
}

function splitsOf({feature}: Tree): number[] {
  return [...feature.keys()].filter((node) => feature[node] !== LEAF);
}

function answerTable(
  tree: Tree,
  {splits, tables}: {splits: readonly number[]; tables: SubsetTables},
): AnswerTable {
  const columns = [...new Set(splits.map((node) => tree.feature[node]!))];
  const ways = 1 << splits.length;
  const shap = new Float64Array(ways * columns.length);
  for (let answers = 0; answers < ways; answers++) {
    const sums = shap.subarray(answers * columns.length, (answers + 1) * columns.length);
    addLeaves(0, 0);

    /** `failed`: which features of the path have sent the row elsewhere. */
    function addLeaves(node: number, failed: number): void {
      const leaf = tables.leaves[node];
      if (leaf) {
        leaf.features.forEach((feature, j) => {
          sums[columns.indexOf(feature)]! += leaf.shap[(j << leaf.features.length) + failed]!;
        });
        return;
      }
      const left = (answers >> (splits.length - 1 - splits.indexOf(node))) & 1;
      const bit = tables.bit[node]!;
      addLeaves(tree.left[node]!, failed | ((1 - left) << bit));
      addLeaves(tree.right[node]!, failed | (left << bit));
    }
  }
  return {splits, columns, shap};
}

function layOut(trees: readonly Tree[], tables: readonly AnswerTable[]): Forest {
  const nodes = tables.flatMap(({splits}, t) => splits.map((node) => ({tree: trees[t]!, node})));
  const sizes = tables.map(({shap}) => shap.length);
  const shapStart = runningSums(sizes).map((end, t) => end - sizes[t]!);
  const shap = new Float64Array(sizes.reduce((sum, size) => sum + size, 0));
  tables.forEach((table, t) => {
    shap.set(table.shap, shapStart[t]);
  });
  return {
    feature: Int32Array.from(nodes, ({tree, node}) => tree.feature[node]!),
    threshold: Float32Array.from(nodes, ({tree, node}) => tree.threshold[node]!),
    missingLeft: Uint8Array.from(nodes, ({tree, node}) => tree.defaultLeft[node]!),
    splitEnd: runningSums(tables.map(({splits}) => splits.length)),
    column: Int32Array.from(tables.flatMap(({columns}) => columns)),
    columnEnd: runningSums(tables.map(({columns}) => columns.length)),
    shap,
    shapStart,
  };
}

function runningSums(values: readonly number[]): Int32Array {
  let sum = 0;
  return Int32Array.from(values, (value) => {
    sum += value;
    return sum;
  });
}
