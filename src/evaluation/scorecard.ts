// How good is each model, over which days, and is it better than the baselines?

import {createRandom} from "../random.ts";
import {dieboldMariano} from "./dieboldMariano.ts";
import {absoluteErrorPct, qlike, squaredErrorPct} from "./losses.ts";
import {modelConfidenceSet} from "./modelConfidenceSet.ts";
import type {Period} from "./periods.ts";

/** The documents' baseline and the regression that is hard to beat. */
export const BASELINE = "rv20";
export const REFERENCE = "log_har_vix";

/** Outcomes and every model's forecasts at one horizon, rows aligned. */
export interface ScoredForecasts {
  readonly sessions: Int32Array; // days since 1970-01-01
  readonly horizon: number;
  readonly actual: Float64Array; // sum of squared returns over (t, t + horizon]; NaN unknown
  readonly forecasts: Readonly<
    Record<string, {readonly variance: Float64Array; readonly volatility: Float64Array}>
  >;
}

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
  readonly gain_qlike_rv20: number; // fraction
  readonly gain_rmse_rv20: number; // fraction
  /** Diebold-Mariano t on QLIKE; negative where this model is better. */
  readonly dm_t_rv20: number;
  readonly dm_t_har_vix: number;
  /** Model confidence set p-value on QLIKE; in the 90 % set iff >= .1. */
  readonly mcs_p: number;
}

/**
 * One row a model and period. All models of a period are compared on the same rows. Diebold-Mariano and the
 * confidence set need a hundred independent outcomes (n / horizon) and more: a shorter period has NaN there.
 *
 * @param options.seed draws the bootstrap of the confidence set
 * @throws {RangeError} if no model is called rv20, the baseline of the gains
 */
export function scorecard(
  scored: ScoredForecasts,
  {periods, seed}: {periods: readonly Period[]; seed: number},
): LeaderboardRow[] {
  if (!(BASELINE in scored.forecasts)) {
    throw new RangeError(
      `Cannot score ${Object.keys(scored.forecasts).join(", ")}: forecasts of ${BASELINE}, the baseline, are missing`,
    );
  }
  return periods.flatMap((period) => scorePeriod(scored, {period, seed}));
}

const FEWEST_INDEPENDENT_TESTED = 100;

interface Errors {
  readonly model: string;
  readonly qlike: Float64Array; // NaN where the close is unchanged
  readonly squared: Float64Array;
  readonly absolute: Float64Array;
  readonly variance: Float64Array;
}

function scorePeriod(
  scored: ScoredForecasts,
  {period, seed}: {period: Period; seed: number},
): LeaderboardRow[] {
  const {horizon} = scored;
  const rows = commonRows(scored, period);
  if (rows.length === 0) return [];
  const actual = pick(scored.actual, rows);
  const realized = actual.map(Math.sqrt);
  const errors = Object.entries(scored.forecasts).map(([model, forecast]): Errors => {
    const variance = pick(forecast.variance, rows);
    const volatility = pick(forecast.volatility, rows);
    return {
      model,
      qlike: qlike(actual, variance),
      squared: squaredErrorPct(realized, volatility),
      absolute: absoluteErrorPct(realized, volatility),
      variance,
    };
  });
  const baseline = errors.find(({model}) => model === BASELINE)!;
  const reference = errors.find(({model}) => model === REFERENCE);
  const tested = rows.length / horizon >= FEWEST_INDEPENDENT_TESTED;
  const inSet = tested ? confidence(errors, seed) : undefined;
  const spread = meanOf(realized.map((rv) => (100 * (rv - meanOf(realized))) ** 2));

  return errors.map((own, i) => ({
    horizon,
    model: own.model,
    period: period.name,
    n: rows.length,
    n_effective: rows.length / horizon,
    qlike: meanOf(own.qlike),
    rmse_pct: Math.sqrt(meanOf(own.squared)),
    mae_pct: meanOf(own.absolute),
    r2: 1 - meanOf(own.squared) / spread,
    bias: meanOf(own.variance) / meanOf(actual),
    gain_qlike_rv20: 1 - meanOf(own.qlike) / meanOf(baseline.qlike),
    gain_rmse_rv20: 1 - Math.sqrt(meanOf(own.squared) / meanOf(baseline.squared)),
    dm_t_rv20: tested ? compare(own, baseline, horizon) : Number.NaN,
    dm_t_har_vix: tested && reference ? compare(own, reference, horizon) : Number.NaN,
    mcs_p: inSet?.[i] ?? Number.NaN,
  }));
}

function commonRows({sessions, actual, forecasts}: ScoredForecasts, {first, last}: Period): Uint32Array {
  const all = Object.values(forecasts);
  const rows: number[] = [];
  for (let t = 0; t < sessions.length; t++) {
    if (sessions[t]! < first || sessions[t]! > last || Number.isNaN(actual[t]!)) continue;
    if (all.every(({variance, volatility}) => !Number.isNaN(variance[t]! + volatility[t]!))) rows.push(t);
  }
  return Uint32Array.from(rows);
}

function compare(own: Errors, other: Errors, horizon: number): number {
  return own === other ? Number.NaN : dieboldMariano([own.qlike, other.qlike], {horizon}).t;
}

function confidence(errors: readonly Errors[], seed: number): Float64Array {
  const losses = errors.map((own) => own.qlike.filter((loss) => !Number.isNaN(loss)));
  return modelConfidenceSet(losses, {random: createRandom(seed)});
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (t) => values[t]!);
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
