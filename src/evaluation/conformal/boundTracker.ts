// How far must a bound be moved for outcomes to lie beyond it as often as promised, whatever they do?
import {SESSIONS_PER_YEAR} from "../../units.ts";

/** Where a window of past scores puts a bound. Both outward: larger is farther from the middle. */
export interface WindowBound {
  /** The quantile that a share α of past scores exceeds. */
  readonly outer: number;
  /** The quantile that a share 2α exceeds. */
  readonly inner: number;
}

/** One bound of an interval through time. Rows are origins; scores are outward too. */
export interface BoundTracker {
  /** The bound of row t. */
  place(t: number, window: WindowBound): number;
  /** Takes in the score of row t, once its outcome is known. */
  learn(t: number, score: number): void;
}

export interface TrackerOptions {
  /** α: the share of outcomes to lie beyond the bound. */
  readonly missRate: number;
  readonly horizon: number;
  /** Sessions over which a lasting shift of the scores is made good. */
  readonly driftSessions?: number;
  /** Sessions over which misses that come close together count. */
  readonly clusterSessions?: number;
  /** How much of such a cluster's excess of misses is made good at once. */
  readonly clusterShare?: number;
}

const MONTH = 21;
const FEWEST_OUTCOMES = 4; // independent ones, to speak of a rate of misses

/**
 * A bound that follows its own misses. With error e = 1{score beyond the bound} - α and slope
 * (outer - inner) / α, an estimate of the reciprocal density at the bound: how far it moves per unit of rate,
 *
 *     bound = outer + drift + clusterShare × slope × recent
 *     drift += slope × e / driftSessions,   recent += (e - recent) / clusterSessions.
 *
 * The drift is the feedback of Gibbs and Candès (2021, eq. 2) applied to the bound instead of to its level, as
 * Angelopoulos, Candès and Tibshirani (2023, eq. 5): bounds stay finite, and since a drift beyond every score is
 * driven back, misses of bounded scores, each counted by its slope, average to α whatever the sequence. `recent` is the excess of misses of the
 * last month, of which half is made good at once. Where a month holds fewer than four outcomes that do not
 * overlap, it tells nothing and is left out.
 *
 * A bound at infinity (more unchanged closes in the window than the level leaves out) neither moves nor learns.
 *
 * @param rows how many rows there will be
 */
export function createBoundTracker(
  rows: number,
  {
    missRate,
    horizon,
    driftSessions = SESSIONS_PER_YEAR,
    clusterSessions = MONTH,
    clusterShare = 0.5,
  }: TrackerOptions,
): BoundTracker {
  const share = clusterSessions >= FEWEST_OUTCOMES * horizon ? clusterShare : 0;
  const placed = new Float64Array(rows).fill(Number.NaN);
  const slopes = placed.slice(); // NaN where the row teaches nothing
  let drift = 0;
  let recent = 0;
  return {
    place(t, {outer, inner}) {
      const slope = (outer - inner) / missRate;
      if (!Number.isFinite(slope)) return outer;
      slopes[t] = slope;
      placed[t] = outer + drift + share * slope * recent;
      return placed[t]!;
    },
    learn(t, score) {
      const slope = slopes[t]!;
      if (Number.isNaN(slope)) return;
      const error = (score > placed[t]! ? 1 : 0) - missRate;
      drift += (slope * error) / driftSessions;
      recent += (error - recent) / clusterSessions;
    },
  };
}
