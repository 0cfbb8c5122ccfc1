// Which split of this node lowers the loss most?

import {BIN_SLOTS, type BinnedFeatures, MISSING_BIN} from "./binning.ts";
import type {Gradients} from "./histogram.ts";

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
  /** Draws the features that the next node may be split on, 1 a feature; every one of `features` where absent. */
  readonly drawCandidates?: (() => Uint8Array) | undefined;
  readonly l2: number;
  readonly minLeafWeight: number;
  readonly minGain: number;
  /** -1, 0 or 1 a feature; null if all are 0. Only in pairs' form. */
  readonly monotone: Int8Array | null;
  /** 1 / (n + l2) at n: two divisions a bin are what a scan would otherwise wait for. */
  readonly reciprocals: Float64Array;
}

export function createSplitSearch(
  binned: BinnedFeatures,
  options: {
    gradients: Gradients;
    l2: number;
    minLeafWeight: number;
    minGain: number;
    monotone: Int8Array | null;
    drawCandidates?: () => Uint8Array;
  },
): SplitSearch {
  const {gradients, l2} = options;
  const counts = gradients.form === "packed" ? binned.rows + 1 : 0;
  const reciprocals = new Float64Array(counts);
  for (let count = 0; count < counts; count++) reciprocals[count] = 1 / (count + l2);
  return {
    ...options,
    binned,
    features: Int32Array.from({length: binned.width}, (_, j) => j),
    reciprocals,
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
 * @param from.histogram of the node; of its parent where `minus` is given
 * @param from.minus the sibling's histogram, to be subtracted here in place, or null
 */
export function findSplit(
  search: SplitSearch,
  node: NodeSums,
  from: {histogram: Float64Array; minus: Float64Array | null},
): Split {
  const {features, binned} = search;
  const candidates = search.drawCandidates?.();
  const parent = nodeScore(search, node, nodeWeight(search, node));
  // The last digits of a score are rounding: a split that moves only these is none.
  const score = parent + search.minGain + 1e-12 * Math.abs(parent);
  const best = {feature: -1, bin: 0, defaultLeft: false, gain: score, leftGradient: 0, leftHessian: 0};
  for (let k = 0; k < features.length; k++) {
    const feature = features[k]!;
    if (candidates?.[feature] === 0) {
      subtractFeature(search, {...from, feature}); // a node below may be split on it
      continue;
    }
    scanFeature(search, node, {...from, feature, missingLeft: false, best});
    // The histogram is the node's own by now. With the missing on the left, sums start from their bin.
    if (binned.hasMissing[feature] === 1)
      scanFeature(search, node, {...from, minus: null, feature, missingLeft: true, best});
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

/** The sibling taken off one feature's histogram, as a scan does on its way. */
function subtractFeature(
  {gradients}: SplitSearch,
  {histogram, minus, feature}: {histogram: Float64Array; minus: Float64Array | null; feature: number},
): void {
  if (minus === null) return;
  const slots = gradients.form === "packed" ? BIN_SLOTS : 2 * BIN_SLOTS;
  subtract(histogram, minus, {start: feature * slots, end: (feature + 1) * slots});
}

/** A pass over a feature's bins, from the lowest; `best` is improved where that can be. */
interface Scan {
  readonly histogram: Float64Array;
  /** To be subtracted from the histogram on the way. */
  readonly minus: Float64Array | null;
  readonly feature: number;
  readonly missingLeft: boolean;
  readonly best: Split;
}

function scanFeature(search: SplitSearch, node: NodeSums, scan: Scan): void {
  if (search.gradients.form === "packed") scanPacked(search, node, search.gradients.unit, scan);
  else scanPairs(search, node, scan);
}

function scanPacked(search: SplitSearch, node: NodeSums, unit: number, scan: Scan): void {
  const {reciprocals, minLeafWeight} = search;
  const {histogram, minus, feature, missingLeft, best} = scan;
  const {gradient: total, hessian: rows} = node;
  const perUnit = 1 / unit;
  const first = feature * BIN_SLOTS;
  const last = first + search.binned.cuts[feature]!.length; // that bin is never a left child's: nobody reads it
  const missing = first + MISSING_BIN;
  if (minus !== null) {
    subtract(histogram, minus, {start: first, end: last});
    subtract(histogram, minus, {start: missing, end: missing + 1});
  }
  let sum = missingLeft ? histogram[missing]! : 0;
  if (missingLeft && sum === 0) return;
  const least = Math.max(1, Math.ceil(minLeafWeight));
  const most = rows - least;
  let slot = first;
  for (; slot < last; slot++) {
    const next = sum + histogram[slot]!;
    if (next * perUnit + 0.5 >= least) break; // enough rows on the left, from here on
    sum = next;
  }
  let bestScore = best.gain;
  let bestSlot = -1;
  let bestCount = 0;
  let bestGradient = 0;
  // An empty bin parts the rows as the one before did. To leave it out would be a branch mispredicted half the time.
  for (; slot < last; slot++) {
    sum += histogram[slot]!;
    const count = (sum * perUnit + 0.5) | 0;
    if (count > most) break;
    const left = sum - count * unit;
    const right = total - left;
    const score = left * left * reciprocals[count]! + right * right * reciprocals[rows - count]!;
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
  best.defaultLeft = histogram[missing] === 0 ? 2 * bestCount >= rows : missingLeft;
  best.gain = bestScore;
  best.leftGradient = bestGradient;
  best.leftHessian = bestCount;
}

function subtract(
  histogram: Float64Array,
  minus: Float64Array,
  {start, end}: {start: number; end: number},
): void {
  for (let slot = start; slot < end; slot++) histogram[slot]! -= minus[slot]!;
}

function scanPairs(search: SplitSearch, node: NodeSums, scan: Scan): void {
  const {l2, minLeafWeight, monotone} = search;
  const {histogram, minus, feature, missingLeft, best} = scan;
  const first = 2 * feature * BIN_SLOTS;
  const last = first + 2 * search.binned.cuts[feature]!.length;
  const missing = first + 2 * MISSING_BIN;
  if (minus !== null) {
    histogram[missing]! -= minus[missing]!;
    histogram[missing + 1]! -= minus[missing + 1]!;
  }
  const hasMissing = histogram[missing] !== 0 || histogram[missing + 1] !== 0;
  if (missingLeft && !hasMissing) return;
  const {gradient: totalGradient, hessian: totalHessian} = node;
  const direction = monotone === null ? null : monotone[feature]!;
  const least = Math.max(Number.MIN_VALUE, minLeafWeight);
  let bestScore = best.gain;
  let bestSlot = -1;
  let bestGradient = 0;
  let bestHessian = 0;
  let gradient = missingLeft ? histogram[missing]! : 0;
  let hessian = missingLeft ? histogram[missing + 1]! : 0;
  for (let slot = first; slot < last; slot += 2) {
    let g = histogram[slot]!;
    let h = histogram[slot + 1]!;
    if (minus !== null) {
      g -= minus[slot]!;
      h -= minus[slot + 1]!;
      histogram[slot] = g;
      histogram[slot + 1] = h;
    }
    if (h === 0 && g === 0) continue;
    gradient += g;
    hessian += h;
    const rest = totalHessian - hessian;
    if (hessian < least || rest < least) continue;
    const right = totalGradient - gradient;
    const score =
      direction === null
        ? (gradient * gradient) / (hessian + l2) + (right * right) / (rest + l2)
        : boundedScore(search, node, {gradient, hessian, direction});
    if (score > bestScore) {
      bestScore = score;
      bestSlot = slot;
      bestGradient = gradient;
      bestHessian = hessian;
    }
  }
  if (bestSlot < 0) return;
  best.feature = feature;
  best.bin = (bestSlot - first) / 2;
  best.defaultLeft = hasMissing ? missingLeft : 2 * bestHessian >= totalHessian;
  best.gain = bestScore;
  best.leftGradient = bestGradient;
  best.leftHessian = bestHessian;
}

/** The score of both children within the node's bounds; -Infinity where their values break the direction. */
function boundedScore(
  search: SplitSearch,
  node: NodeSums,
  {gradient, hessian, direction}: {gradient: number; hessian: number; direction: number},
): number {
  const {lower, upper} = node;
  const left = {gradient, hessian, lower, upper};
  const right = {gradient: node.gradient - gradient, hessian: node.hessian - hessian, lower, upper};
  const leftWeight = nodeWeight(search, left);
  const rightWeight = nodeWeight(search, right);
  if (direction * (rightWeight - leftWeight) < 0) return Number.NEGATIVE_INFINITY;
  return nodeScore(search, left, leftWeight) + nodeScore(search, right, rightWeight);
}
