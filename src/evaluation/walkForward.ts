// What would each model have said on each day, knowing only what was known that day?

import {type Frame, type RowRange, sliceFrame} from "../frame.ts";
import type {Model} from "../models/model.ts";
import {horizon as checkedHorizon} from "../units.ts";
import {type Fold, type FoldOptions, lastTrainingReturn, planFolds} from "./folds.ts";

/** What every fold reads: features, and labels (variance over (t, t + h]) by horizon, rows aligned. */
export interface MarketTable {
  readonly features: Frame;
  readonly variance: Readonly<Record<number, Float64Array>>;
  /** The same windows by daily ranges. */
  readonly rangeVariance: Readonly<Record<number, Float64Array>>;
}

/** One fit and its forecasts, as data: which model (by name), which rows, which seed. */
export interface FoldTask {
  readonly model: string;
  readonly horizon: number;
  readonly fold: Fold;
  readonly seed: number;
}

/** Forecasts for rows [start, end), with the fit that made them. */
export interface FoldForecast {
  readonly model: string;
  readonly horizon: number;
  readonly rows: RowRange;
  readonly variance: Float64Array;
  readonly volatility: Float64Array;
  /**
   * Days since 1970-01-01 of the last return that entered a training label: never after the first row's
   * session.
   */
  readonly trainedThrough: number;
  readonly fit: unknown; // plain JSON
}

/** Columns over all sessions; NaN before the first fold. */
export interface ForecastSeries {
  readonly variance: Float64Array;
  readonly volatility: Float64Array;
  readonly trainedThrough: Int32Array; // 0 where there is no forecast
}

/**
 * The fits of one model at one horizon, in order; any order and any thread gives the same result.
 *
 * @param sessions days since 1970-01-01
 * @throws {RangeError} as `planFolds` does
 */
export function planWalkForward(
  sessions: Int32Array,
  {model, seed, ...options}: FoldOptions & {model: string; seed: number},
): FoldTask[] {
  return planFolds(sessions, options).map((fold) => ({model, horizon: options.horizon, fold, seed}));
}

/**
 * Fit one fold and forecast its test rows. Pure: the same task, model and table give the same bytes.
 *
 * @param model the model the task names
 * @throws {RangeError} if the task names another model, or has no labels for its horizon
 */
export function forecastFold(
  task: FoldTask,
  {model, table}: {model: Model; table: MarketTable},
): FoldForecast {
  if (model.name !== task.model)
    throw new RangeError(
      `Cannot forecast a fold of ${task.model} with ${model.name}: give the model it names`,
    );
  const variance = table.variance[task.horizon];
  const rangeVariance = table.rangeVariance[task.horizon];
  if (!variance || !rangeVariance) {
    throw new RangeError(
      `Cannot forecast ${task.horizon} sessions ahead: the table has labels for ${Object.keys(table.variance).join(", ")}`,
    );
  }
  const {features} = table;
  const {fold, seed} = task;
  const horizon = checkedHorizon(task.horizon);
  // The fit is handed nothing later than its last training row: it could not look ahead if it tried.
  const fit = model.fit({
    features: sliceFrame(features, 0, fold.trainEnd),
    rows: {start: fold.trainStart, end: fold.trainEnd},
    variance: variance.subarray(0, fold.trainEnd),
    rangeVariance: rangeVariance.subarray(0, fold.trainEnd),
    horizon,
    seed,
  });
  return forecastFromFit(task, {model, table, fit});
}

/** The forecasts of a fold whose fit is known, as `forecastFold` made them. */
export function forecastFromFit(
  {fold, horizon: sessions}: FoldTask,
  {model, table, fit}: {model: Model; table: MarketTable; fit: unknown},
): FoldForecast {
  const horizon = checkedHorizon(sessions);
  const rows = {start: fold.testStart, end: fold.testEnd};
  return {
    model: model.name,
    horizon,
    rows,
    ...model.forecast(fit, {features: table.features, rows, horizon}),
    trainedThrough: table.features.sessions[lastTrainingReturn(fold, horizon)]!,
    fit,
  };
}

/**
 * The forecasts of one model at one horizon, joined into columns over all sessions.
 *
 * @throws {RangeError} if two folds forecast the same row
 */
export function joinForecasts(folds: readonly FoldForecast[], sessionCount: number): ForecastSeries {
  const variance = new Float64Array(sessionCount).fill(Number.NaN);
  const volatility = new Float64Array(sessionCount).fill(Number.NaN);
  const trainedThrough = new Int32Array(sessionCount);
  for (const fold of folds) {
    for (let t = fold.rows.start; t < fold.rows.end; t++) {
      if (trainedThrough[t] !== 0)
        throw new RangeError(`Cannot join forecasts of ${fold.model}: row ${t} is forecast by two folds`);
      trainedThrough[t] = fold.trainedThrough;
    }
    variance.set(fold.variance, fold.rows.start);
    volatility.set(fold.volatility, fold.rows.start);
  }
  return {variance, volatility, trainedThrough};
}
