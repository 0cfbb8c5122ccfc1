// Which models might be the best, given how much luck the sample allows?

import type {Random} from "../random.ts";

export interface ConfidenceSetOptions {
  /** Where the resampling takes its chance from. */
  readonly random: Random;
  /** Mean length of a resampled block. Default 22 sessions. */
  readonly meanBlock?: number;
  /** Resamples. Default 2000. */
  readonly resamples?: number;
}

/**
 * Model confidence set p-values: a model is in the (1 - a) set iff its p >= a. The test statistic is T_max,
 * the worst mean loss relative to the set's average in bootstrap standard errors; the worst model is dropped
 * and the test repeated; p-values are made monotone, and the last model standing has 1. Hansen, Lunde and
 * Nason (2011); resampling by Politis and Romano's (1994) stationary bootstrap.
 *
 * @param losses one row-aligned column a model, no NaN, in order of time
 * @returns one p-value a model, in the order given
 * @throws {TypeError} if lengths differ
 * @throws {RangeError} if there is no model or no row
 */
export function modelConfidenceSet(
  losses: readonly Float64Array[],
  {random, meanBlock = 22, resamples = 2000}: ConfidenceSetOptions,
): Float64Array {
  const rows = losses[0]?.length ?? 0;
  if (rows === 0) throw new RangeError("Cannot form a confidence set: there are no losses");
  if (losses.some(({length}) => length !== rows))
    throw new TypeError("Cannot form a confidence set: every model needs the same number of losses");

  const means = losses.map((column) => prefixSums(column)[rows]! / rows);
  const resampled = resampledMeans(losses.map(prefixSums), {random, meanBlock, resamples});
  const pValues = new Float64Array(losses.length).fill(1);
  const set = losses.map((_, model) => model);
  let reached = 0;
  while (set.length > 1) {
    const {worst, p} = testEqualLosses(set, {means, resampled});
    reached = Math.max(reached, p);
    pValues[worst] = reached;
    set.splice(set.indexOf(worst), 1);
  }
  return pValues;
}

// Is every model of the set as good as the set's average? The worst, and how often chance alone makes one
// look as bad.
function testEqualLosses(
  set: readonly number[],
  {means, resampled}: {means: readonly number[]; resampled: readonly Float64Array[]},
): {worst: number; p: number} {
  const resamples = resampled[0]!.length;
  const average = mean(set.map((model) => means[model]!));
  const relative = set.map((model) => means[model]! - average);
  const noise = set.map(() => new Float64Array(resamples));
  for (let b = 0; b < resamples; b++) {
    const drawn = mean(set.map((model) => resampled[model]![b]!));
    set.forEach((model, i) => {
      noise[i]![b] = resampled[model]![b]! - drawn - relative[i]!;
    });
  }
  // A model identical to the others has no noise and no difference: never the worst.
  const errors = noise.map(
    (draws) => Math.sqrt(mean([...draws.map((z) => z * z)])) || Number.POSITIVE_INFINITY,
  );
  const statistics = relative.map((difference, i) => difference / errors[i]!);
  const statistic = Math.max(...statistics);
  let exceeded = 0;
  for (let b = 0; b < resamples; b++) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < set.length; i++) greatest = Math.max(greatest, noise[i]![b]! / errors[i]!);
    if (greatest >= statistic) exceeded++;
  }
  return {worst: set[statistics.indexOf(statistic)]!, p: exceeded / resamples};
}

// Means of resamples of every model's losses, on the same rows. Blocks of geometric length on the circle of
// rows; prefix sums make a block one subtraction.
function resampledMeans(
  sums: readonly Float64Array[],
  {random, meanBlock, resamples}: {random: Random; meanBlock: number; resamples: number},
): Float64Array[] {
  const rows = sums[0]!.length - 1;
  const means = sums.map(() => new Float64Array(resamples));
  const logStay = Math.log1p(-1 / meanBlock);
  for (let b = 0; b < resamples; b++) {
    for (let drawn = 0; drawn < rows; ) {
      const start = random.integer(rows);
      const geometric = meanBlock > 1 ? 1 + Math.floor(Math.log1p(-random.uniform()) / logStay) : 1;
      const length = Math.min(geometric, rows - drawn);
      const end = start + length;
      sums.forEach((sum, model) => {
        const wrapped = end > rows ? sum[rows]! + sum[end - rows]! : sum[end]!;
        means[model]![b]! += (wrapped - sum[start]!) / rows;
      });
      drawn += length;
    }
  }
  return means;
}

function prefixSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return sums;
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
