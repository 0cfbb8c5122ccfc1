// What would a model of one's own have said on each day of a table?

import {
  type FoldForecast,
  type FoldTask,
  type ForecastSeries,
  forecastFold,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "../evaluation/walkForward.ts";
import {catalogue} from "../features/catalogue.ts";
import {FUTURES} from "../market/futures.ts";
import type {Model, TrainingWindow} from "../models/model.ts";
import {changeTable, proveForecast} from "../proof/forecasts.ts";
import {isoDate, sessionDate} from "../units.ts";

/** How far a walk is, after each fit. */
export interface WalkProgress {
  readonly model: string;
  /** Fits made, and fits in all. */
  readonly done: number;
  readonly fits: number;
  /** The session of the last refit, YYYY-MM-DD. */
  readonly refit: string;
}

export interface WalkOptions {
  /** Sessions ahead: one that the table has outcomes of. */
  readonly horizon?: number;
  /** The first forecast, YYYY-MM-DD. Default: as soon as `minTrain` rows may train a fit. */
  readonly firstOrigin?: string;
  /** No earlier session trains a fit, YYYY-MM-DD. Default: the table's first. */
  readonly trainFrom?: string;
  readonly minTrain?: number;
  /** Sessions from one fit to the next. */
  readonly refitEvery?: number;
  readonly window?: TrainingWindow;
  readonly seed?: number;
  /** Called after each fit; a cell can draw it. */
  readonly progress?: (state: WalkProgress) => void;
}

/** One model's forecasts at one horizon, a row a session of the table: NaN before the first. */
export interface WalkForward extends ForecastSeries {
  readonly model: string;
  readonly horizon: number;
  readonly sessions: Int32Array; // days since 1970-01-01
  /** What came: the sum of squared returns over (t, t + horizon]; NaN not yet known. */
  readonly actual: Float64Array;
  readonly folds: readonly FoldForecast[];
}

/**
 * Every fit and forecast of a model over a table, as the pipeline walks: a fit sees only rows whose outcome was known
 * on its day, and a few folds are forecast again in changed futures to see that a forecast looks at no later row.
 *
 * @throws {RangeError} if the model reads a column that is nowhere, forecasts what is no variance, or looks ahead; as
 *   `planFolds` does where the table is too short
 */
export async function walkForward(
  model: Model,
  table: MarketTable,
  options: WalkOptions = {},
): Promise<WalkForward> {
  const {horizon = 5, progress} = options;
  requireColumns(model, table);
  const tasks = planWalk(model, table, options);
  const folds: FoldForecast[] = [];
  for (const task of tasks) {
    const fold = forecastFold(task, {model, table});
    requireVariances(fold, table);
    folds.push(fold);
    progress?.({
      model: model.name,
      done: folds.length,
      fits: tasks.length,
      refit: isoDate(table.features.sessions[task.fold.testStart]!),
    });
    await breath();
  }
  requireNoLookAhead(model, {table, tasks, folds});
  const {sessions} = table.features;
  const actual = table.variance[horizon]!;
  return {model: model.name, horizon, sessions, actual, ...joinForecasts(folds, sessions.length), folds};
}

function planWalk(model: Model, {features}: MarketTable, options: WalkOptions): FoldTask[] {
  const {horizon = 5, firstOrigin, trainFrom, minTrain = 1000, refitEvery = 63, seed = 1} = options;
  const {window = "expanding"} = options;
  return planWalkForward(features.sessions, {
    model: model.name,
    seed,
    horizon,
    refitEvery,
    window,
    minTrain,
    firstOrigin: firstOrigin === undefined ? (features.sessions[0] ?? 0) : sessionDate(firstOrigin),
    ...(trainFrom === undefined ? {} : {trainFrom: sessionDate(trainFrom)}),
  });
}

// A feature of the catalogue may be missing where its series is; any other name is a slip of the pen.
function requireColumns({name, features: asked}: Model, {features}: MarketTable): void {
  const unknown = asked.filter(
    (column) => !(column in features.columns) && !catalogue.some((entry) => entry.name === column),
  );
  if (unknown.length === 0) return;
  throw new RangeError(
    `Cannot walk ${name} forward: the table has no column ${unknown.join(", ")}; add it with addFeature`,
  );
}

function requireVariances(fold: FoldForecast, {features}: MarketTable): void {
  const {rows, model} = fold;
  for (const scale of ["variance", "volatility"] as const) {
    const values = fold[scale];
    if (values.length !== rows.end - rows.start) {
      throw new RangeError(
        `Cannot walk ${model} forward: its forecast has ${values.length} values of ${scale} for ${rows.end - rows.start} rows`,
      );
    }
    const wrong = values.findIndex((value) => !(value > 0 || Number.isNaN(value)) || value === Infinity);
    if (wrong < 0) continue;
    const day = isoDate(features.sessions[rows.start + wrong]!);
    throw new RangeError(
      `Cannot walk ${model} forward: its ${scale} of ${day} is ${values[wrong]}; a forecast is > 0 and finite, or NaN where unknown`,
    );
  }
}

// The first, the middle and the last fold of more than a row, each in every future after its middle row.
function requireNoLookAhead(
  model: Model,
  {table, tasks, folds}: {table: MarketTable; tasks: readonly FoldTask[]; folds: readonly FoldForecast[]},
): void {
  const tried = tasks.flatMap(({fold}, i) => (fold.testEnd - fold.testStart > 1 ? [i] : []));
  const chosen = new Set([0, tried.length >> 1, tried.length - 1].flatMap((at) => tried[at] ?? []));
  for (const i of chosen) {
    const task = tasks[i]!;
    const {fit, variance, volatility} = folds[i]!;
    const row = task.fold.testStart + ((task.fold.testEnd - task.fold.testStart - 1) >> 1);
    for (const future of FUTURES) {
      const changed = changeTable(table, {row, future});
      const once = {task, model, fit, forecast: {variance, volatility}};
      const [found] = proveForecast(once, {table, changed, row, future}).flatMap(({first}) => first ?? []);
      if (!found) continue;
      throw new RangeError(
        `Cannot walk ${model.name} forward: its forecast looks ahead. That of ${found.text}; forecast row t from rows 0 to t alone`,
      );
    }
  }
}

// Lets a cell draw what `progress` said, and be interrupted.
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
