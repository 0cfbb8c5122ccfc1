// Is one forecast better than another by more than chance?

import {longRunVariance, overlapLag} from "../math/hac.ts";
import {studentTwoSided} from "../math/studentT.ts";
import {roundingOf} from "./losses.ts";

export interface DieboldMariano {
  /** Negative where the first forecast lost less. NaN where the two are one forecast: losses equal but for rounding. */
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
  /** Mean loss of the first minus that of the second. */
  readonly difference: number;
  readonly n: number;
  /** Non-overlapping outcomes: n / horizon. */
  readonly effective: number;
  readonly lag: number;
}

/**
 * Diebold and Mariano (1995) with Harvey, Leybourne and Newbold's (1997, eq. 9) correction for n and the
 * horizon, and Student's t with n - 1 degrees of freedom. The variance of the mean is Newey-West, over
 * several horizons: outcomes of neighbouring origins overlap over horizon - 1 sessions, and losses cluster
 * as volatility does.
 *
 * @param first loss of each row, in order of time; rows where either is NaN are left out of both
 * @param second losses of the same rows
 * @param options.lag default `overlapLag`: max(3 x horizon, cube root of n)
 * @throws {RangeError} if fewer rows remain than lag + 2
 */
export function dieboldMariano(
  [first, second]: readonly [Float64Array, Float64Array],
  options: {horizon: number; lag?: number},
): DieboldMariano {
  if (first.length !== second.length)
    throw new TypeError(`Cannot compare forecasts: ${first.length} losses against ${second.length}`);
  const {horizon} = options;
  const differences = first
    .map((loss, i) => loss - second[i]!)
    .filter((difference) => !Number.isNaN(difference));
  const n = differences.length;
  const lag = options.lag ?? overlapLag({horizon, n});
  if (n < lag + 2) {
    throw new RangeError(
      `Cannot compare forecasts: ${n} rows scored by both must be at least ${lag + 2} for a lag of ${lag}`,
    );
  }
  let sum = 0;
  for (const difference of differences) sum += difference;
  const rounding = roundingOf(first);
  const mean = sum / n;
  const variance = longRunVariance(differences, lag) / n;
  const correction = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n);
  const differ = differences.some((difference) => Math.abs(difference) > rounding);
  const t = differ && variance > 0 ? (correction * mean) / Math.sqrt(variance) : Number.NaN;
  return {t, p: studentTwoSided(t, n - 1), difference: mean, n, effective: n / horizon, lag};
}
