// How much better is a model than its references in one universe, by every proxy, loss and retransformation?

import type {Combination} from "../models/combination.ts";
import type {Model} from "../models/model.ts";
import {isoDate} from "../units.ts";
import {dieboldMariano} from "./dieboldMariano.ts";
import {absoluteErrorPct, qlike, squaredErrorPct, squaredVarianceErrorPct} from "./losses.ts";
import type {Universe} from "./multiverse.ts";
import type {LossName, ProxyName, RetransformationName} from "./multiverseChoices.ts";
import {
  combineWalks,
  type MultiverseWalk,
  restrictFeatures,
  type WalkPlan,
  walkUniverse,
} from "./multiverseWalk.ts";
import type {Period} from "./periods.ts";
import {rangeOutcomes} from "./proxyOutcomes.ts";
import {BASELINE, REFERENCE} from "./scorecard.ts";
import {FEWEST_INDEPENDENT_TESTED} from "./scoredForecasts.ts";
import type {MarketTable} from "./walkForward.ts";

/** One cell: a model against a reference under one set of choices. NaN where a figure does not exist. */
export interface MultiverseCell {
  /** The choices joined: names the cell. */
  readonly cell: string;
  readonly horizon: number;
  readonly model: string;
  readonly reference: string;
  readonly train_from: number; // days since 1970-01-01
  /** "expanding", or the sessions of a rolling window. */
  readonly window: string;
  readonly refit_sessions: number;
  readonly purge_sessions: number;
  readonly features: string;
  readonly proxy: ProxyName;
  readonly loss: LossName;
  readonly retransformation: RetransformationName;
  readonly n: number;
  readonly loss_model: number;
  readonly loss_reference: number;
  /** 1 - loss_model / loss_reference. */
  readonly gain: number;
  /** Diebold-Mariano; negative where the model is better. */
  readonly dm_t: number;
}

export interface CellChoices {
  readonly proxies: readonly ProxyName[];
  readonly losses: readonly LossName[];
  readonly retransformations: readonly RetransformationName[];
}

export interface UniverseTask extends CellChoices {
  readonly universe: Universe;
  readonly plan: WalkPlan;
  /** Where forecasts are scored. */
  readonly period: Period;
}

/**
 * All cells of one universe. `log_har_vix`, the reference, is fitted under the same choices as the models,
 * features included: restricted to ranges it is log_har_range. `rv20` has no choices. All are scored on the
 * sessions that every one of them forecasts and every proxy knows.
 *
 * @param models fitted here, those that combinations are made of among them
 * @param combinations each after the models and combinations it is made of
 * @param judged the names to score
 * @throws {RangeError} as `walkUniverse` does
 */
export function scoreUniverse(
  {universe, plan, period, proxies, losses, retransformations}: UniverseTask,
  {
    models,
    combinations = [],
    judged,
    baseline,
    reference,
    table,
  }: {
    readonly models: readonly Model[];
    readonly combinations?: readonly Combination[];
    readonly judged: readonly string[];
    readonly baseline: Model;
    readonly reference: Model;
    readonly table: MarketTable;
  },
): MultiverseCell[] {
  const {featureSet} = universe;
  const restricted = {...table, features: restrictFeatures(table.features, featureSet.features)};
  const walk = (model: Model, own: MarketTable): MultiverseWalk[] =>
    walkUniverse(model, {universe, table: own, plan, retransformations});
  const known = models.flatMap((model) => walk(model, restricted));
  for (const combination of combinations)
    known.push(...combineWalks(combination, {walks: known, table, horizon: plan.horizon}));
  const scored = known.filter(({model}) => judged.includes(model));
  const references = [...walk(baseline, table), ...walk(reference, restricted)];
  const rows = scoredRows(table, {horizon: plan.horizon, period, walks: [...scored, ...references]});
  const outcomes = new Map(proxies.map((proxy) => [proxy, outcomesOf(proxy, {table, plan})]));
  const cells: MultiverseCell[] = [];
  for (const proxy of proxies) {
    const actual = pick(outcomes.get(proxy)!, rows);
    for (const loss of losses) {
      const lossesOf = new Map(
        [...scored, ...references].map((own) => [own, lossOf(loss, {own, actual, rows})]),
      );
      for (const own of scored) {
        for (const name of [BASELINE, REFERENCE]) {
          const other = counterpart(references, {name, own});
          if (!other) continue;
          cells.push({
            ...named({universe, own, reference: name, horizon: plan.horizon, proxy, loss}),
            ...compare([lossesOf.get(own)!, lossesOf.get(other)!], plan.horizon),
          });
        }
      }
    }
  }
  return cells;
}

// The reference under the same refits and retransformation; a model without logs has but one.
function counterpart(
  references: readonly MultiverseWalk[],
  {name, own}: {name: string; own: MultiverseWalk},
): MultiverseWalk | undefined {
  const same = references.filter(({model, refit}) => model === name && refit === own.refit);
  return same.find(({retransformation}) => retransformation === own.retransformation) ?? same[0];
}

function named({
  universe: {trainFrom, window, purge, featureSet},
  own: {model, refit, retransformation},
  reference,
  horizon,
  proxy,
  loss,
}: {
  universe: Universe;
  own: MultiverseWalk;
  reference: string;
  horizon: number;
  proxy: ProxyName;
  loss: LossName;
}): Omit<MultiverseCell, "n" | "loss_model" | "loss_reference" | "gain" | "dm_t"> {
  const span = window === "expanding" ? window : String(window.sessions);
  const choices = [isoDate(trainFrom), span, refit, purge, featureSet.name, proxy, loss, retransformation];
  return {
    cell: [horizon, model, reference, ...choices].join(" | "),
    horizon,
    model,
    reference,
    train_from: trainFrom,
    window: span,
    refit_sessions: refit,
    purge_sessions: purge,
    features: featureSet.name,
    proxy,
    loss,
    retransformation,
  };
}

function compare(
  [own, other]: readonly [Float64Array, Float64Array],
  horizon: number,
): Pick<MultiverseCell, "n" | "loss_model" | "loss_reference" | "gain" | "dm_t"> {
  let [n, ownSum, otherSum] = [0, 0, 0];
  own.forEach((value, i) => {
    if (Number.isNaN(value) || Number.isNaN(other[i]!)) return;
    n++;
    ownSum += value;
    otherSum += other[i]!;
  });
  return {
    n,
    loss_model: ownSum / n,
    loss_reference: otherSum / n,
    gain: 1 - ownSum / otherSum,
    dm_t: n / horizon < FEWEST_INDEPENDENT_TESTED ? Number.NaN : dieboldMariano([own, other], {horizon}).t,
  };
}

function lossOf(
  loss: LossName,
  {own, actual, rows}: {own: MultiverseWalk; actual: Float64Array; rows: Uint32Array},
): Float64Array {
  if (loss === "qlike") return qlike(actual, pick(own.variance, rows));
  if (loss === "mse_variance") return squaredVarianceErrorPct(actual, pick(own.variance, rows));
  const realized = actual.map(Math.sqrt);
  const volatility = pick(own.volatility, rows);
  return loss === "mse_volatility"
    ? squaredErrorPct(realized, volatility)
    : absoluteErrorPct(realized, volatility);
}

function outcomesOf(proxy: ProxyName, {table, plan}: {table: MarketTable; plan: WalkPlan}): Float64Array {
  const {horizon, firstOrigin} = plan;
  const squared = table.variance[horizon]!;
  if (proxy === "squared returns") return squared;
  const {sessions} = table.features;
  return rangeOutcomes({sessions, squared, ranges: table.rangeVariance[horizon]!}, {horizon, firstOrigin});
}

function scoredRows(
  {features: {sessions}, variance, rangeVariance}: MarketTable,
  {horizon, period, walks}: {horizon: number; period: Period; walks: readonly MultiverseWalk[]},
): Uint32Array {
  const rows: number[] = [];
  for (let t = 0; t < sessions.length; t++) {
    if (sessions[t]! < period.first || sessions[t]! > period.last) continue;
    if (Number.isNaN(variance[horizon]![t]! + rangeVariance[horizon]![t]!)) continue;
    if (walks.every((walk) => !Number.isNaN(walk.variance[t]! + walk.volatility[t]!))) rows.push(t);
  }
  return Uint32Array.from(rows);
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (t) => values[t]!);
}
