// What does a leaf give to each feature of its path, for each set of conditions that a row meets?

import {LEAF, type Tree} from "../models/gbdt/tree.ts";

/** Beyond this many distinct features on a path, tables of 2^n x n values cost more than they save. */
export const MAX_TABLE_FEATURES = 7;

/** One leaf's SHAP values, tabulated by which features of its path send a row elsewhere. */
export interface LeafTable {
  /** The n distinct features on the path, in the order first met. */
  readonly features: Int32Array;
  /** shap[j * 2^n + mask]: what the leaf adds to features[j]. Bit i of a mask: a split on features[i] fails. */
  readonly shap: Float64Array;
}

/** A tree's tables, by node. */
export interface SubsetTables {
  /** The bit that a split sets in the masks of the leaves below it. */
  readonly bit: Uint8Array;
  /** Undefined at splits. */
  readonly leaves: readonly (LeafTable | undefined)[];
}

/** The tables of a tree's leaves; null if some path has too many distinct features. */
export function subsetTables(tree: Tree): SubsetTables | null {
  const bit = new Uint8Array(tree.feature.length);
  const leaves = new Array<LeafTable | undefined>(tree.feature.length);
  return tabulate(0, [], []) ? {bit, leaves} : null;

  /** `zero`: for each feature met, the share of training rows that go on where the feature is unknown. */
  function tabulate(node: number, features: readonly number[], zero: readonly number[]): boolean {
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      leaves[node] = {features: Int32Array.from(features), shap: shapByMask(zero, tree.value[node]!)};
      return true;
    }
    const met = features.indexOf(feature);
    const j = met < 0 ? features.length : met;
    if (j === MAX_TABLE_FEATURES) return false;
    bit[node] = j;
    const path = met < 0 ? [...features, feature] : features;
    return [tree.left[node]!, tree.right[node]!].every((child) => {
      const shares = [...zero];
      shares[j] = ((zero[j] ?? 1) * tree.cover[child]!) / tree.cover[node]!;
      return tabulate(child, path, shares);
    });
  }
}

/**
 * Shapley values of a leaf's game for every mask. In the game a coalition S is worth
 *
 *     v(S) = value x prod over i in S of one_i x prod over i not in S of zero_i,    one_i = 0 if i is in the mask, else 1
 *
 * so that feature j is given
 *
 *     value x (one_j - zero_j) x sum over S without j and the mask of |S|! (n - 1 - |S|)! / n! x prod over i not in S or j of zero_i
 *
 * The sums over subsets of all masks are taken together, one feature at a time (Yates 1937).
 */
function shapByMask(zero: readonly number[], value: number): Float64Array {
  const n = zero.length;
  const masks = 1 << n;
  const product = new Float64Array(masks).fill(1); // of zero_i over the mask
  const size = new Uint8Array(masks);
  for (let mask = 1; mask < masks; mask++) {
    const rest = mask & (mask - 1);
    product[mask] = product[rest]! * zero[31 - Math.clz32(mask ^ rest)]!;
    size[mask] = size[rest]! + 1;
  }
  const weight = shapleyWeights(n);
  const shap = new Float64Array(masks * n);
  const sum = new Float64Array(masks);
  for (let j = 0; j < n; j++) {
    const others = (masks - 1) ^ (1 << j);
    for (let mask = 0; mask < masks; mask++)
      sum[mask] = mask & (1 << j) ? 0 : weight[size[mask]!]! * product[others & ~mask]!;
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      for (let mask = 0; mask < masks; mask++) if (mask & (1 << i)) sum[mask]! += sum[mask ^ (1 << i)]!;
    }
    for (let mask = 0; mask < masks; mask++) {
      const one = 1 - ((mask >> j) & 1);
      shap[j * masks + mask] = value * (one - zero[j]!) * sum[others & ~mask]!;
    }
  }
  return shap;
}

/** s! (n - 1 - s)! / n! at s: the chance that s given features of n come first, and another one next. */
function shapleyWeights(n: number): Float64Array {
  const weights = new Float64Array(n);
  if (n > 0) weights[0] = 1 / n;
  for (let s = 1; s < n; s++) weights[s] = (weights[s - 1]! * s) / (n - s);
  return weights;
}
