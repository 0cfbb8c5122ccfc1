// What does the site say before any query runs? Everything a first view needs, small enough to travel with the page.

import type {LeaderboardRow} from "../evaluation/scorecard.ts";
import {lowerBound} from "../frame.ts";
import {integers, numbers, type Table, texts} from "../store/table.ts";
import {annualizedVolatility, isoDate, SESSIONS_PER_YEAR} from "../units.ts";
import {
  type Attribution,
  attribute,
  attributeChange,
  explainedSessions,
  importance,
  volatilityOf,
} from "./attribution.ts";
import {trackRecordSentences} from "./recordSentences.ts";
import {contextSentences, explanationSentences, forecastSentence} from "./sentences.ts";
import type {
  HistoryRow,
  HorizonForecast,
  HorizonInterval,
  ImpliedVolatility,
  Interval,
  ReportRun,
  ReportSummary,
  ReportTables,
  TrackRecord,
} from "./summaryShape.ts";
import {yearOf} from "./words.ts";

const HORIZONS = [1, 5, 22] as const;
const MAIN_HORIZON = 5;
const MAIN_PERIOD = "all";
const HISTORY_SESSIONS = 260;

/**
 * The site's first view of a run. Volatilities are over their horizon, as fractions; nothing is annualised unless its
 * name says so.
 *
 * @throws {RangeError} if there is no forecast
 */
export function summarizeReport(tables: ReportTables, run: ReportRun): ReportSummary {
  const {predictions} = tables;
  const last = latestForecast(predictions);
  const day = integers(predictions, "date")[last]!;
  const forecasts = HORIZONS.map((horizon) => horizonForecast(predictions, {horizon, last}));
  const main = forecasts.find(({horizon}) => horizon === MAIN_HORIZON)!;
  const outcomes = outcomeByDay(tables.labels);
  const interval = intervalRecord(predictions, {last, outcomes, coverage: run.coverage});
  const implied = impliedVolatility(tables.features, day, main.volatility);
  const explained = explainedSessions(tables.shap, MAIN_HORIZON);
  const days = [...explained.keys()];
  const at = days.findLastIndex((session) => session <= day);
  const now = attributionAt(tables.shap, explained, days[at]);
  const before = attributionAt(tables.shap, explained, days[at - 1]);
  const steps = now && before ? attributeChange(before, now, restatedAt(tables, before)) : [];
  const weights = importance(tables.shap, explained);
  const record = mainLeaderboard(tables.leaderboard);
  const used = record.rows.find(({model}) => model === run.champion);
  const firstForecast = integers(predictions, "date")[0]!;
  const facts = {main, interval, implied, steps};
  const contributions = now?.contributions ?? [];
  return {
    symbol: run.symbol,
    source: run.source,
    simulated: run.source === "sample",
    asOf: isoDate(day),
    newestBar: isoDate(run.newestBar),
    runId: run.runId,
    runAt: run.runAt,
    modelVersion: texts(predictions, "model_version")[last]!,
    trainedThrough: isoDate(integers(predictions, "trained_through")[last]!),
    kind: texts(predictions, "kind")[last]!,
    champion: run.champion,
    headline: forecastSentence(facts),
    context: contextSentences(facts),
    forecasts,
    interval,
    intervalMethod: run.intervalMethod,
    intervals: tables.intervals ? nestedIntervals(tables.intervals, {day, method: run.intervalMethod}) : [],
    implied,
    drivers: {
      date: now ? isoDate(now.session) : "",
      base: now ? Math.exp(now.base) : Number.NaN,
      volatility: now ? volatilityOf(now) : Number.NaN,
      contributions,
      steps,
      previousDate: before ? isoDate(before.session) : "",
      previous: before ? volatilityOf(before) : Number.NaN,
    },
    history: history(predictions, {last, outcomes}),
    firstForecast: isoDate(firstForecast),
    forecastCount: last + 1,
    trackRecord: {
      ...record,
      years: yearOf(day) - yearOf(firstForecast) + 1,
      used,
      best: record.rows[0],
      sentences: trackRecordSentences({used, best: record.rows[0]}),
    },
    explanation: {
      sentences: explanationSentences(weights.overall, {contributions}),
      sessions: days.length,
      first: days.length > 0 ? isoDate(days[0]!) : "",
      last: days.length > 0 ? isoDate(days.at(-1)!) : "",
      importance: weights.overall,
      importanceByYear: weights.byYear,
    },
    gates: run.gates,
    hashes: run.hashes,
  };
}

function latestForecast(predictions: Table): number {
  const last = numbers(predictions, "rv_5d_hat").findLastIndex((value) => value > 0);
  if (last < 0) {
    throw new RangeError("Cannot summarise the report: there is no five-session forecast; run make infer");
  }
  return last;
}

function horizonForecast(
  predictions: Table,
  {horizon, last}: {readonly horizon: number; readonly last: number},
): HorizonForecast {
  const forecasts = numbers(predictions, `rv_${horizon}d_hat`);
  const volatility = forecasts[last]!;
  const previous = last > 0 ? forecasts[last - 1]! : Number.NaN;
  const earlier = forecasts.subarray(0, last).filter((value) => value > 0);
  const below = earlier.reduce((sum, value) => sum + (value <= volatility ? 1 : 0), 0);
  return {
    horizon,
    volatility,
    annualized: annualizedVolatility(volatility, horizon),
    previous,
    previousAnnualized: annualizedVolatility(previous, horizon),
    change: volatility / previous - 1,
    percentile: earlier.length > 0 ? (100 * below) / earlier.length : Number.NaN,
    earlierForecasts: earlier.length,
  };
}

function outcomeByDay(labels: Table): Map<number, number> {
  const outcomes = numbers(labels, `rv_${MAIN_HORIZON}d`);
  return new Map(Array.from(integers(labels, "date"), (day, i) => [day, outcomes[i]!]));
}

interface OutcomeOptions {
  readonly last: number;
  readonly outcomes: ReadonlyMap<number, number>;
}

function intervalRecord(
  predictions: Table,
  {last, outcomes, coverage}: OutcomeOptions & {readonly coverage: number},
): Interval {
  const dates = integers(predictions, "date");
  const low = numbers(predictions, "rv_5d_lo");
  const high = numbers(predictions, "rv_5d_hi");
  let known = 0;
  let contained = 0;
  for (let i = 0; i <= last; i++) {
    const outcome = outcomes.get(dates[i]!);
    if (outcome === undefined || !(outcome >= 0) || !(low[i]! <= high[i]!)) continue;
    known++;
    if (outcome >= low[i]! && outcome <= high[i]!) contained++;
  }
  return {
    coverage,
    low: low[last]!,
    high: high[last]!,
    lowAnnualized: annualizedVolatility(low[last]!, MAIN_HORIZON),
    highAnnualized: annualizedVolatility(high[last]!, MAIN_HORIZON),
    known,
    contained,
  };
}

// Levels increasing within a horizon: the dataset is sorted by its key.
function nestedIntervals(
  intervals: Table,
  {day, method}: {readonly day: number; readonly method: string},
): HorizonInterval[] {
  const [dates, horizons] = [integers(intervals, "date"), integers(intervals, "horizon")];
  const methods = texts(intervals, "method");
  const [levels, low, high] = ["level", "lo", "hi"].map((name) => numbers(intervals, name));
  const found: HorizonInterval[] = [];
  for (let row = lowerBound(dates, day); dates[row] === day; row++) {
    if (methods[row] !== method) continue;
    const horizon = horizons[row]!;
    found.push({
      horizon,
      coverage: levels![row]!,
      low: low![row]!,
      high: high![row]!,
      lowAnnualized: annualizedVolatility(low![row]!, horizon),
      highAnnualized: annualizedVolatility(high![row]!, horizon),
    });
  }
  return found;
}

function impliedVolatility(features: Table, day: number, forecast: number): ImpliedVolatility {
  const dates = integers(features, "date");
  const row = dates.findLastIndex((date) => date <= day);
  const vix = row >= 0 ? numbers(features, "vix")[row]! : Number.NaN;
  const volatility = (vix / 100) * Math.sqrt(MAIN_HORIZON / SESSIONS_PER_YEAR);
  return {vix, volatility, ratio: volatility / forecast};
}

function attributionAt(
  shap: Table,
  explained: ReadonlyMap<number, readonly number[]>,
  day: number | undefined,
): Attribution | undefined {
  const rows = day === undefined ? undefined : explained.get(day);
  return rows ? attribute(shap, rows) : undefined;
}

function restatedAt({restated}: ReportTables, {session}: Attribution): Attribution | undefined {
  return restated && attributionAt(restated, explainedSessions(restated, MAIN_HORIZON), session);
}

function history(predictions: Table, {last, outcomes}: OutcomeOptions): HistoryRow[] {
  const dates = integers(predictions, "date");
  const forecast = numbers(predictions, "rv_5d_hat");
  const low = numbers(predictions, "rv_5d_lo");
  const high = numbers(predictions, "rv_5d_hi");
  const rows: HistoryRow[] = [];
  for (let i = Math.max(0, last + 1 - HISTORY_SESSIONS); i <= last; i++) {
    rows.push({
      date: isoDate(dates[i]!),
      forecast: forecast[i]!,
      low: low[i]!,
      high: high[i]!,
      outcome: outcomes.get(dates[i]!) ?? Number.NaN,
    });
  }
  return rows;
}

// The whole walk-forward, the lowest loss first.
function mainLeaderboard(leaderboard: Table): Pick<TrackRecord, "period" | "periods" | "rows"> {
  const horizons = integers(leaderboard, "horizon");
  const periods = texts(leaderboard, "period");
  const rows: LeaderboardRow[] = [];
  for (let i = 0; i < leaderboard.rows; i++) {
    if (horizons[i] !== MAIN_HORIZON || periods[i] !== MAIN_PERIOD) continue;
    const row = Object.fromEntries(
      Object.entries(leaderboard.columns).map(([name, values]) => [name, values[i]]),
    );
    rows.push(row as unknown as LeaderboardRow);
  }
  return {
    period: MAIN_PERIOD,
    periods: [...new Set(periods)].sort(byKind),
    rows: rows.sort((a, b) => a.qlike - b.qlike),
  };
}

// The whole, the published comparison's span, the years.
function byKind(a: string, b: string): number {
  const kind = (period: string) => (period === MAIN_PERIOD ? 0 : /^\d{4}$/.test(period) ? 2 : 1);
  return kind(a) - kind(b) || a.localeCompare(b);
}
