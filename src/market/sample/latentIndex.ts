// What truly happens to the stock index in each session: its variance, its shocks, and what to expect next?

import type {Random} from "../../random.ts";
import {STEPS, type VarianceParameters} from "./parameters.ts";
import {
  drawJump,
  expectedVarianceSums,
  initialState,
  jumpMoments,
  nextState,
  type Shock,
  sessionVariance,
  type VarianceState,
} from "./varianceProcess.ts";

/** Sessions ahead that VIX, VIX3M and the forecasts look. */
export const HORIZONS = [1, 5, 22, 63] as const;

/** One value a session unless it says otherwise. */
export interface LatentIndex {
  readonly variance: Float64Array; // of the session's log return around its mean
  readonly logVariance: Float64Array; // slow + fast + crisis, 0 on average apart from crises
  readonly normals: Float64Array; // 1 + STEPS a session: before the open, then each step
  readonly jump: Float64Array; // standardised by the session's deviation, its mean removed
  readonly diffusion: number; // what the normals are scaled by, so that with the jump the variance is 1
  readonly expected: Readonly<Record<(typeof HORIZONS)[number], Float64Array>>; // variance after this close, summed
}

/**
 * The index's latent path. Session t uses numbers drawn for sessions up to t alone, so a longer path begins with the
 * shorter one.
 *
 * @param weights share of the variance of each of the 1 + STEPS parts of a session, sum 1
 */
export function latentIndex(
  count: number,
  {parameters: p, weights, random}: {parameters: VarianceParameters; weights: Float64Array; random: Random},
): LatentIndex {
  const parts = 1 + STEPS;
  const variance = new Float64Array(count);
  const logVariance = new Float64Array(count);
  const normals = new Float64Array(count * parts);
  const jump = new Float64Array(count);
  const expected = {
    1: new Float64Array(count),
    5: new Float64Array(count),
    22: new Float64Array(count),
    63: new Float64Array(count),
  };
  const sums = new Float64Array(63);
  const fillSums = expectedVarianceSums(p, sums.length);
  const jumps = jumpMoments(p);
  let state: VarianceState = initialState(p, random);
  for (let t = 0; t < count; t++) {
    const day = p.dayDeviation * random.normal() - p.dayDeviation ** 2 / 2; // its exponential is 1 on average
    variance[t] = sessionVariance(state, p) * Math.exp(day);
    logVariance[t] = state.slow + state.fast + state.crisis + day;
    let gaussian = 0;
    for (let k = 0; k < parts; k++) {
      const normal = random.normal();
      normals[t * parts + k] = normal;
      gaussian += Math.sqrt(weights[k]!) * normal;
    }
    const shock: Shock = {gaussian, jump: drawJump(p, random)};
    jump[t] = shock.jump.size - jumps.mean;
    state = nextState(state, {shock, parameters: p, random});
    fillSums(state, sums);
    for (const h of HORIZONS) expected[h][t] = sums[h - 1]!;
  }
  return {variance, logVariance, normals, jump, diffusion: Math.sqrt(1 - jumps.variance), expected};
}
