// Which features of a deep tree move a prediction together? Leaf by leaf and row by row, for any number of features.

import {LEAF, type Tree} from "../models/gbdt/tree.ts";
import {type PairSums, pairColumn} from "./pairSums.ts";

/** A feature on a leaf's path: the share of training rows that go on without it, and whether the row itself does. */
interface Player {
  readonly feature: number;
  readonly zero: number;
  readonly one: number;
}

/**
 * Adds one tree's SHAP interaction values of all rows to the sums of pairs: O(leaves x n^4) a row, n features on a path.
 *
 * In a leaf's game a coalition is worth value x prod of one_i in it x prod of zero_i outside it, so that the coefficients
 * of prod over i of (zero_i + one_i t) sum the worths of all coalitions of the same size.
 *
 * @param features row-major float32, NaN where missing
 */
export function addInteractionPath(tree: Tree, features: Float32Array, sums: PairSums): void {
  for (let row = 0; row < sums.rows; row++) {
    const own = features.subarray(row * sums.width, (row + 1) * sums.width);
    visit(row, own, {node: 0, players: []});
  }

  function visit(
    row: number,
    own: Float32Array,
    {node, players}: {node: number; players: readonly Player[]},
  ): void {
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      addPairs(players, tree.value[node]!, {row, sums});
      return;
    }
    const x = own[feature]!;
    const goesLeft = x < tree.threshold[node]! || (Number.isNaN(x) && tree.defaultLeft[node] === 1);
    const before = players.find((player) => player.feature === feature) ?? {zero: 1, one: 1};
    const others = players.filter((player) => player.feature !== feature);
    for (const [child, goes] of [
      [tree.left[node]!, goesLeft] as const,
      [tree.right[node]!, !goesLeft] as const,
    ]) {
      const zero = (before.zero * tree.cover[child]!) / tree.cover[node]!;
      visit(row, own, {node: child, players: [...others, {feature, zero, one: goes ? before.one : 0}]});
    }
  }
}

function addPairs(
  players: readonly Player[],
  value: number,
  {row, sums}: {row: number; sums: PairSums},
): void {
  for (const [j, first] of players.entries()) {
    for (const [k, second] of players.entries()) {
      if (k <= j) continue;
      const others = players.filter((_, i) => i !== j && i !== k);
      const both = (first.one - first.zero) * (second.one - second.zero);
      pairColumn(sums, first.feature, second.feature)[row]! += (value / 2) * both * weightedSum(others);
    }
  }
}

/** Sum over the subsets S of m others of |S|! (m - |S|)! / (m + 1)! x their worth. */
function weightedSum(others: readonly Player[]): number {
  const coefficients = [1]; // of t^s: worths of subsets of size s
  for (const {zero, one} of others) {
    coefficients.push(0);
    for (let s = coefficients.length - 1; s >= 0; s--)
      coefficients[s] = zero * coefficients[s]! + one * (coefficients[s - 1] ?? 0);
  }
  const m = others.length;
  let weight = 1 / (m + 1);
  let sum = 0;
  for (let s = 0; s <= m; s++) {
    sum += weight * coefficients[s]!;
    weight *= (s + 1) / Math.max(1, m - s);
  }
  return sum;
}
