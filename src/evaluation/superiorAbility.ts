// Is any of the other models better than this one, given that so many were tried?

import {
  type BootstrapOptions,
  type ResampledMeans,
  resampleMeans,
  sameMeans,
  shareAtLeast,
} from "./stationaryBootstrap.ts";

export interface SuperiorAbility {
  /** The greatest studentised advantage of a rival over the benchmark, 0 where none is ahead. */
  readonly statistic: number;
  /** Index of that rival among the losses. */
  readonly best: number;
  /** Liberal: rivals behind the benchmark count for nothing. */
  readonly lower: number;
  /** Hansen's own: rivals that are clearly behind count for nothing. */
  readonly consistent: number;
  /** Conservative, White's (2000) reality check studentised: every rival is taken to be as good. */
  readonly upper: number;
}

/**
 * Hansen's (2005) test of superior predictive ability. Null: no rival has a lower expected loss than the
 * benchmark. A small p says that at least one is better, the search among all of them accounted for. With
 * d_k = benchmark's mean loss - rival's and w_k its bootstrap standard error, T = max(0, max_k d_k / w_k).
 * Under the null a rival's expected advantage is taken as min(0, d_k) (lower), as d_k where
 * d_k / w_k < -sqrt(2 ln ln n) and else 0 (consistent), or as 0 (upper): sections 2.2 and 3. p is the share
 * of resamples whose T is as great, 1 where no rival is ahead.
 *
 * @param losses one row-aligned column a model, no NaN, in order of time
 * @param options.benchmark index of the model that is asked about
 * @throws {RangeError} if there is no rival
 */
export function superiorAbility(
  losses: readonly Float64Array[],
  {benchmark, ...options}: BootstrapOptions & {readonly benchmark: number},
): SuperiorAbility {
  return superiorAbilityOf(resampleMeans(losses, options), benchmark);
}

/** The same from means that are resampled already, so that every model can be the benchmark in turn. */
export function superiorAbilityOf(sample: ResampledMeans, benchmark: number): SuperiorAbility {
  const {rows, means, resampled} = sample;
  const own = resampled[benchmark];
  if (!own || means.length < 2) {
    throw new RangeError(
      `Cannot test superior ability: benchmark must be one of at least 2 models, current value is ${benchmark} of ${means.length}`,
    );
  }
  const resamples = own.length;
  const farBehind = -Math.sqrt(2 * Math.log(Math.log(Math.max(rows, 3))));
  const greatest = {
    lower: new Float64Array(resamples),
    consistent: new Float64Array(resamples),
    upper: new Float64Array(resamples),
  };
  let furthest = Number.NEGATIVE_INFINITY;
  let best = benchmark;
  for (let k = 0; k < means.length; k++) {
    if (k === benchmark || sameMeans(sample, [k, benchmark])) continue; // itself, or itself under another name
    const advantage = means[benchmark]! - means[k]!;
    const noise = resampled[k]!.map((value, b) => own[b]! - value - advantage);
    const error = standardDeviation(noise);
    if (error === 0) continue; // nothing varies
    const t = advantage / error;
    if (t > furthest) {
      furthest = t;
      best = k;
    }
    const shifts = {lower: Math.min(0, t), consistent: t >= farBehind ? 0 : t, upper: 0};
    for (let b = 0; b < resamples; b++) {
      const z = noise[b]! / error;
      greatest.lower[b] = Math.max(greatest.lower[b]!, z + shifts.lower);
      greatest.consistent[b] = Math.max(greatest.consistent[b]!, z + shifts.consistent);
      greatest.upper[b] = Math.max(greatest.upper[b]!, z + shifts.upper);
    }
  }
  const statistic = Math.max(0, furthest);
  return {
    statistic,
    best,
    lower: shareAtLeast(greatest.lower, statistic),
    consistent: shareAtLeast(greatest.consistent, statistic),
    upper: shareAtLeast(greatest.upper, statistic),
  };
}

function standardDeviation(noise: Float64Array): number {
  let squares = 0;
  for (const value of noise) squares += value * value;
  return Math.sqrt(squares / noise.length);
}
