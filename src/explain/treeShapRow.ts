// What does each feature add to one prediction, where rows come one at a time?

import {goesLeft, prepareAnswers} from "../models/gbdt/splitAnswers.ts";
import type {BoostedTrees, Tree} from "../models/gbdt/tree.ts";
import type {SubsetTables} from "./subsetTables.ts";

/** For every way to answer a tree's splits, a value for each of its features. */
interface AnswerTable {
  readonly columns: readonly number[];
  readonly shap: Float64Array; // columns.length values a way
}

/**
 * Exact TreeSHAP of one row: `treeShap()` up to the rounding of sums. The leaves of a small tree are added up beforehand
 * for every way in which a row may answer its splits; a row then costs one look-up a tree.
 *
 * @param tables of each tree, by leaf
 * @returns a function of one row of float32 features, NaN where missing, that gives a value a feature; null where some
 *   tree has no tables or more than 8 splits
 */
export function prepareRowShap(
  {trees, width}: Pick<BoostedTrees, "trees" | "width">,
  tables: readonly (SubsetTables | null)[],
): ((row: Float32Array) => Float64Array) | null {
  const answers = prepareAnswers(trees);
  const known = tables.filter((table) => table !== null);
  if (!answers || known.length < trees.length) return null;
  const {splits, answer} = answers;
  const byTree = trees.map((tree, t) => answerTable(tree, {splits: splits[t]!, tables: known[t]!}));
  const column = Int32Array.from(byTree.flatMap(({columns}) => columns));
  const counts = Int32Array.from(byTree, ({columns}) => columns.length);
  const {starts, shap} = joined(byTree.map((table) => table.shap));

  return (row) => {
    const sums = new Float64Array(width);
    const found = answer(row);
    let j = 0;
    for (let tree = 0; tree < found.length; tree++) {
      const count = counts[tree]!;
      let at = starts[tree]! + found[tree]! * count;
      for (const end = j + count; j < end; j++, at++) {
        const to = column[j]!;
        sums[to] = sums[to]! + shap[at]!;
      }
    }
    return sums;
  };
}

/** Tables one after another in one block of memory, and where each begins. */
function joined(tables: readonly Float64Array[]): {starts: Int32Array; shap: Float64Array} {
  const shap = new Float64Array(tables.reduce((sum, {length}) => sum + length, 0));
  const starts = new Int32Array(tables.length);
  let start = 0;
  tables.forEach((table, t) => {
    starts[t] = start;
    shap.set(table, start);
    start += table.length;
  });
  return {starts, shap};
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
      const fails = 1 << tables.bit[node]!;
      const left = goesLeft(answers, splits, node);
      addLeaves(tree.left[node]!, left ? failed : failed | fails);
      addLeaves(tree.right[node]!, left ? failed | fails : failed);
    }
  }
  return {columns, shap};
}
