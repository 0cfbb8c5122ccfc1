// How much gradient and hessian do the rows of a node have in each bin of each feature?
//
// All sums are exact: before a tree is grown its gradients are rounded to a grid so coarse that no sum of them
// can round, and so fine (2^-26 of the largest for 5,000 rows) that no split notices. Hence a histogram does not
// depend on the order of rows, and parent - child is exactly the sibling's histogram.

import {BIN_SLOTS, type BinnedFeatures} from "./binning.ts";

/**
 * The gradients of one tree's rows, in one of three forms.
 * - "packed": hessians are all 1. A row's value is `unit` + gradient, where `unit` is a power of 2 so large that
 *   a bin's sum tells both the count (the nearest multiple of `unit`) and the gradient (the rest): half the memory
 *   to add to, which is what a histogram costs.
 * - "blocks": hessians are all 1, and rows are many. Packed values are summed a block of rows at a time, and each
 *   block's sums are unpacked into a histogram of pairs.
 * - "pairs": any hessians, a gradient and a hessian a row; histograms interleave the two.
 */
export type Gradients =
  | {readonly form: "packed"; readonly packed: Float64Array; unit: number}
  | {readonly form: "blocks"; readonly packed: Float64Array; unit: number; block: Float64Array}
  | {readonly form: "pairs"; readonly gradient: Float64Array; readonly hessian: Float64Array};

/** Above this many rows a packed gradient would keep fewer than 16 bits. */
export const MAX_PACKED_ROWS = 1 << 17;
/** Few enough to keep 26 bits of a gradient, many enough that unpacking their sums costs little. */
export const BLOCK_ROWS = 1 << 13;

/** Room for the gradients of one tree, packed where asked and possible. */
export function createGradients(rows: number, {packed}: {packed: boolean}): Gradients {
  if (!packed) return {form: "pairs", gradient: new Float64Array(rows), hessian: new Float64Array(rows)};
  const own = {packed: new Float64Array(rows), unit: 1};
  return rows <= MAX_PACKED_ROWS
    ? {form: "packed", ...own}
    : {form: "blocks", ...own, block: new Float64Array(0)};
}

/** An empty histogram for all features: BIN_SLOTS entries each, twice as many for pairs. */
export function createHistogram({stride}: BinnedFeatures, {form}: Gradients): Float64Array {
  return new Float64Array(stride * BIN_SLOTS * (form === "packed" ? 1 : 2));
}

/**
 * Rounds gradients to the grid on which sums of `gradient.length` of them are exact, and packs them if so held.
 *
 * @throws {RangeError} if one is not finite
 */
export function setGradients(into: Gradients, gradient: Float64Array, hessian?: Float64Array): void {
  if (into.form === "pairs") {
    if (!hessian) throw new TypeError("Cannot set gradients: their pairs need a hessian a row");
    toGrid(gradient, into.gradient);
    toGrid(hessian, into.hessian);
    return;
  }
  const rows = gradient.length;
  const summed = into.form === "packed" ? rows : BLOCK_ROWS;
  into.unit = 2 * powerOfTwoAbove(summed * largest(gradient));
  const round = rounder((powerOfTwoAbove(summed) * into.unit) / 2 ** 53); // sums stay below 53 bits of that
  for (let i = 0; i < rows; i++) into.packed[i] = into.unit + (gradient[i]! + round - round);
}

/** Sums rows, by index, into an emptied histogram. */
export function fillHistogram(
  histogram: Float64Array,
  binned: BinnedFeatures,
  {gradients, rows}: {gradients: Gradients; rows: Int32Array},
): void {
  histogram.fill(0);
  if (gradients.form === "packed") addPacked(histogram, binned, gradients.packed, rows);
  else if (gradients.form === "blocks") addBlocks(histogram, binned, gradients, rows);
  else addPairs(histogram, binned, gradients, rows);
}

/** The sums of gradients and hessians over rows, by index. */
export function sumGradients(gradients: Gradients, rows: Int32Array): {gradient: number; hessian: number} {
  let gradient = 0;
  let hessian = 0;
  if (gradients.form !== "pairs") {
    const {packed, unit} = gradients;
    for (let k = 0; k < rows.length; k++) gradient += packed[rows[k]!]! - unit;
    return {gradient, hessian: rows.length};
  }
  for (let k = 0; k < rows.length; k++) {
    gradient += gradients.gradient[rows[k]!]!;
    hessian += gradients.hessian[rows[k]!]!;
  }
  return {gradient, hessian};
}

/** Sums blocks of rows as packed values, and adds each block's gradients and counts to the pairs of the histogram. */
function addBlocks(
  histogram: Float64Array,
  binned: BinnedFeatures,
  gradients: Gradients & {form: "blocks"},
  rows: Int32Array,
): void {
  const {packed, unit} = gradients;
  if (gradients.block.length * 2 !== histogram.length)
    gradients.block = new Float64Array(histogram.length / 2);
  const {block} = gradients;
  const perUnit = 1 / unit;
  for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
    block.fill(0);
    addPacked(block, binned, packed, rows.subarray(start, start + BLOCK_ROWS));
    for (let slot = 0; slot < block.length; slot++) {
      const sum = block[slot]!;
      const count = (sum * perUnit + 0.5) | 0;
      histogram[2 * slot]! += sum - count * unit;
      histogram[2 * slot + 1]! += count;
    }
  }
}

// The two loops in which training spends its time. Four bins are read as one word.

/** Two rows at a time: the one's additions fill the waits of the other's. */
function addPacked(
  histogram: Float64Array,
  {words, stride}: BinnedFeatures,
  packed: Float64Array,
  rows: Int32Array,
): void {
  const wordsPerRow = stride >> 2;
  const paired = rows.length & ~1;
  for (let k = 0; k < paired; k += 2) {
    const one = rows[k]!;
    const other = rows[k + 1]!;
    const value = packed[one]!;
    const otherValue = packed[other]!;
    let word = one * wordsPerRow;
    let otherWord = other * wordsPerRow;
    let slot = 0;
    for (let j = 0; j < wordsPerRow; j++, slot += 1024) {
      const bins = words[word++]!;
      const otherBins = words[otherWord++]!;
      histogram[slot + (bins & 255)]! += value;
      histogram[slot + 256 + ((bins >>> 8) & 255)]! += value;
      histogram[slot + 512 + ((bins >>> 16) & 255)]! += value;
      histogram[slot + 768 + (bins >>> 24)]! += value;
      histogram[slot + (otherBins & 255)]! += otherValue;
      histogram[slot + 256 + ((otherBins >>> 8) & 255)]! += otherValue;
      histogram[slot + 512 + ((otherBins >>> 16) & 255)]! += otherValue;
      histogram[slot + 768 + (otherBins >>> 24)]! += otherValue;
    }
  }
  if (paired === rows.length) return;
  const last = rows[paired]!;
  for (let j = 0; j < 4 * wordsPerRow; j++) {
    const bin = (words[last * wordsPerRow + (j >> 2)]! >>> (8 * (j & 3))) & 255;
    histogram[j * BIN_SLOTS + bin]! += packed[last]!;
  }
}

function addPairs(
  histogram: Float64Array,
  binned: BinnedFeatures,
  {gradient, hessian}: {gradient: Float64Array; hessian: Float64Array},
  rows: Int32Array,
): void {
  const {words} = binned;
  const wordsPerRow = binned.stride >> 2;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    const g = gradient[row]!;
    const h = hessian[row]!;
    let word = row * wordsPerRow;
    let slot = 0;
    for (let j = 0; j < wordsPerRow; j++, slot += 2048) {
      const bins = words[word++]!;
      const first = slot + ((bins & 255) << 1);
      const second = slot + 512 + ((bins >>> 7) & 510);
      const third = slot + 1024 + ((bins >>> 15) & 510);
      const fourth = slot + 1536 + ((bins >>> 23) & 510);
      histogram[first]! += g;
      histogram[first + 1]! += h;
      histogram[second]! += g;
      histogram[second + 1]! += h;
      histogram[third]! += g;
      histogram[third + 1]! += h;
      histogram[fourth]! += g;
      histogram[fourth + 1]! += h;
    }
  }
}

/** Rounds to the grid on which no sum of all the values rounds. */
function toGrid(values: Float64Array, rounded: Float64Array): void {
  const round = rounder((2 * powerOfTwoAbove(values.length * largest(values))) / 2 ** 53);
  for (let i = 0; i < values.length; i++) rounded[i] = values[i]! + round - round;
}

/** The constant r for which (x + r) - r is x rounded to the grid, where |x| < 2^51 grids (Dekker 1971). */
function rounder(grid: number): number {
  return 1.5 * 2 ** 52 * grid;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  if (most < Number.POSITIVE_INFINITY) return most;
  throw new RangeError(
    `Cannot grow a tree: gradients must be finite, the largest is ${most}; lower learningRate, or raise ` +
      "minLeafWeight or l2",
  );
}

function powerOfTwoAbove(x: number): number {
  return x > 0 ? 2 ** (Math.floor(Math.log2(x)) + 1) : 1;
}
