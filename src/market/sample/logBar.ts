// What open, high, low and close does a path within one session leave behind?

import type {Random} from "../../random.ts";
import {STEPS} from "./parameters.ts";

/** Logarithms of a bar's prices relative to the close before. */
export interface LogBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/**
 * Shares of a session's variance: before the open, then each step. Within the day the shares follow a U, highest at the
 * open and the close.
 *
 * @returns 1 + STEPS shares, sum 1
 */
export function varianceWeights(overnightShare: number): Float64Array {
  const weights = new Float64Array(1 + STEPS);
  let total = 0;
  for (let k = 0; k < STEPS; k++) {
    const fromNoon = (2 * k + 1) / STEPS - 1; // -1 at the open, 1 at the close
    weights[1 + k] = 1 + 2 * fromNoon * fromNoon;
    total += weights[1 + k]!;
  }
  for (let k = 1; k <= STEPS; k++) weights[k]! *= (1 - overnightShare) / total;
  weights[0] = overnightShare;
  return weights;
}

/**
 * The bar of a path that is Brownian between its steps: the extremes of each step are drawn from the law of a Brownian
 * bridge's maximum, P(max > m) = exp(-2 (m - a)(m - b) / s²) for m above both ends a and b, so that high and low are
 * those of a continuous path and range estimators are not biased by the number of steps. Maximum and minimum of one
 * step are drawn independently, an approximation that matters little with many steps.
 *
 * @param moves 1 + STEPS log price changes: before the open, then each step
 * @param variances of the moves, whose first is not used
 */
export function logBar(moves: Float64Array, variances: Float64Array, random: Random): LogBar {
  const open = moves[0]!;
  let close = open;
  let high = open;
  let low = open;
  for (let k = 1; k <= STEPS; k++) {
    const move = moves[k]!;
    const middle = close + move / 2;
    const above = bridgeReach(move, variances[k]!, random);
    const below = bridgeReach(move, variances[k]!, random);
    if (middle + above > high) high = middle + above;
    if (middle - below < low) low = middle - below;
    close += move;
  }
  return {open, high, low, close};
}

/** How far a bridge's extreme lies from the middle of its ends. */
function bridgeReach(move: number, variance: number, random: Random): number {
  return Math.sqrt(move * move - 2 * variance * Math.log(1 - random.uniform())) / 2;
}
