// What does a leaf give to each feature of its path, for each set of conditions that a row meets?

import {LEAF, type Tree} from "../models/gbdt/tree.ts";

/** Beyond this many distinct features on a path, tables of 2^n x n values cost more than they save. */
export const MAX_TABLE_FEATURES = 7;

/** One leaf's SHAP values, tabulated. Bit j of a mask: the row meets every split on features[j] above the leaf. */
export interface LeafTable {
  /** Distinct features on the path, in the order first met. */
  readonly features: Int32Array;
  /** The splits on the path, what a row must answer (1: left), and whose bit each clears if it does not. */
  readonly nodes: Int32Array;
  readonly isLeft: Uint8Array;
  readonly bit: Uint8Array;
  /** shap[mask * features.length + j]: what the leaf adds to features[j]. */
  readonly shap: Float64Array;
  /** The leaf's part of the expected value: its value times the share of training rows that reach it. */
  readonly expected: number;
}

/** A step from a split to one of its children. */
interface Step {
  readonly node: number;
  readonly isLeft: boolean;
}

/** One table a leaf, left to right; null if some path has too many distinct features. */
export function leafTables(tree: Tree): LeafTable[] | null {
  const tables: LeafTable[] = [];
  return collect(0, []) ? tables : null;

  function collect(node: number, path: readonly Step[]): boolean {
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      const table = tabulate(tree, node, path);
      if (table) tables.push(table);
      return table !== null;
    }
    return (
      collect(tree.left[node]!, [...path, {node, isLeft: true}]) &&
      collect(tree.right[node]!, [...path, {node, isLeft: false}])
    );
  }
}

function tabulate(tree: Tree, leaf: number, path: readonly Step[]): LeafTable | null {
  const features: number[] = [];
  const zero: number[] = []; // share of training rows that go on where the feature is unknown
  const bit: number[] = [];
  for (const {node, isLeft} of path) {
    const feature = tree.feature[node]!;
    const child = (isLeft ? tree.left : tree.right)[node]!;
    let j = features.indexOf(feature);
    if (j < 0) {
      j = features.push(feature) - 1;
      zero.push(1);
    }
    zero[j]! *= tree.cover[child]! / tree.cover[node]!;
    bit.push(j);
  }
  if (features.length > MAX_TABLE_FEATURES) return null;
  return {
    features: Int32Array.from(features),
    nodes: Int32Array.from(path, ({node}) => node),
    isLeft: Uint8Array.from(path, ({isLeft}) => (isLeft ? 1 : 0)),
    bit: Uint8Array.from(bit),
    shap: shapByMask(zero, tree.value[leaf]!),
    expected: zero.reduce((product, share) => product * share, tree.value[leaf]!),
  };
}

/**
 * Shapley values of a leaf's game for every mask of met conditions. In the game a coalition S is worth
 *
 *     v(S) = value x prod over i in S of one_i x prod over i not in S of zero_i,    one_i = 1 if i is in the mask
 *
 * so that feature j is given
 *
 *     value x (one_j - zero_j) x sum over S in mask \ {j} of |S|! (n - 1 - |S|)! / n! x prod over i not in S or j of zero_i
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
      const one = (mask >> j) & 1;
      shap[mask * n + j] = value * (one - zero[j]!) * sum[mask & others]!;
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
