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

/**
 * What a leaf gives for every mask: 2^n values a player, or a pair of players.
 *
 * @param zero for each of n features, the share of training rows that go on where the feature is unknown
 */
export type TabulateLeaf = (zero: readonly number[], value: number) => Float64Array;

/** A tree's tables, by node. */
export interface SubsetTables {
  /** The bit that a split sets in the masks of the leaves below it. */
  readonly bit: Uint8Array;
  /** Undefined at splits. */
  readonly leaves: readonly (LeafTable | undefined)[];
}

/** The tables of a tree's leaves; null if some path has too many distinct features. */
export function subsetTables(tree: Tree, tabulateLeaf: TabulateLeaf = shapByMask): SubsetTables | null {
  const bit = new Uint8Array(tree.feature.length);
  const leaves = new Array<LeafTable | undefined>(tree.feature.length);
  return tabulate(0, [], []) ? {bit, leaves} : null;

  function tabulate(node: number, features: readonly number[], zero: readonly number[]): boolean {
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      leaves[node] = {features: Int32Array.from(features), shap: tabulateLeaf(zero, tree.value[node]!)};
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
  const products = subsetProducts(zero);
  const weight = shapleyWeights(n);
  const shap = new Float64Array(masks * n);
  const sum = new Float64Array(masks);
  for (let j = 0; j < n; j++) {
    const others = (masks - 1) ^ (1 << j);
    sumSubsets(sum, products, {n, players: 1 << j, weight});
    for (let mask = 0; mask < masks; mask++) {
      const one = 1 - ((mask >> j) & 1);
      shap[j * masks + mask] = value * (one - zero[j]!) * sum[others & ~mask]!;
    }
  }
  return shap;
}

/**
 * Shapley interaction values of a leaf's game for every mask, a pair j < k after another. As above, with
 * (one_j - zero_j) (one_k - zero_k) for one difference, subsets without both, and |S|! (n - 2 - |S|)! / (2 (n - 1)!)
 * for their weight: half of the pair's interaction, the other half belongs to (k, j). Fujimoto, Kojadinovic and
 * Marichal (2006).
 */
export function interactionsByMask(zero: readonly number[], value: number): Float64Array {
  const n = zero.length;
  const masks = 1 << n;
  const products = subsetProducts(zero);
  const weight = shapleyWeights(n - 1);
  const values = new Float64Array((masks * n * (n - 1)) / 2);
  const sum = new Float64Array(masks);
  let pair = 0;
  for (let j = 0; j < n; j++) {
    for (let k = j + 1; k < n; k++) {
      const players = (1 << j) | (1 << k);
      const others = (masks - 1) ^ players;
      sumSubsets(sum, products, {n, players, weight});
      for (let mask = 0; mask < masks; mask++) {
        const first = 1 - ((mask >> j) & 1) - zero[j]!;
        const second = 1 - ((mask >> k) & 1) - zero[k]!;
        values[pair + mask] = (value / 2) * first * second * sum[others & ~mask]!;
      }
      pair += masks;
    }
  }
  return values;
}

interface SubsetProducts {
  readonly product: Float64Array; // of zero_i over the set
  readonly size: Uint8Array;
}

/** By set of features, as a mask. */
function subsetProducts(zero: readonly number[]): SubsetProducts {
  const masks = 1 << zero.length;
  const product = new Float64Array(masks).fill(1);
  const size = new Uint8Array(masks);
  for (let mask = 1; mask < masks; mask++) {
    const rest = mask & (mask - 1);
    product[mask] = product[rest]! * zero[31 - Math.clz32(mask ^ rest)]!;
    size[mask] = size[rest]! + 1;
  }
  return {product, size};
}

/** sum[T]: over all S within T that hold none of the players, weight[|S|] x prod over i neither in S nor a player of zero_i. */
function sumSubsets(
  sum: Float64Array,
  {product, size}: SubsetProducts,
  {n, players, weight}: {n: number; players: number; weight: Float64Array},
): void {
  const others = (sum.length - 1) ^ players;
  for (let mask = 0; mask < sum.length; mask++)
    sum[mask] = mask & players ? 0 : weight[size[mask]!]! * product[others & ~mask]!;
  for (let i = 0; i < n; i++) {
    const bit = 1 << i;
    if (bit & players) continue;
    for (let mask = 0; mask < sum.length; mask++) if (mask & bit) sum[mask]! += sum[mask ^ bit]!;
  }
}

/** s! (n - 1 - s)! / n! at s: the chance that s given features of n come first, and another one next. */
function shapleyWeights(n: number): Float64Array {
  const weights = new Float64Array(n);
  if (n > 0) weights[0] = 1 / n;
  for (let s = 1; s < n; s++) weights[s] = (weights[s - 1]! * s) / (n - s);
  return weights;
}
