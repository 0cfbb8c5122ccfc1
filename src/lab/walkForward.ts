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

/** How a model walks. The defaults are no lake's: `walkOptions(lake)` gives those of the lake's own models. */
export interface WalkOptions {
  /** Sessions ahead: one that the table has outcomes of. Default 5. */
  readonly horizon?: number;
  /** The first forecast, YYYY-MM-DD. Default: as soon as `minTrain` rows may train a fit. */
  readonly firstOrigin?: string;
  /** No earlier session trains a fit, YYYY-MM-DD. Default: the table's first. */
  readonly trainFrom?: string;
  /** The first fit waits for so many rows that may train it. Default 1000. */
  readonly minTrain?: number;
  /** Sessions from one fit to the next. Default 63. */
  readonly refitEvery?: number;
  /** The rows before a refit that train it. Default: all, "expanding". */
  readonly window?: TrainingWindow;
  /** Of whatever a fit draws by chance. Default 1. */
  readonly seed?: number;
  /** Called after each fit; a cell can draw it. */
  readonly progress?: (state: WalkProgress) => void;
  /** Ends the walk after the fit that is being made. In a notebook an interrupted cell ends it without one. */
  readonly signal?: StopSignal;
}

/** An AbortSignal, by what is read of it. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
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
 * @throws {RangeError} if the model reads a column that is nowhere, its fit or forecast throws, it forecasts what is no
 *   variance or nothing at all, or looks ahead; as `planFolds` does where the table is too short
 * @throws {TypeError} if a fit is not plain JSON
 * @throws {Error} if `signal` ends it
 */
export async function walkForward(
  model: Model,
  table: MarketTable,
  options: WalkOptions = {},
): Promise<WalkForward> {
  const {horizon = 5, progress, signal} = options;
  requireColumns(model, table);
  const tasks = planWalk(model, table, options);
  const folds: FoldForecast[] = [];
  for (const task of tasks) {
    requireGoingOn(model, {signal, done: folds.length, fits: tasks.length});
    const fold = fitAndForecast(task, {model, table});
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
  requireAnyForecast(folds, model);
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

function requireGoingOn(
  {name}: Model,
  {signal, done, fits}: {signal: StopSignal | undefined; done: number; fits: number},
): void {
  if (!signal?.aborted) return;
  throw new Error(`Cannot walk ${name} forward: interrupted after ${done} of ${fits} fits`, {
    cause: signal.reason,
  });
}

function fitAndForecast(task: FoldTask, {model, table}: {model: Model; table: MarketTable}): FoldForecast {
  const day = isoDate(table.features.sessions[task.fold.testStart]!);
  const fold = forecastOrSay(task, {model, table, day});
  requireJson(fold.fit, `${model.name} forward: its fit of ${day}`);
  return fold;
}

function forecastOrSay(
  task: FoldTask,
  {model, table, day}: {model: Model; table: MarketTable; day: string},
): FoldForecast {
  try {
    return forecastFold(task, {model, table});
  } catch (error) {
    const {message} = error as Error;
    throw new RangeError(`Cannot walk ${model.name} forward: its refit of ${day} failed. ${message}`, {
      cause: error,
    });
  }
}

// A fit is stored and posted to threads: what JSON does not have is lost on the way.
function requireJson(fit: unknown, what: string): void {
  const lost = lostInJson(fit, "");
  if (lost === undefined) return;
  throw new TypeError(
    `Cannot walk ${what} is not plain JSON: ${lost}; return numbers, texts, lists and plain objects, Array.from(…) of a column`,
  );
}

function lostInJson(value: unknown, path: string): string | undefined {
  const at = path === "" ? "it" : path.slice(1);
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${at} is ${value}`;
  if (typeof value !== "object") return `${at} is ${value === undefined ? "undefined" : `a ${typeof value}`}`;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== "Array" && kind !== "Object") return `${at} is a ${kind}`;
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined && kind === "Object") continue; // absent either way
    const lost = lostInJson(entry, `${path}.${key}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

function requireAnyForecast(folds: readonly FoldForecast[], {name, features}: Model): void {
  if (folds.some(({variance}) => variance.some((value) => !Number.isNaN(value)))) return;
  throw new RangeError(
    `Cannot walk ${name} forward: every forecast is NaN; look at its fit, and whether ${features.join(", ") || "its inputs"} are known`,
  );
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
