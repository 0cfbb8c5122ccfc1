// Was one forecast better than another all along, or only for a while?

import {longRunVariance, overlapLag} from "../math/hac.ts";
import {roundingOf} from "./losses.ts";

/** Giacomini and Rossi (2010), table I: by share of the sample in a window, two-sided at 5 and 10 %. */
const CRITICAL = {
  0.1: [3.393, 3.17],
  0.2: [3.179, 2.948],
  0.3: [3.012, 2.766],
  0.4: [2.89, 2.626],
  0.5: [2.779, 2.5],
  0.6: [2.634, 2.356],
  0.7: [2.56, 2.252],
  0.8: [2.433, 2.13],
  0.9: [2.248, 1.95],
} as const;

export type WindowShare = keyof typeof CRITICAL;

export interface Fluctuation {
  /** One value a window, in order of time; negative where the first forecast lost less. */
  readonly statistic: Float64Array;
  /** Row of the losses each window ends with. */
  readonly windowEnds: Uint32Array;
  /** The statistic furthest from 0. */
  readonly extreme: number;
  /** The two were not equally good throughout where |extreme| is above this. */
  readonly critical: number;
  /** Rows of a window. */
  readonly window: number;
  readonly n: number;
  /** Non-overlapping outcomes: n / horizon. */
  readonly effective: number;
}

/**
 * Fluctuation test of Giacomini and Rossi (2010, section 2): F = sqrt(m) x mean loss difference of a window
 * of m rows / s, where s^2 is the long-run variance over the whole sample (Newey-West, about the mean). Null:
 * equally good at every time. The greatest |F| is compared with the critical value of the supremum, so that
 * looking at every window costs nothing.
 *
 * @param first loss of each row, in order of time, no NaN
 * @param second losses of the same rows
 * @param options.share of the rows in a window. Default .3: with the skewed losses of variance forecasts shorter
 *   windows reject too often
 * @param options.level of the test. Default .05
 * @param options.lag default twice `overlapLag`: a greatest value feels errors that are too small more than a mean
 * @throws {RangeError} if fewer rows are given than lag + 2
 */
export function fluctuationTest(
  [first, second]: readonly [Float64Array, Float64Array],
  {
    horizon,
    share = 0.3,
    level = 0.05,
    lag,
  }: {
    readonly horizon: number;
    readonly share?: WindowShare;
    readonly level?: 0.05 | 0.1;
    readonly lag?: number;
  },
): Fluctuation {
  if (first.length !== second.length)
    throw new TypeError(`Cannot compare forecasts: ${first.length} losses against ${second.length}`);
  const differences = first.map((loss, t) => loss - second[t]!);
  const n = differences.length;
  const counted = lag ?? 2 * overlapLag({horizon, n});
  if (n < counted + 2) {
    throw new RangeError(
      `Cannot follow forecasts over time: ${n} rows must be at least ${counted + 2} for a lag of ${counted}`,
    );
  }
  const window = Math.round(share * n);
  const rounding = roundingOf(first);
  const differ = differences.some((difference) => Math.abs(difference) > rounding);
  const scale = differ ? Math.sqrt(longRunVariance(differences, counted) * window) : 0;
  const statistic = new Float64Array(n - window + 1);
  const windowEnds = new Uint32Array(n - window + 1);
  let sum = 0;
  let extreme = 0;
  for (let t = 0; t < n; t++) {
    sum += differences[t]! - (t >= window ? differences[t - window]! : 0);
    const at = t - window + 1;
    if (at < 0) continue;
    const value = scale > 0 ? sum / scale : Number.NaN;
    statistic[at] = value;
    windowEnds[at] = t;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  }
  const critical = CRITICAL[share][level === 0.05 ? 0 : 1];
  return {statistic, windowEnds, extreme, critical, window, n, effective: n / horizon};
}
