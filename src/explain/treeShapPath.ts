// What does each feature add to one row's prediction? The textbook recursion, for trees of any depth.

import {LEAF, type Tree} from "../models/gbdt/tree.ts";

/** The features met on the way to a node, and the weights of their subsets by size. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array; // share of the training rows that go on where the feature is unknown
  readonly one: Float64Array; // 1 if the row itself goes on, else 0
  readonly weight: Float64Array; // of subsets by how many features are in them
}

/**
 * Adds one tree's SHAP values of one row to `values`.
 *
 * Algorithm 2 of Lundberg, Erion and Lee (2018), "Consistent individualized feature attribution for tree
 * ensembles": O(leaves x depth^2), exact where the expectation of an unknown feature is by training cover.
 *
 * @param features row-major float32; the row begins at `from.start`
 * @param to.values where feature j's value is added at `j * to.stride + to.offset`
 */
export function addTreeShapPath(
  tree: Tree,
  from: {features: Float32Array; start: number},
  to: {values: Float64Array; stride: number; offset: number},
): void {
  const {features, start} = from;

  function visit(
    node: number,
    parent: Path,
    length: number,
    step: {feature: number; zero: number; one: number},
  ) {
    const path = extend(parent, length, step);
    const feature = tree.feature[node]!;
    if (feature === LEAF) {
      for (let i = 1; i <= length; i++) {
        const share = unwoundSum(path, length, i) * (path.one[i]! - path.zero[i]!);
        to.values[path.feature[i]! * to.stride + to.offset]! += share * tree.value[node]!;
      }
      return;
    }
    const x = features[start + feature]!;
    const goesLeft = x < tree.threshold[node]! || (Number.isNaN(x) && tree.defaultLeft[node] === 1);
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    const [hot, cold] = goesLeft ? [left, right] : [right, left];
    let zero = 1;
    let one = 1;
    let end = length;
    const met = path.feature.subarray(1, length + 1).indexOf(feature) + 1;
    if (met > 0) {
      // The feature was split on before: both splits count as one step.
      zero = path.zero[met]!;
      one = path.one[met]!;
      unwind(path, length, met);
      end--;
    }
    const cover = tree.cover[node]!;
    visit(hot, path, end + 1, {feature, zero: (zero * tree.cover[hot]!) / cover, one});
    visit(cold, path, end + 1, {feature, zero: (zero * tree.cover[cold]!) / cover, one: 0});
  }

  visit(0, emptyPath(0), 0, {feature: -1, zero: 1, one: 1});
}

function emptyPath(length: number): Path {
  return {
    feature: new Int32Array(length),
    zero: new Float64Array(length),
    one: new Float64Array(length),
    weight: new Float64Array(length),
  };
}

/** EXTEND: a copy of the first `length` entries of the path with a feature more, its subsets grown by it or not. */
function extend(parent: Path, length: number, step: {feature: number; zero: number; one: number}): Path {
  const path = emptyPath(length + 1);
  path.feature.set(parent.feature.subarray(0, length));
  path.zero.set(parent.zero.subarray(0, length));
  path.one.set(parent.one.subarray(0, length));
  path.weight.set(parent.weight.subarray(0, length));
  path.feature[length] = step.feature;
  path.zero[length] = step.zero;
  path.one[length] = step.one;
  path.weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    const weight = path.weight[i]!;
    path.weight[i + 1]! += (step.one * weight * (i + 1)) / (length + 1);
    path.weight[i] = (step.zero * weight * (length - i)) / (length + 1);
  }
  return path;
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
