// What is scored? Outcomes and the forecasts of them, row by row, and the losses over a period.

import {absoluteErrorPct, qlike, squaredErrorPct, squaredVarianceErrorPct} from "./losses.ts";
import type {Period} from "./periods.ts";

/** Outcomes and every model's forecasts at one horizon, rows aligned. */
export interface ScoredForecasts {
  readonly sessions: Int32Array; // days since 1970-01-01
  readonly horizon: number;
  readonly actual: Float64Array; // sum of squared returns over (t, t + horizon]; NaN unknown
  readonly forecasts: Readonly<
    Record<string, {readonly variance: Float64Array; readonly volatility: Float64Array}>
  >;
}

/** Tests and intervals need as many outcomes that do not overlap (n / horizon). */
export const FEWEST_INDEPENDENT_TESTED = 100;

/** One model's forecasts and losses on the rows of a period. */
export interface ModelLosses {
  readonly model: string;
  readonly variance: Float64Array;
  readonly volatility: Float64Array;
  readonly qlike: Float64Array; // NaN where the close is unchanged
  readonly squared: Float64Array; // of volatility
  readonly squaredVariance: Float64Array;
  readonly absolute: Float64Array;
}

/** What is compared over a period: the rows on which every model has a forecast and the outcome is known. */
export interface PeriodLosses {
  readonly horizon: number;
  readonly period: string;
  readonly sessions: Int32Array;
  readonly n: number;
  /** Non-overlapping outcomes: n / horizon. */
  readonly effective: number;
  /** Whether a test means anything: a hundred independent outcomes, not chosen by the outcome. */
  readonly tested: boolean;
  readonly variance: Float64Array; // outcome
  readonly volatility: Float64Array; // outcome
  readonly models: readonly ModelLosses[];
}

/** Losses of every model over a period; undefined where no row is common to all. */
export function periodLosses(scored: ScoredForecasts, period: Period): PeriodLosses | undefined {
  const rows = commonRows(scored, period);
  const n = rows.length;
  if (n === 0) return undefined;
  const pick = (values: Float64Array) => Float64Array.from(rows, (t) => values[t]!);
  const variance = pick(scored.actual);
  const volatility = variance.map(Math.sqrt);
  const effective = n / scored.horizon;
  return {
    horizon: scored.horizon,
    period: period.name,
    sessions: Int32Array.from(rows, (t) => scored.sessions[t]!),
    n,
    effective,
    tested: effective >= FEWEST_INDEPENDENT_TESTED && !period.byOutcome,
    variance,
    volatility,
    models: Object.entries(scored.forecasts).map(([model, forecast]) => {
      const own = {variance: pick(forecast.variance), volatility: pick(forecast.volatility)};
      return {
        model,
        ...own,
        qlike: qlike(variance, own.variance),
        squared: squaredErrorPct(volatility, own.volatility),
        squaredVariance: squaredVarianceErrorPct(variance, own.variance),
        absolute: absoluteErrorPct(volatility, own.volatility),
      };
    }),
  };
}

/** Rows of a period, or of all sessions, on which every model has a forecast and the outcome is known. */
export function commonRows({sessions, actual, forecasts}: ScoredForecasts, period?: Period): Uint32Array {
  const {first = Number.NEGATIVE_INFINITY, last = Number.POSITIVE_INFINITY, members} = period ?? {};
  const all = Object.values(forecasts);
  const rows: number[] = [];
  for (let t = 0; t < sessions.length; t++) {
    if (sessions[t]! < first || sessions[t]! > last || members?.[t] === 0 || Number.isNaN(actual[t]!))
      continue;
    if (all.every(({variance, volatility}) => !Number.isNaN(variance[t]! + volatility[t]!))) rows.push(t);
  }
  return Uint32Array.from(rows);
}
