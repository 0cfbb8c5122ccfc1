// Which of at most 255 bins does each value fall in? Splits are then searched among bins, not among values.

import {LARGEST_FLOAT32} from "../../math/matrix.ts";

/** The bin of missing values; others have bins below it. One byte holds a bin. */
export const MISSING_BIN = 255;
export const MAX_BINS = 255;
/** Entries a feature takes in a histogram. */
export const BIN_SLOTS = 256;

export interface BinnedFeatures {
  readonly rows: number;
  readonly width: number;
  /** Bytes a row takes in `bins`: the width rounded up to whole 32-bit words. */
  readonly stride: number;
  /** Row-major, for histograms, which read all features of a row. */
  readonly bins: Uint8Array;
  /** The same memory, four bins a word. */
  readonly words: Int32Array;
  /** Column-major, for partitions, which read one feature of many rows. */
  readonly columns: Uint8Array;
  /** A feature's increasing thresholds: bin b holds cuts[b - 1] <= value < cuts[b]. */
  readonly cuts: readonly Float32Array[];
  readonly hasMissing: Uint8Array;
}

/**
 * Bins every feature by at most `bins` quantiles of its present values, or one bin a distinct value where they
 * are as few. Cuts lie halfway between neighbouring values, so that a threshold belongs to neither.
 *
 * @param values row-major float32, NaN where missing
 */
export function binFeatures(
  values: Float32Array,
  {width, bins}: {width: number; bins: number},
): BinnedFeatures {
  const rows = values.length / width;
  const stride = Math.ceil(width / 4) * 4;
  const rowMajor = new Uint8Array(rows * stride);
  const columns = new Uint8Array(rows * width);
  const hasMissing = new Uint8Array(width);
  const cuts: Float32Array[] = [];
  const column = new Float32Array(rows);
  const sorted = new Float32Array(rows);
  for (let j = 0; j < width; j++) {
    let present = 0;
    for (let i = 0; i < rows; i++) {
      const value = values[i * width + j]!;
      column[i] = value;
      if (!Number.isNaN(value)) sorted[present++] = value;
    }
    sortInPlace(sorted.subarray(0, present));
    hasMissing[j] = present < rows ? 1 : 0;
    const thresholds = quantileCuts(sorted.subarray(0, present), bins);
    if (present > 0 && present < rows) thresholds.push(LARGEST_FLOAT32);
    cuts.push(Float32Array.from(thresholds));
    assignBins(column, cuts[j]!, columns.subarray(j * rows, (j + 1) * rows));
    for (let i = 0; i < rows; i++) rowMajor[i * stride + j] = columns[j * rows + i]!;
  }
  return {
    rows,
    width,
    stride,
    bins: rowMajor,
    words: new Int32Array(rowMajor.buffer),
    columns,
    cuts,
    hasMissing,
  };
}

/** Sorts by the floats' bits, flipped so that integers order as they do: V8 sorts integers five times as fast. */
function sortInPlace(values: Float32Array): void {
  const keys = new Int32Array(values.buffer, values.byteOffset, values.length);
  const flip = () => {
    for (let i = 0; i < keys.length; i++) keys[i]! ^= (keys[i]! >> 31) & 0x7fff_ffff;
  };
  flip();
  keys.sort();
  flip();
}

/** Increasing cuts between sorted values. With more distinct values than bins, equal shares of the rows. */
function quantileCuts(sorted: Float32Array, bins: number): number[] {
  const count = sorted.length;
  const cuts: number[] = [];
  for (let i = 1; i < count && cuts.length < bins; i++)
    if (sorted[i]! > sorted[i - 1]!) cuts.push(between(sorted[i - 1]!, sorted[i]!));
  if (cuts.length < bins) return cuts;
  cuts.length = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let b = 1; b < bins; b++) {
    const i = Math.floor((b * count) / bins);
    if (i === 0 || sorted[i]! === sorted[0]!) continue;
    const cut = sorted[i]! > sorted[i - 1]! ? between(sorted[i - 1]!, sorted[i]!) : sorted[i]!;
    if (cut > last) cuts.push(cut);
    last = cut;
  }
  return cuts;
}

/** A float32 in (low, high]: half way, except between neighbouring floats. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}

/** The bin of a value is the number of cuts at or below it, found by eight halvings without a branch to mispredict. */
function assignBins(values: Float32Array, cuts: Float32Array, bins: Uint8Array): void {
  const padded = new Float32Array(BIN_SLOTS).fill(Number.POSITIVE_INFINITY);
  padded.set(cuts);
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (Number.isNaN(x)) {
      bins[i] = MISSING_BIN;
      continue;
    }
    let bin = Number(padded[127]! <= x) << 7;
    bin += Number(padded[bin + 63]! <= x) << 6;
    bin += Number(padded[bin + 31]! <= x) << 5;
    bin += Number(padded[bin + 15]! <= x) << 4;
    bin += Number(padded[bin + 7]! <= x) << 3;
    bin += Number(padded[bin + 3]! <= x) << 2;
    bin += Number(padded[bin + 1]! <= x) << 1;
    bin += Number(padded[bin]! <= x);
    bins[i] = bin;
  }
}
