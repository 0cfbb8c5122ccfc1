// What does each feature add to a prediction? The textbook recursion, for trees of any depth.

import {LEAF, type Tree, treeDepth} from "../models/gbdt/tree.ts";

/** From a split to a child. */
interface Step {
  readonly feature: number;
  readonly zero: number; // share of the training rows that go on where the feature is unknown
  readonly one: number; // 1 if the row itself goes on, else 0
}

/** The features met on the way to a node, and the weights of their subsets by size. Entry 0 is of no feature. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array; // of subsets by how many features are in them
}

/**
 * Adds one tree's SHAP values of all rows to column-major sums.
 *
 * Algorithm 2 of Lundberg, Erion and Lee (2018), "Consistent individualized feature attribution for tree
 * ensembles": O(leaves x depth^2) a row, exact where the expectation of an unknown feature is by training cover.
 *
 * @param features row-major float32, NaN where missing
 * @param to.sums feature j's value of row i is added at j * rows + i
 */
export function addTreeShapPath(
  tree: Tree,
  features: Float32Array,
  {sums, rows}: {sums: Float64Array; rows: number},
): void {
  const width = features.length / rows;
  const deepest = treeDepth(tree);
  const paths = Array.from({length: deepest + 1}, () => createPath(deepest + 1)); // one a level of the recursion
  for (let row = 0; row < rows; row++)
    visit(row, {node: 0, level: 0, length: 0, feature: -1, zero: 1, one: 1});

  /** `length`: entries on the parent's path; the rest is the step from the parent to the node. */
  function visit(row: number, step: Step & {node: number; level: number; length: number}): void {
    const {node, level, length} = step;
    const path = paths[level]!;
    if (level > 0) copyPath(paths[level - 1]!, path, length);
    extend(path, length, step);
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      for (let i = 1; i <= length; i++) {
        const share = unwoundSum(path, length, i) * (path.one[i]! - path.zero[i]!);
        sums[path.feature[i]! * rows + row]! += share * tree.value[node]!;
      }
      return;
    }
    const x = features[row * width + feature]!;
    const goesLeft = x < tree.threshold[node]! || (Number.isNaN(x) && tree.defaultLeft[node] === 1);
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    const [hot, cold] = goesLeft ? [left, right] : [right, left];
    let zero = 1;
    let one = 1;
    let end = length + 1;
    const met = path.feature.indexOf(feature, 1);
    if (met > 0 && met <= length) {
      // The feature was split on before: both splits count as one step.
      zero = path.zero[met]!;
      one = path.one[met]!;
      unwind(path, length, met);
      end--;
    }
    const cover = tree.cover[node]!;
    const next = {level: level + 1, length: end, feature};
    visit(row, {...next, node: hot, zero: (zero * tree.cover[hot]!) / cover, one});
    visit(row, {...next, node: cold, zero: (zero * tree.cover[cold]!) / cover, one: 0});
  }
}

function createPath(length: number): Path {
  return {
    feature: new Int32Array(length),
    zero: new Float64Array(length),
    one: new Float64Array(length),
    weight: new Float64Array(length),
  };
}

function copyPath(from: Path, to: Path, length: number): void {
  for (let i = 0; i < length; i++) {
    to.feature[i] = from.feature[i]!;
    to.zero[i] = from.zero[i]!;
    to.one[i] = from.one[i]!;
    to.weight[i] = from.weight[i]!;
  }
}

/** EXTEND: a step more on a path of `length` entries; each subset of the path's features goes on with it or without. */
function extend(path: Path, length: number, {feature, zero, one}: Step): void {
  const {weight} = path;
  path.feature[length] = feature;
  path.zero[length] = zero;
  path.one[length] = one;
  weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[i + 1]! += (one * weight[i]! * (i + 1)) / (length + 1);
    weight[i] = (zero * weight[i]! * (length - i)) / (length + 1);
  }
}

/** UNWIND: undoes the extension by entry k of a path whose last entry is `last`, in place. */
function unwind(path: Path, last: number, k: number): void {
  const {feature, zero, one, weight} = path;
  const oneK = one[k]!;
  const zeroK = zero[k]!;
  let next = weight[last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (oneK !== 0) {
      const kept = weight[i]!;
      weight[i] = (next * (last + 1)) / ((i + 1) * oneK);
      next = kept - (weight[i]! * zeroK * (last - i)) / (last + 1);
    } else weight[i] = (weight[i]! * (last + 1)) / (zeroK * (last - i));
  }
  for (const entries of [feature, zero, one]) entries.copyWithin(k, k + 1, last + 1);
}

/** The sum of the weights that `unwind` by entry k would leave. */
function unwoundSum({zero, one, weight}: Path, last: number, k: number): number {
  const oneK = one[k]!;
  const zeroK = zero[k]!;
  let next = weight[last]!;
  let total = 0;
  for (let i = last - 1; i >= 0; i--) {
    if (oneK !== 0) {
      const unwound = (next * (last + 1)) / ((i + 1) * oneK);
      total += unwound;
      next = weight[i]! - (unwound * zeroK * (last - i)) / (last + 1);
    } else total += (weight[i]! * (last + 1)) / (zeroK * (last - i));
  }
  return total;
}
