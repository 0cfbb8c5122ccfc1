// How good is each model, over which days, and is it better than the baselines?

import {dieboldMariano} from "./dieboldMariano.ts";
import {confidenceSetOf} from "./modelConfidenceSet.ts";
import {type PeriodSample, pairInterval, samplePeriod} from "./periodSample.ts";
import type {Period} from "./periods.ts";
import {type ModelLosses, type PeriodLosses, periodLosses, type ScoredForecasts} from "./scoredForecasts.ts";

export type {ScoredForecasts} from "./scoredForecasts.ts";

/** The documents' baseline and the regression that is hard to beat. */
export const BASELINE = "rv20";
export const REFERENCE = "log_har_vix";

/** One line of the leaderboard. NaN where a figure does not exist; docs/evaluation.md defines each. */
export interface LeaderboardRow {
  readonly horizon: number;
  readonly model: string;
  readonly period: string;
  /** Rows on which every model has a forecast and the outcome is known. */
  readonly n: number;
  /** Non-overlapping outcomes: n / horizon. */
  readonly n_effective: number;
  /** Mean QLIKE on variance, over rows whose outcome is not an unchanged close. */
  readonly qlike: number;
  readonly rmse_pct: number;
  readonly mae_pct: number;
  /** 1 - sum of squared errors / sum of squares about the period's mean, on volatility. */
  readonly r2: number;
  /** Mean forecast / mean outcome, on variance. */
  readonly bias: number;
  /** Gains are fractions of the other's loss; lo and hi are the ends of a 95 % bootstrap interval. */
  readonly gain_qlike_rv20: number;
  readonly gain_qlike_rv20_lo: number;
  readonly gain_qlike_rv20_hi: number;
  readonly gain_rmse_rv20: number;
  readonly gain_rmse_rv20_lo: number;
  readonly gain_rmse_rv20_hi: number;
  readonly gain_qlike_har_vix: number;
  readonly gain_qlike_har_vix_lo: number;
  readonly gain_qlike_har_vix_hi: number;
  readonly gain_rmse_har_vix: number;
  readonly gain_rmse_har_vix_lo: number;
  readonly gain_rmse_har_vix_hi: number;
  /** Diebold-Mariano t on QLIKE; negative where this model is better. */
  readonly dm_t_rv20: number;
  readonly dm_p_rv20: number;
  readonly dm_t_har_vix: number;
  readonly dm_p_har_vix: number;
  /** Model confidence set p-values on QLIKE, T_max and T_R; in the 90 % set iff >= .1. */
  readonly mcs_p: number;
  readonly mcs_p_range: number;
}

/**
 * One row a model and period. All models of a period are compared on the same rows. Tests and intervals need a
 * hundred independent outcomes (n / horizon) and sessions not chosen by their outcome: elsewhere they are NaN.
 *
 * @param options.seed draws the bootstrap
 * @throws {RangeError} if no model is called rv20, the baseline of the gains
 */
export function scorecard(
  scored: ScoredForecasts,
  {periods, seed}: {periods: readonly Period[]; seed: number},
): LeaderboardRow[] {
  requireBaseline(scored);
  return periods.flatMap((period) => {
    const losses = periodLosses(scored, period);
    return losses ? scorePeriod(losses, samplePeriod(losses, {seed})) : [];
  });
}

/** @throws {RangeError} if no model is called rv20 */
export function requireBaseline({forecasts}: ScoredForecasts): void {
  if (BASELINE in forecasts) return;
  throw new RangeError(
    `Cannot score ${Object.keys(forecasts).join(", ")}: forecasts of ${BASELINE}, the baseline, are missing`,
  );
}

/** The leaderboard's rows of one period. */
export function scorePeriod(losses: PeriodLosses, sample: PeriodSample | undefined): LeaderboardRow[] {
  const {horizon, period, n, effective, models} = losses;
  const baseline = models.findIndex(({model}) => model === BASELINE);
  const reference = models.findIndex(({model}) => model === REFERENCE);
  const inSet = sample && confidenceSetOf(sample.set, "max");
  const inRangeSet = sample && confidenceSetOf(sample.set, "range");
  const meanVolatility = meanOf(losses.volatility);
  const spread = meanOf(losses.volatility.map((rv) => (100 * (rv - meanVolatility)) ** 2));

  return models.map((own, i) => {
    const onBaseline = gainsOver([i, baseline], {losses, sample});
    const onReference = gainsOver([i, reference], {losses, sample});
    return {
      horizon,
      model: own.model,
      period,
      n,
      n_effective: effective,
      qlike: meanOf(own.qlike),
      rmse_pct: Math.sqrt(meanOf(own.squared)),
      mae_pct: meanOf(own.absolute),
      r2: 1 - meanOf(own.squared) / spread,
      bias: meanOf(own.variance) / meanOf(losses.variance),
      gain_qlike_rv20: onBaseline.qlike.gain,
      gain_qlike_rv20_lo: onBaseline.qlike.lo,
      gain_qlike_rv20_hi: onBaseline.qlike.hi,
      gain_rmse_rv20: onBaseline.rmse.gain,
      gain_rmse_rv20_lo: onBaseline.rmse.lo,
      gain_rmse_rv20_hi: onBaseline.rmse.hi,
      gain_qlike_har_vix: onReference.qlike.gain,
      gain_qlike_har_vix_lo: onReference.qlike.lo,
      gain_qlike_har_vix_hi: onReference.qlike.hi,
      gain_rmse_har_vix: onReference.rmse.gain,
      gain_rmse_har_vix_lo: onReference.rmse.lo,
      gain_rmse_har_vix_hi: onReference.rmse.hi,
      dm_t_rv20: onBaseline.t,
      dm_p_rv20: onBaseline.p,
      dm_t_har_vix: onReference.t,
      dm_p_har_vix: onReference.p,
      mcs_p: inSet?.[i] ?? Number.NaN,
      mcs_p_range: inRangeSet?.[i] ?? Number.NaN,
    };
  });
}

interface Gain {
  readonly gain: number;
  readonly lo: number;
  readonly hi: number;
}

const UNKNOWN: Gain = {gain: Number.NaN, lo: Number.NaN, hi: Number.NaN};

// NaN where there is no such model; of a model over itself the gain is 0 and nothing is tested.
function gainsOver(
  [own, other]: readonly [number, number],
  {losses, sample}: {losses: PeriodLosses; sample: PeriodSample | undefined},
): {qlike: Gain; rmse: Gain; t: number; p: number} {
  const first = losses.models[own]!;
  const second = losses.models[other];
  if (!second) return {qlike: UNKNOWN, rmse: UNKNOWN, t: Number.NaN, p: Number.NaN};
  const qlike = (a: number, b: number) => 1 - a / b;
  const rmse = (a: number, b: number) => 1 - Math.sqrt(a / b);
  const tested = sample && own !== other ? sample : undefined;
  const {t, p} = tested ? compare(first, second, losses.horizon) : {t: Number.NaN, p: Number.NaN};
  return {
    qlike: {
      ...UNKNOWN,
      gain: qlike(meanOf(first.qlike), meanOf(second.qlike)),
      ...(tested && pairInterval(tested.qlike, [own, other], qlike)),
    },
    rmse: {
      ...UNKNOWN,
      gain: rmse(meanOf(first.squared), meanOf(second.squared)),
      ...(tested && pairInterval(tested.squared, [own, other], rmse)),
    },
    t,
    p,
  };
}

function compare(own: ModelLosses, other: ModelLosses, horizon: number): {t: number; p: number} {
  return dieboldMariano([own.qlike, other.qlike], {horizon});
}

// NaN marks a row with no loss (QLIKE of an unchanged close).
function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
