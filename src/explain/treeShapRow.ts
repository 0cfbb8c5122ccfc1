// What does each feature add to one prediction, where rows come one at a time?

import {goesLeft, prepareAnswers} from "../models/gbdt/splitAnswers.ts";
import type {BoostedTrees, Tree} from "../models/gbdt/tree.ts";
import type {SubsetTables} from "./subsetTables.ts";

/** For every way to answer a tree's splits, a value for each of its features; worked out when it is first met. */
interface AnswerTable {
  readonly columns: readonly number[];
  /** Writes columns.length values for the answers. */
  fill(answers: number, sums: Float64Array): void;
}

/**
 * Exact TreeSHAP of one row: `treeShap()` up to the rounding of sums. The leaves of a small tree are added up once for a
 * way in which a row may answer its splits; a row that answers as one before it costs one look-up a tree.
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
  const starts = new Int32Array(byTree.length); // of each tree's table in `shap`
  let size = 0;
  byTree.forEach(({columns}, t) => {
    starts[t] = size;
    size += columns.length << splits[t]!.length;
  });
  const shap = new Float64Array(size);
  const ways = Int32Array.from(splits, (own) => 1 << own.length);
  const firstWay = Int32Array.from(ways, (_, t) =>
    ways.subarray(0, t).reduce((sum, count) => sum + count, 0),
  );
  const isKnown = new Uint8Array(ways.reduce((sum, count) => sum + count, 0));

  return (row) => {
    const sums = new Float64Array(width);
    const found = answer(row);
    let j = 0;
    for (let tree = 0; tree < found.length; tree++) {
      const count = counts[tree]!;
      const way = found[tree]!;
      let at = starts[tree]! + way * count;
      if (isKnown[firstWay[tree]! + way] === 0) {
        byTree[tree]!.fill(way, shap.subarray(at, at + count));
        isKnown[firstWay[tree]! + way] = 1;
      }
      for (const end = j + count; j < end; j++, at++) {
        const to = column[j]!;
        sums[to] = sums[to]! + shap[at]!;
      }
    }
    return sums;
  };
}

function answerTable(
  tree: Tree,
  {splits, tables}: {splits: readonly number[]; tables: SubsetTables},
): AnswerTable {
  const columns = [...new Set(splits.map((node) => tree.feature[node]!))];
  return {
    columns,
    fill(answers, sums) {
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
    },
  };
}
