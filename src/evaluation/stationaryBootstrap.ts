// How much would the means of several series, measured on the same days, have varied by chance?

import type {Random} from "../random.ts";
import {SAME_LOSS} from "./losses.ts";

export interface BootstrapOptions {
  /** Where the resampling takes its chance from. */
  readonly random: Random;
  /** Mean length of a resampled block. Default 22 sessions. */
  readonly meanBlock?: number;
  /** Resamples. Default 2000. */
  readonly resamples?: number;
}

/** Means of several row-aligned columns, and the same of every resample; all columns share its rows. */
export interface ResampledMeans {
  readonly rows: number;
  /** One a column. */
  readonly means: Float64Array;
  /** One array a column, one value a resample. */
  readonly resampled: readonly Float64Array[];
}

/**
 * Means under Politis and Romano's (1994) stationary bootstrap: blocks of geometric length on the circle of
 * rows, the same rows for every column, so that any function of the means can be resampled afterwards.
 *
 * @param columns one row-aligned series each, no NaN, in order of time
 * @throws {TypeError} if lengths differ
 * @throws {RangeError} if there is no column or no row, or the mean block is shorter than one row
 */
export function resampleMeans(
  columns: readonly Float64Array[],
  {random, meanBlock = 22, resamples = 2000}: BootstrapOptions,
): ResampledMeans {
  const rows = columns[0]?.length ?? 0;
  if (rows === 0) throw new RangeError("Cannot resample: there are no losses");
  if (columns.some(({length}) => length !== rows))
    throw new TypeError("Cannot resample: every model needs the same number of losses");
  if (!(meanBlock >= 1))
    throw new RangeError(`Cannot resample: meanBlock must be >= 1, current value is ${meanBlock}`);

  const width = columns.length;
  const sums = prefixSums(columns);
  const total = rows * width;
  const resampled = columns.map(() => new Float64Array(resamples));
  const drawnSums = new Float64Array(width);
  const logStay = Math.log1p(-1 / meanBlock);
  for (let b = 0; b < resamples; b++) {
    drawnSums.fill(0);
    for (let drawn = 0; drawn < rows; ) {
      const start = random.integer(rows);
      const geometric = meanBlock > 1 ? 1 + Math.floor(Math.log1p(-random.uniform()) / logStay) : 1;
      const length = Math.min(geometric, rows - drawn);
      const wraps = start + length > rows;
      const from = start * width;
      const to = (wraps ? start + length - rows : start + length) * width;
      if (wraps) for (let j = 0; j < width; j++) drawnSums[j]! += sums[total + j]!;
      for (let j = 0; j < width; j++) drawnSums[j]! += sums[to + j]! - sums[from + j]!;
      drawn += length;
    }
    for (let j = 0; j < width; j++) resampled[j]![b] = drawnSums[j]! / rows;
  }
  return {rows, means: Float64Array.from({length: width}, (_, j) => sums[total + j]! / rows), resampled};
}

/**
 * Percentile interval of a statistic of the means: Efron and Tibshirani (1993), section 13.3. Quantiles are
 * the nearest draws outward, so that an interval is never too short for want of resamples.
 *
 * @param draws the statistic of every resample; sorted copies are made
 * @param coverage of the two-sided interval. Default .95
 */
export function percentileInterval(
  draws: Float64Array,
  {coverage = 0.95}: {coverage?: number} = {},
): {readonly lo: number; readonly hi: number} {
  const sorted = draws.toSorted();
  const tail = Math.floor(((1 - coverage) / 2) * (sorted.length - 1));
  return {lo: sorted[tail] ?? Number.NaN, hi: sorted[sorted.length - 1 - tail] ?? Number.NaN};
}

/**
 * Whether two columns are one forecast's losses, computed in two ways: in every resample their means are the same but
 * for rounding.
 */
export function sameMeans({means, resampled}: ResampledMeans, [i, j]: readonly [number, number]): boolean {
  const tolerance = SAME_LOSS * Math.abs(means[i]!);
  if (Math.abs(means[i]! - means[j]!) > tolerance) return false;
  const other = resampled[j]!;
  return resampled[i]!.every((value, b) => Math.abs(value - other[b]!) <= tolerance);
}

/** The share of resamples whose statistic is at least the sample's: a bootstrap p-value. */
export function shareAtLeast(draws: Float64Array, statistic: number): number {
  let reached = 0;
  for (const draw of draws) if (draw >= statistic) reached++;
  return reached / draws.length;
}

// Row-major, a row of zeros first: a block of rows is one subtraction, and its columns lie side by side.
function prefixSums(columns: readonly Float64Array[]): Float64Array {
  const width = columns.length;
  const rows = columns[0]!.length;
  const sums = new Float64Array((rows + 1) * width);
  columns.forEach((values, j) => {
    for (let t = 0; t < rows; t++) sums[(t + 1) * width + j] = sums[t * width + j]! + values[t]!;
  });
  return sums;
}
