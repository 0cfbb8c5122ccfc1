// What does each feature add to one prediction, where rows come one at a time?

import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import type {LeafTable, SubsetTables} from "./subsetTables.ts";

/** All trees' splits, leaves and tables, one after another in the order in which a block of rows visits them. */
interface Forest {
  readonly feature: Int32Array; // of a split
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array; // 1 where a missing value goes left
  /** Each leaf's path, a split a step: split << 4 | bit of its feature << 1 | the answer that leads on. */
  readonly steps: Int32Array;
  readonly stepsEnd: Int32Array; // of a leaf, exclusive
  readonly pathFeature: Int32Array; // distinct features of each leaf's path
  readonly pathEnd: Int32Array; // of a leaf, exclusive
  readonly tableStart: Int32Array; // of a leaf in shap
  readonly shap: Float64Array;
}

/**
 * Exact TreeSHAP of one row, the same to the bit as that of a block of rows: every leaf's table is looked up, in the
 * same order. All splits are answered first and nothing is allocated but the answer: what a block spreads over its
 * rows, a single row would pay alone.
 *
 * @param tables of each tree
 * @returns a function of one row of float32 features, NaN where missing; it gives a value a feature
 */
export function prepareRowShap(
  {trees, width}: Pick<BoostedTrees, "trees" | "width">,
  tables: readonly SubsetTables[],
): (row: Float32Array) => Float64Array {
  const forest = layOut(trees, tables);
  const answers = new Uint8Array(forest.feature.length); // 1: left
  return (row) => {
    answer(forest, row, answers);
    const sums = new Float64Array(width);
    addLeaves(forest, answers, sums);
    return sums;
  };
}

function answer({feature, threshold, missingLeft}: Forest, row: Float32Array, answers: Uint8Array): void {
  for (let i = 0; i < answers.length; i++) {
    const value = row[feature[i]!]!;
    answers[i] = Number(value < threshold[i]!) | (Number(Number.isNaN(value)) & missingLeft[i]!);
  }
}

function addLeaves(
  {steps, stepsEnd, pathFeature, pathEnd, tableStart, shap}: Forest,
  answers: Uint8Array,
  sums: Float64Array,
): void {
  let step = 0;
  let j = 0;
  for (let leaf = 0; leaf < tableStart.length; leaf++) {
    let mask = 0;
    for (const end = stepsEnd[leaf]!; step < end; step++) {
      const code = steps[step]!;
      mask |= (answers[code >> 4]! ^ (code & 1)) << ((code >> 1) & 7);
    }
    const end = pathEnd[leaf]!;
    const size = 1 << (end - j);
    for (let at = tableStart[leaf]! + mask; j < end; j++, at += size) {
      const column = pathFeature[j]!;
      sums[column] = sums[column]! + shap[at]!;
    }
  }
}

function layOut(trees: readonly Tree[], tables: readonly SubsetTables[]): Forest {
  const splits: {readonly tree: Tree; readonly node: number}[] = [];
  const leaves: {readonly path: readonly number[]; readonly table: LeafTable}[] = [];

  trees.forEach((tree, t) => {
    const {bit, leaves: tableAt} = tables[t]!;
    visit(0, []);

    function visit(node: number, path: readonly number[]): void {
      if (tree.feature[node] === LEAF) {
        leaves.push({path, table: tableAt[node]!});
        return;
      }
      const step = (splits.push({tree, node}) - 1) * 16 + bit[node]! * 2;
      visit(tree.left[node]!, [...path, step + 1]);
      visit(tree.right[node]!, [...path, step]);
    }
  });

  const lengths = leaves.map(({table}) => table.shap.length);
  const starts = runningSums(lengths).map((end, i) => end - lengths[i]!);
  const shap = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
  leaves.forEach(({table}, i) => {
    shap.set(table.shap, starts[i]);
  });
  return {
    feature: Int32Array.from(splits, ({tree, node}) => tree.feature[node]!),
    threshold: Float32Array.from(splits, ({tree, node}) => tree.threshold[node]!),
    missingLeft: Uint8Array.from(splits, ({tree, node}) => tree.defaultLeft[node]!),
    steps: Int32Array.from(leaves.flatMap(({path}) => path)),
    stepsEnd: runningSums(leaves.map(({path}) => path.length)),
    pathFeature: Int32Array.from(leaves.flatMap(({table}) => Array.from(table.features))),
    pathEnd: runningSums(leaves.map(({table}) => table.features.length)),
    tableStart: starts,
    shap,
  };
}

function runningSums(values: readonly number[]): Int32Array {
  let sum = 0;
  return Int32Array.from(values, (value) => {
    sum += value;
    return sum;
  });
}
