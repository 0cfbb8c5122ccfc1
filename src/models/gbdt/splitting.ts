// Which split of this node lowers the loss most?

import {BIN_SLOTS, type BinnedFeatures, MISSING_BIN} from "./binning.ts";
import {type Gradients, readFeature} from "./histogram.ts";

/** A set of rows as the search sees it: sums, and the bounds that monotone splits above it put on its value. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly lower: number;
  readonly upper: number;
}

/** The best split found: feature < 0 if none. Its left child's sums include the missing where they go left. */
export interface Split {
  feature: number;
  bin: number; // bins up to and including this one go left
  defaultLeft: boolean;
  gain: number;
  leftGradient: number;
  leftHessian: number;
}

/** What stays the same for all nodes of a tree. */
export interface SplitSearch {
  readonly binned: BinnedFeatures;
  readonly gradients: Gradients;
  /** The features this tree may use, increasing. */
  features: Int32Array;
  readonly l2: number;
  readonly minLeafWeight: number;
  readonly minGain: number;
  /** -1, 0 or 1 a feature; null if all are 0. */
  readonly monotone: Int8Array | null;
  /** 1 / (n + l2) at n: two divisions a bin are what a scan would otherwise wait for. */
  readonly reciprocals: Float64Array;
  /** One feature's bins, unpacked. */
  readonly binGradient: Float64Array;
  readonly binHessian: Float64Array;
}

export function createSplitSearch(
  binned: BinnedFeatures,
  options: {
    gradients: Gradients;
    l2: number;
    minLeafWeight: number;
    minGain: number;
    monotone: Int8Array | null;
  },
): SplitSearch {
  const {gradients, l2} = options;
  const counts = gradients.form === "packed" ? binned.rows + 1 : 0;
  return {
    ...options,
    binned,
    features: Int32Array.from({length: binned.width}, (_, j) => j),
    reciprocals: Float64Array.from({length: counts}, (_, count) => 1 / (count + l2)),
    binGradient: new Float64Array(BIN_SLOTS),
    binHessian: new Float64Array(BIN_SLOTS),
  };
}

/**
 * The split with the largest gain
 *
 *     gain = GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2)
 *
 * over all features, bins, and both ways for missing values, where G and H sum gradients and hessians, each child
 * has a hessian of at least `minLeafWeight`, and the gain exceeds `minGain`. The first of equals wins: features
 * and bins in order, missing right before left. Chen and Guestrin (2016), equation 7 (twice its value) and
 * algorithm 3. Where the node has no missing value of the feature, the heavier child is the default.
 *
 * @param histogram of the node; of its parent where `minus` is given
 * @param minus the sibling's histogram, to be subtracted here in place, or null
 */
export function findSplit(
  search: SplitSearch,
  node: NodeSums,
  from: {histogram: Float64Array; minus: Float64Array | null},
): Split {
  const {features, binned, gradients, monotone} = search;
  const parent = nodeScore(search, node, nodeWeight(search, node));
  // The last digits of a score are rounding: a split that moves only these is none.
  const score = parent + search.minGain + 1e-12 * Math.abs(parent);
  const best = {feature: -1, bin: 0, defaultLeft: false, gain: score, leftGradient: 0, leftHessian: 0};
  for (let k = 0; k < features.length; k++) {
    const feature = features[k]!;
    if (gradients.form === "packed" && monotone === null && binned.hasMissing[feature] === 0)
      scanPacked(search, node, {...from, feature, unit: gradients.unit, best});
    else {
      const {binGradient: gradient, binHessian: hessian} = search;
      const bins = binned.cuts[feature]!.length; // those that can be a left child's last
      readFeature(from.histogram, from.minus, {gradients, feature, bins, gradient, hessian});
      scanFeature(search, node, {feature, best});
    }
  }
  best.gain -= parent;
  return best;
}

/** The value, before shrinkage, that lowers a node's loss most within its bounds: -G / (H + l2). */
export function nodeWeight({l2}: {l2: number}, {gradient, hessian, lower, upper}: NodeSums): number {
  const free = hessian + l2 > 0 ? -gradient / (hessian + l2) : 0;
  return Math.min(upper, Math.max(lower, free));
}

/** Twice the loss that a weight takes away: G^2 / (H + l2) at the free optimum. */
function nodeScore({l2}: {l2: number}, {gradient, hessian}: NodeSums, weight: number): number {
  return -(2 * gradient + (hessian + l2) * weight) * weight;
}

/** One feature of any kind: both ways for missing values, monotone or free, from unpacked bins. */
function scanFeature(search: SplitSearch, node: NodeSums, to: {feature: number; best: Split}): void {
  const {feature, best} = to;
  const {binGradient, binHessian} = search;
  const candidates = search.binned.cuts[feature]!.length;
  const missingGradient = binGradient[MISSING_BIN]!;
  const missingHessian = binHessian[MISSING_BIN]!;
  const hasMissing = missingGradient !== 0 || missingHessian !== 0;
  const direction = search.monotone === null ? null : search.monotone[feature]!;
  let gradient = 0;
  let hessian = 0;
  for (let bin = 0; bin < candidates; bin++) {
    if (binGradient[bin] === 0 && binHessian[bin] === 0) continue; // parts the rows as the bin before did
    gradient += binGradient[bin]!;
    hessian += binHessian[bin]!;
    for (let way = 0; way <= (hasMissing ? 1 : 0); way++) {
      const leftGradient = way === 0 ? gradient : gradient + missingGradient;
      const leftHessian = way === 0 ? hessian : hessian + missingHessian;
      const score = splitScore(search, node, {leftGradient, leftHessian, direction});
      if (score > best.gain) {
        const defaultLeft = hasMissing ? way === 1 : 2 * leftHessian >= node.hessian;
        Object.assign(best, {feature, bin, defaultLeft, gain: score, leftGradient, leftHessian});
      }
    }
  }
}

/** The score of both children; -Infinity where one is too light or their values break the feature's direction. */
function splitScore(
  search: SplitSearch,
  node: NodeSums,
  to: {leftGradient: number; leftHessian: number; direction: number | null},
): number {
  const {l2, minLeafWeight} = search;
  const {leftGradient, leftHessian, direction} = to;
  const gradient = node.gradient - leftGradient;
  const hessian = node.hessian - leftHessian;
  const isHeavy = leftHessian > 0 && hessian > 0 && leftHessian >= minLeafWeight && hessian >= minLeafWeight;
  if (!isHeavy) return Number.NEGATIVE_INFINITY;
  if (direction === null)
    return (
      leftGradient * leftGradient * (1 / (leftHessian + l2)) + gradient * gradient * (1 / (hessian + l2))
    );
  const {lower, upper} = node;
  const left = {gradient: leftGradient, hessian: leftHessian, lower, upper};
  const right = {gradient, hessian, lower, upper};
  const leftWeight = nodeWeight(search, left);
  const rightWeight = nodeWeight(search, right);
  if (direction * (rightWeight - leftWeight) < 0) return Number.NEGATIVE_INFINITY;
  return nodeScore(search, left, leftWeight) + nodeScore(search, right, rightWeight);
}

/**
 * The common case, several times as fast: packed sums, no missing value of the feature in training, no
 * monotone bounds. Subtracts, unpacks and scores in one pass.
 */
function scanPacked(
  search: SplitSearch,
  node: NodeSums,
  from: {
    histogram: Float64Array;
    minus: Float64Array | null;
    feature: number;
    unit: number;
    best: Split;
  },
): void {
  const {reciprocals, minLeafWeight} = search;
  const {histogram, minus, feature, unit, best} = from;
  const {gradient: total, hessian: rows} = node;
  const perUnit = 1 / unit;
  const first = feature * BIN_SLOTS;
  const last = first + search.binned.cuts[feature]!.length; // that bin is never a left child's: nobody reads it
  const least = Math.max(1, minLeafWeight);
  let bestScore = best.gain;
  let bestSlot = -1;
  let bestCount = 0;
  let bestGradient = 0;
  let sum = 0;
  for (let slot = first; slot < last; slot++) {
    let value = histogram[slot]!;
    if (minus !== null) {
      value -= minus[slot]!;
      histogram[slot] = value;
    }
    if (value === 0) continue;
    sum += value;
    const count = (sum * perUnit + 0.5) | 0;
    const rest = rows - count;
    if (count < least || rest < least) continue;
    const left = sum - count * unit;
    const right = total - left;
    const score = left * left * reciprocals[count]! + right * right * reciprocals[rest]!;
    if (score > bestScore) {
      bestScore = score;
      bestSlot = slot;
      bestCount = count;
      bestGradient = left;
    }
  }
  if (bestSlot < 0) return;
  best.feature = feature;
  best.bin = bestSlot - first;
  best.defaultLeft = 2 * bestCount >= rows;
  best.gain = bestScore;
  best.leftGradient = bestGradient;
  best.leftHessian = bestCount;
}
