// Which models might be the best, given how much luck the sample allows?

import {
  type BootstrapOptions,
  type ResampledMeans,
  resampleMeans,
  sameMeans,
  shareAtLeast,
} from "./stationaryBootstrap.ts";

/**
 * "max": T_max, each model against the set's average. "range": T_R, the two models furthest apart. Both of
 * Hansen, Lunde and Nason (2011), section 3.1.2.
 */
export type ConfidenceSetStatistic = "max" | "range";

export interface ConfidenceSetOptions extends BootstrapOptions {
  /** Default "max". */
  readonly statistic?: ConfidenceSetStatistic;
}

/**
 * Model confidence set p-values: a model is in the (1 - a) set iff its p >= a. Are all models of the set
 * equally good? If not the worst is dropped, and the rest are asked again; p-values are made monotone, and the
 * last model standing has 1. Hansen, Lunde and Nason (2011); errors and critical values by the stationary
 * bootstrap. A model that is another under a second name, but for rounding, takes part once and has its p-value.
 *
 * @param losses one row-aligned column a model, no NaN, in order of time
 * @returns one p-value a model, in the order given
 * @throws {TypeError} if lengths differ
 * @throws {RangeError} if there is no model or no row
 */
export function modelConfidenceSet(
  losses: readonly Float64Array[],
  {statistic = "max", ...options}: ConfidenceSetOptions,
): Float64Array {
  return confidenceSetOf(resampleMeans(losses, options), statistic);
}

/** The same from means that are resampled already, so that several tests can share them. */
export function confidenceSetOf(sample: ResampledMeans, statistic: ConfidenceSetStatistic): Float64Array {
  const {means, resampled} = sample;
  const noise = resampled.map((draws, i) => draws.map((value) => value - means[i]!));
  const test = statistic === "max" ? averageTest(means, noise) : rangeTest(means, noise);
  const pValues = new Float64Array(means.length).fill(1);
  const original = firstsOfTheSame(sample);
  const set = [...means.keys()].filter((i) => original[i] === i);
  let reached = 0;
  while (set.length > 1) {
    const {worst, p} = test(set);
    reached = Math.max(reached, p);
    pValues[worst] = reached;
    set.splice(set.indexOf(worst), 1);
  }
  return pValues.map((_, i) => pValues[original[i]!]!);
}

// Index of the first model that each one is; its own where no earlier one is the same.
function firstsOfTheSame(sample: ResampledMeans): number[] {
  const firsts: number[] = [];
  return Array.from(sample.means, (_, i) => {
    const first = firsts.find((j) => sameMeans(sample, [i, j])) ?? i;
    if (first === i) firsts.push(i);
    return first;
  });
}

// Is every model of the set as good as the set? The worst, and how often chance alone makes one look as bad.
type EqualityTest = (set: readonly number[]) => {readonly worst: number; readonly p: number};

function averageTest(means: Float64Array, noise: readonly Float64Array[]): EqualityTest {
  const resamples = noise[0]!.length;
  return (set) => {
    const average = set.reduce((sum, i) => sum + means[i]!, 0) / set.length;
    const shared = new Float64Array(resamples);
    for (const i of set) for (let b = 0; b < resamples; b++) shared[b]! += noise[i]![b]! / set.length;
    const greatest = new Float64Array(resamples).fill(Number.NEGATIVE_INFINITY);
    let statistic = Number.NEGATIVE_INFINITY;
    let worst = set[0]!;
    for (const i of set) {
      const draws = noise[i]!;
      const error = rootMeanSquare(resamples, (b) => draws[b]! - shared[b]!);
      const own = (means[i]! - average) / error;
      if (own > statistic) {
        statistic = own;
        worst = i;
      }
      for (let b = 0; b < resamples; b++)
        greatest[b] = Math.max(greatest[b]!, (draws[b]! - shared[b]!) / error);
    }
    return {worst, p: shareAtLeast(greatest, statistic)};
  };
}

function rangeTest(means: Float64Array, noise: readonly Float64Array[]): EqualityTest {
  const count = means.length;
  const resamples = noise[0]!.length;
  const errors = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const error = rootMeanSquare(resamples, (b) => noise[i]![b]! - noise[j]![b]!);
      errors[i * count + j] = error;
      errors[j * count + i] = error;
    }
  }
  return (set) => {
    const greatest = new Float64Array(resamples);
    let statistic = 0;
    let worst = set[0]!;
    for (const i of set) {
      for (const j of set) {
        if (i === j) continue;
        const error = errors[i * count + j]!;
        const own = (means[i]! - means[j]!) / error;
        if (own > statistic) {
          statistic = own;
          worst = i;
        }
        if (j > i) continue; // the noise of a pair counts once, in size
        for (let b = 0; b < resamples; b++) {
          const size = Math.abs(noise[i]![b]! - noise[j]![b]!) / error;
          if (size > greatest[b]!) greatest[b] = size;
        }
      }
    }
    return {worst, p: shareAtLeast(greatest, statistic)};
  };
}

// Infinite where nothing varies: such models have no noise, and none is worst.
function rootMeanSquare(count: number, value: (index: number) => number): number {
  let squares = 0;
  for (let b = 0; b < count; b++) squares += value(b) ** 2;
  return Math.sqrt(squares / count) || Number.POSITIVE_INFINITY;
}
