// What becomes of the leaderboard under the reader's own choices? Scored again in the page by the pipeline's functions.

import type {ProxyName} from "../evaluation/multiverseChoices.ts";
import type {Period} from "../evaluation/periods.ts";
import {rangeOutcomes} from "../evaluation/proxyOutcomes.ts";
import {planRegimes} from "../evaluation/regimes.ts";
import {type RescoredRow, rescoreForecasts, type ScoreLoss} from "../evaluation/rescore.ts";
import type {ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import {lowerBound} from "../frame.ts";
import {integers, numbers, type Table} from "../store/table.ts";
import {sessionDate} from "../units.ts";

/** The pages' files of one horizon, and the outcomes with the implied index beside them. */
export interface ForecastTables {
  readonly variance: Table;
  readonly volatility: Table;
  readonly outcomes: Table;
}

export interface Choices {
  readonly horizon: number;
  readonly loss: ScoreLoss;
  readonly proxy: ProxyName;
  readonly baseline: string;
  /** "all" sessions of the window, or a regime: vix_low, vix_middle, vix_high, stress. */
  readonly regime: string;
  /** The window, YYYY-MM-DD, both ends included: a forecast belongs to the day it was made. */
  readonly first: string;
  readonly last: string;
  /** Models left out: what is common to all, and the tests, follow from those that stay. */
  readonly without?: readonly string[];
}

export interface Settings {
  /** Draws the bootstrap. */
  readonly seed: number;
  /** From here on thirds of the implied index are told apart, YYYY-MM-DD. */
  readonly trainFrom: string;
}

/**
 * The leaderboard under these choices: with the leaderboard's own they are its figures. Regimes are those of the whole
 * record and of the measure of outcomes chosen, cut to the window.
 */
export function breakIt(tables: ForecastTables, choices: Choices, settings: Settings): RescoredRow[] {
  const scored = scoredForecasts(tables, choices);
  const period = chosenPeriod(scored, {...choices, outcomes: tables.outcomes, trainFrom: settings.trainFrom});
  if (!period) return [];
  return rescoreForecasts(scored, {
    period,
    loss: choices.loss,
    baseline: choices.baseline,
    seed: settings.seed,
  });
}

/** Forecasts and outcomes of the files, rows aligned. */
export function scoredForecasts(
  {variance, volatility, outcomes}: ForecastTables,
  {horizon, proxy, without = []}: Pick<Choices, "horizon" | "proxy" | "without">,
): ScoredForecasts {
  const sessions = integers(variance, "date");
  const days = integers(outcomes, "date");
  const squares = (name: string): Float64Array => numbers(outcomes, name).map((rv) => rv ** 2);
  const squared = squares(`rv_${horizon}d`);
  const measured =
    proxy === "squared returns"
      ? squared
      : rangeOutcomes(
          {sessions: days, squared, ranges: squares(`range_rv_${horizon}d`)},
          {horizon, firstOrigin: sessions[0] ?? 0},
        );
  const row = new Map(Array.from(days, (day, t) => [day, t]));
  const models = Object.keys(variance.columns).filter((name) => name !== "date" && !without.includes(name));
  return {
    sessions,
    horizon,
    actual: Float64Array.from(sessions, (day) => measured[row.get(day) ?? -1] ?? Number.NaN),
    forecasts: Object.fromEntries(
      models.map((model) => [
        model,
        {variance: numbers(variance, model), volatility: numbers(volatility, model)},
      ]),
    ),
  };
}

function chosenPeriod(
  scored: ScoredForecasts,
  {
    regime,
    first,
    last,
    outcomes,
    trainFrom,
  }: Pick<Choices, "regime" | "first" | "last"> & {outcomes: Table; trainFrom: string},
): Period | undefined {
  const window = {first: sessionDate(first), last: sessionDate(last)};
  if (regime === "all") return {name: regime, ...window};
  const days = integers(outcomes, "date");
  const start = lowerBound(days, sessionDate(trainFrom));
  const index = {sessions: days.subarray(start), level: numbers(outcomes, "vix").subarray(start)};
  const found = planRegimes(scored, index).find(({name}) => name === regime);
  return found && {...found, ...window};
}
