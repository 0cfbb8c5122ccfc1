// What would the leaderboard say under other choices: another loss, another baseline, other sessions?

import {dieboldMariano} from "./dieboldMariano.ts";
import {confidenceSetOf} from "./modelConfidenceSet.ts";
import {pairInterval, sampleLosses} from "./periodSample.ts";
import type {Period} from "./periods.ts";
import {type ModelLosses, type PeriodLosses, periodLosses, type ScoredForecasts} from "./scoredForecasts.ts";
import {superiorAbilityOf} from "./superiorAbility.ts";

/** QLIKE and rmse_variance (in squared %) are of variance; the others are of volatility over the horizon, in %. */
export const SCORE_LOSSES = ["qlike", "rmse", "mae", "rmse_variance"] as const;
export type ScoreLoss = (typeof SCORE_LOSSES)[number];

export interface RescoreChoices {
  readonly period: Period;
  readonly loss: ScoreLoss;
  /** The model that gains are over and tests are against. */
  readonly baseline: string;
  /** Draws the bootstrap. */
  readonly seed: number;
}

/** One model under these choices. NaN where a figure does not exist. */
export interface RescoredRow {
  readonly model: string;
  readonly n: number;
  /** Non-overlapping outcomes: n / horizon. */
  readonly n_effective: number;
  /** Mean QLIKE, root mean squared error in % (of variance in squared %), or mean absolute error in %. */
  readonly loss: number;
  /** 1 - loss / baseline's loss, and the ends of its 95 % bootstrap interval. */
  readonly gain: number;
  readonly gain_lo: number;
  readonly gain_hi: number;
  /** Diebold-Mariano against the baseline on the loss, squared where it is a root; negative where this model is better. */
  readonly dm_t: number;
  readonly dm_p: number;
  /** Model confidence set p-values, T_max and T_R. */
  readonly mcs_p: number;
  readonly mcs_p_range: number;
  /** Superior predictive ability of any other model over this one, consistent p. */
  readonly spa_p: number;
  /** Mean forecast / mean outcome, on variance. */
  readonly bias: number;
}

/**
 * The leaderboard of one period by any loss and against any baseline, with its tests: by QLIKE the figures of
 * `scorecard` and `evaluateForecasts`, to the last bit. Another measure of the outcome is given as `scored.actual`.
 *
 * @returns one row a model, in their order; none where no row is common to all
 * @throws {RangeError} if there are no forecasts of the baseline
 */
export function rescoreForecasts(
  scored: ScoredForecasts,
  {period, loss, baseline, seed}: RescoreChoices,
): RescoredRow[] {
  if (!(baseline in scored.forecasts)) {
    throw new RangeError(
      `Cannot score against ${baseline}: there are forecasts of ${Object.keys(scored.forecasts).join(", ")}`,
    );
  }
  const losses = periodLosses(scored, period);
  if (!losses) return [];
  const columns = losses.models.map((own) => lossOf(own, loss).filter((value) => !Number.isNaN(value)));
  const means = columns.map(meanOf);
  const other = losses.models.findIndex(({model}) => model === baseline);
  const tests = losses.tested ? testAll(columns, {losses, other, loss, seed}) : undefined;
  const meanOutcome = meanOf(losses.variance);
  return losses.models.map(({model, variance}, i) => ({
    model,
    n: losses.n,
    n_effective: losses.effective,
    loss: level(loss, means[i]!),
    gain: 1 - level(loss, means[i]! / means[other]!),
    ...(tests?.[i] ?? UNTESTED),
    bias: meanOf(variance) / meanOutcome,
  }));
}

type Tests = Omit<RescoredRow, "model" | "n" | "n_effective" | "loss" | "gain" | "bias">;

const UNTESTED: Tests = {
  gain_lo: Number.NaN,
  gain_hi: Number.NaN,
  dm_t: Number.NaN,
  dm_p: Number.NaN,
  mcs_p: Number.NaN,
  mcs_p_range: Number.NaN,
  spa_p: Number.NaN,
};

// Of the baseline against itself nothing is tested.
function testAll(
  columns: readonly Float64Array[],
  {losses, other, loss, seed}: {losses: PeriodLosses; other: number; loss: ScoreLoss; seed: number},
): Tests[] {
  const {horizon} = losses;
  const {set, means} = sampleLosses(columns, {horizon, seed});
  const inSet = confidenceSetOf(set, "max");
  const inRangeSet = confidenceSetOf(set, "range");
  const gain = (own: number, theirs: number) => 1 - level(loss, own / theirs);
  return columns.map((values, i) => {
    const pair = i === other ? undefined : pairInterval(means, [i, other], gain);
    const test = i === other ? undefined : dieboldMariano([values, columns[other]!], {horizon});
    return {
      gain_lo: pair?.lo ?? Number.NaN,
      gain_hi: pair?.hi ?? Number.NaN,
      dm_t: test?.t ?? Number.NaN,
      dm_p: test?.p ?? Number.NaN,
      mcs_p: inSet[i]!,
      mcs_p_range: inRangeSet[i]!,
      spa_p: columns.length > 1 ? superiorAbilityOf(means, i).consistent : Number.NaN,
    };
  });
}

function lossOf(own: ModelLosses, loss: ScoreLoss): Float64Array {
  return {qlike: own.qlike, rmse: own.squared, mae: own.absolute, rmse_variance: own.squaredVariance}[loss];
}

function level(loss: ScoreLoss, value: number): number {
  return loss === "rmse" || loss === "rmse_variance" ? Math.sqrt(value) : value;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
