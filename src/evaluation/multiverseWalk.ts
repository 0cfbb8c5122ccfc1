// What would a model have said in one universe, under each refit interval and each way out of logs?

import {type Frame, presentColumns} from "../frame.ts";
import type {Combination} from "../models/combination.ts";
import {type Model, UNCHANGED} from "../models/model.ts";
import type {Retransformation} from "../models/retransformation.ts";
import {combineForecasts} from "./combineForecasts.ts";
import type {Universe} from "./multiverse.ts";
import type {RetransformationName} from "./multiverseChoices.ts";
import {
  type FoldForecast,
  type FoldTask,
  type ForecastSeries,
  forecastFold,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "./walkForward.ts";

export interface WalkPlan {
  readonly horizon: number;
  readonly seed: number;
  readonly firstOrigin: number; // days since 1970-01-01
  readonly minTrain: number;
}

/** One model's forecasts over all sessions; NaN before the first. */
export interface MultiverseWalk extends ForecastSeries {
  readonly model: string;
  readonly refit: number;
  readonly retransformation: RetransformationName;
}

/**
 * The walks of one model in one universe. It is fitted on the densest grid of refits alone: a slower refit
 * takes every so many of the same fits and forecasts further with each. A model that leaves no logs has its
 * own forecasts under "smearing" and nothing under the others.
 *
 * @param table features that the universe does not look at are left out of the frame before it comes here
 * @throws {RangeError} as `planFolds` and the model's fit do
 */
export function walkUniverse(
  model: Model,
  {
    universe,
    table,
    plan,
    retransformations,
  }: {
    readonly universe: Universe;
    readonly table: MarketTable;
    readonly plan: WalkPlan;
    readonly retransformations: readonly RetransformationName[];
  },
): MultiverseWalk[] {
  const {refits, trainFrom, window, purge} = universe;
  const shortest = refits[0]!;
  const {sessions} = table.features;
  const tasks = planWalkForward(sessions, {
    ...plan,
    model: model.name,
    trainFrom,
    window,
    purge,
    refitEvery: shortest,
  });
  // How far each fit must see: to the next of the slowest grid it is on.
  const steps = refits.map((refit) => refit / shortest);
  const reach = (task: FoldTask, i: number): FoldTask => {
    const slowest = Math.max(...refits.filter((_, k) => i % steps[k]! === 0));
    const testEnd = Math.min(task.fold.testStart + slowest, sessions.length);
    return {...task, fold: {...task.fold, testEnd}};
  };
  const reached = tasks.map(reach);
  const folds = reached.map((task) => forecastFold(task, {model, table}));
  const walks: MultiverseWalk[] = [];
  for (const retransformation of retransformations) {
    const scales = folds.map((fold, i) => scaleOf(fold, {retransformation, task: reached[i]!, model, table}));
    if (scales.includes(undefined)) continue;
    refits.forEach((refit, k) => {
      const used = folds.flatMap((fold, i) =>
        i % steps[k]! === 0 ? [cut(fold, {refit, scale: scales[i]!})] : [],
      );
      walks.push({model: model.name, refit, retransformation, ...joinForecasts(used, sessions.length)});
    });
  }
  return walks;
}

/**
 * A combination in the same universe: of its members' walks under each refit interval and retransformation
 * that all of them have. Its weights learn from squared returns, as on the leaderboard.
 *
 * @param walks of every member
 */
export function combineWalks(
  combination: Combination,
  {
    walks,
    table,
    horizon,
  }: {readonly walks: readonly MultiverseWalk[]; readonly table: MarketTable; readonly horizon: number},
): MultiverseWalk[] {
  const [first] = combination.members;
  return walks
    .filter(({model}) => model === first)
    .flatMap(({refit, retransformation}) => {
      const members = combination.members.flatMap((member) =>
        walks.filter(
          (walk) =>
            walk.model === member && walk.refit === refit && walk.retransformation === retransformation,
        ),
      );
      if (members.length < combination.members.length) return [];
      const {variance, volatility, trainedThrough} = combineForecasts(combination, members, {
        sessions: table.features.sessions,
        actual: table.variance[horizon]!,
        horizon,
      });
      return [{model: combination.name, refit, retransformation, variance, volatility, trainedThrough}];
    });
}

/** The frame with those columns alone. */
export function restrictFeatures(features: Frame, names: readonly string[]): Frame {
  const kept = presentColumns(features, names);
  return {
    sessions: features.sessions,
    columns: Object.fromEntries(kept.map((name) => [name, features.columns[name]!])),
  };
}

// The first `refit` rows of a fold, scaled.
function cut(fold: FoldForecast, {refit, scale}: {refit: number; scale: Retransformation}): FoldForecast {
  const {start, end} = fold.rows;
  const kept = Math.min(end - start, refit);
  return {
    ...fold,
    rows: {start, end: start + kept},
    variance: fold.variance.subarray(0, kept).map((value) => value * scale.variance),
    volatility: fold.volatility.subarray(0, kept).map((value) => value * scale.volatility),
  };
}

const AS_IT_IS: Retransformation = {variance: 1, volatility: 1};

// What turns a fold's own forecasts into those under another retransformation; undefined where it has no other.
function scaleOf(
  fold: FoldForecast,
  context: {retransformation: RetransformationName; task: FoldTask; model: Model; table: MarketTable},
): Retransformation | undefined {
  if (context.retransformation === "smearing") return AS_IT_IS;
  const own = factorsOf(fold.fit);
  if (!own) return undefined;
  if (context.retransformation === "none")
    return {variance: 1 / own.variance, volatility: 1 / own.volatility};
  const spread = residualVariance(fold, {...context, own});
  return {
    variance: Math.exp(spread / 2) / own.variance,
    volatility: Math.exp(spread / 8) / own.volatility,
  };
}

function factorsOf(fit: unknown): Retransformation | undefined {
  return typeof fit === "object" && fit !== null && "retransformation" in fit
    ? (fit as {retransformation: Retransformation}).retransformation
    : undefined;
}

// Variance of ln y - fit over the rows that trained the fit.
function residualVariance(
  {fit, horizon}: FoldForecast,
  {task, model, table, own}: {task: FoldTask; model: Model; table: MarketTable; own: Retransformation},
): number {
  const {trainStart: start, trainEnd: end} = task.fold;
  const {variance} = model.forecast(fit, {
    features: table.features,
    rows: {start, end},
    horizon: horizon as Parameters<Model["forecast"]>[1]["horizon"],
  });
  const outcomes = table.variance[horizon]!;
  let [n, sum, squares] = [0, 0, 0];
  for (let t = start; t < end; t++) {
    const residual = Math.log(outcomes[t]!) - Math.log(variance[t - start]! / own.variance);
    if (!(outcomes[t]! > UNCHANGED) || Number.isNaN(residual)) continue;
    n++;
    sum += residual;
    squares += residual * residual;
  }
  return squares / n - (sum / n) ** 2;
}
