// When a model says much, does much come? Forecasts in ten groups, and what came of each.

import {longRunVariance, overlapLag} from "../math/hac.ts";

export interface ReliabilityGroup {
  /** 1 the lowest forecasts, 10 the highest. */
  readonly decile: number;
  /** Indices of its forecasts, the lowest first. */
  readonly rows: Uint32Array;
  /** Means over the group. */
  readonly forecast: number;
  readonly outcome: number;
  /** Mean forecast / mean outcome, with a 95 % interval that holds 1 where the group is reliable. NaN if nothing came. */
  readonly bias: number;
  readonly lo: number;
  readonly hi: number;
}

const DECILES = 10;
const TWO_SIDED_95 = 1.959963984540054;

/**
 * Forecasts and outcomes by decile of the forecast. The interval is exp(ln bias -+ 1.96 s), where s is the
 * delta-method error of the ratio: the long-run variance (Newey-West) of 1_group (y - f y/f) over n, relative to
 * the group's share of the outcome.
 *
 * @param outcome in order of time, no NaN
 * @param forecast of the same rows, in the same unit
 * @returns groups of equal size but for one row, the lowest first; ties go by time
 */
export function reliability(
  [outcome, forecast]: readonly [Float64Array, Float64Array],
  {horizon}: {readonly horizon: number},
): ReliabilityGroup[] {
  const n = outcome.length;
  const lag = overlapLag({horizon, n});
  const ranked = Uint32Array.from({length: n}, (_, t) => t).sort(
    (a, b) => forecast[a]! - forecast[b]! || a - b,
  );
  return Array.from({length: DECILES}, (_, group) => {
    const rows = ranked.subarray(Math.ceil((group * n) / DECILES), Math.ceil(((group + 1) * n) / DECILES));
    const sum = (values: Float64Array) => rows.reduce((total, t) => total + values[t]!, 0);
    const [said, came] = [sum(forecast), sum(outcome)];
    const excess = new Float64Array(n);
    for (const t of rows) excess[t] = outcome[t]! - (came / said) * forecast[t]!;
    const error = Math.sqrt(n * longRunVariance(excess, Math.min(lag, n - 1))) / came;
    const bias = came > 0 ? said / came : Number.NaN;
    return {
      decile: group + 1,
      rows,
      forecast: said / rows.length,
      outcome: came / rows.length,
      bias,
      lo: bias * Math.exp(-TWO_SIDED_95 * error),
      hi: bias * Math.exp(TWO_SIDED_95 * error),
    };
  }).filter(({rows}) => rows.length > 0);
}
