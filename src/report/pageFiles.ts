// Which Parquet files do the pages read? Of each dataset what a page shows, a file a horizon where it would be large.

import type {ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import {type ColumnValues, integers, numbers, type Table, takeRows, texts} from "../store/table.ts";

/** The datasets' snapshots that are cut to what the pages show. */
export interface PageTables {
  readonly predictions: Table;
  readonly labels: Table;
  readonly live_ledger: Table;
  readonly features: Table;
  readonly leaderboard: Table;
  readonly model_tests: Table;
  readonly superior_ability: Table;
  readonly fluctuation: Table;
  readonly calibration: Table;
  readonly reliability: Table;
  readonly coverage: Table;
  readonly intervals: Table;
  readonly multiverse: Table;
  readonly targets: Table;
  readonly trials: Table;
}

const PREDICTED = ["date", "rv_1d_hat", "rv_5d_hat", "rv_22d_hat", "rv_5d_lo", "rv_5d_hi"];

/** A file of the pages: the dataset whose contract types its columns, and its rows. */
export interface PageFile {
  readonly dataset: string;
  readonly table: Table;
}

/**
 * The files of the record's pages by name.
 *
 * - `variance_5`, `volatility_5`: a row a session and a column a model, models in the order they are scored in.
 * - `intervals_5`: a row a session, two columns an interval, such as adaptive_90_lo; the level in percent.
 * - `model_tests_5`: each pair once; the other way round signs change.
 * - `outcomes`: labels_daily with the implied index beside it.
 *
 * @param forecasts one element a horizon
 */
export function pageFiles(
  tables: PageTables,
  forecasts: readonly ScoredForecasts[],
): Record<string, PageFile> {
  const files: Record<string, PageFile> = {
    leaderboard: {dataset: "leaderboard", table: tables.leaderboard},
    superior_ability: {dataset: "superior_ability", table: tables.superior_ability},
    calibration: {dataset: "calibration", table: tables.calibration},
    coverage: {dataset: "coverage", table: tables.coverage},
    multiverse: {dataset: "multiverse", table: without(tables.multiverse, ["cell", "universe", "rank"])},
    targets: {dataset: "targets", table: tables.targets},
    trials: {
      dataset: "trials",
      table: without(tables.trials, ["trial", "code", "data", "first_evaluated"]),
    },
    predictions: {dataset: "predictions_daily", table: only(tables.predictions, PREDICTED)},
    live_ledger: {dataset: "live_ledger", table: tables.live_ledger},
    outcomes: {dataset: "labels_daily", table: withImplied(tables.labels, tables.features)},
  };
  for (const scored of forecasts) {
    const {horizon} = scored;
    const ofHorizon = (table: Table, left: readonly string[] = []): Table =>
      without(rowsOfHorizon(table, horizon), ["horizon", "n_effective", ...left]);
    Object.assign(files, {
      [`variance_${horizon}`]: {dataset: "walkforward_daily", table: forecastColumns(scored, "variance")},
      [`volatility_${horizon}`]: {dataset: "walkforward_daily", table: forecastColumns(scored, "volatility")},
      [`intervals_${horizon}`]: {
        dataset: "intervals_daily",
        table: intervalColumns(tables.intervals, horizon),
      },
      [`model_tests_${horizon}`]: {dataset: "model_tests", table: pairsOnce(ofHorizon(tables.model_tests))},
      [`fluctuation_${horizon}`]: {dataset: "fluctuation", table: ofHorizon(tables.fluctuation, ["other"])},
      [`reliability_${horizon}`]: {dataset: "reliability", table: ofHorizon(tables.reliability)},
    });
  }
  return files;
}

function forecastColumns({sessions, forecasts}: ScoredForecasts, of: "variance" | "volatility"): Table {
  const columns = Object.entries(forecasts).map(([model, forecast]) => [model, forecast[of]] as const);
  return {rows: sessions.length, columns: {date: sessions, ...Object.fromEntries(columns)}};
}

function intervalColumns(intervals: Table, horizon: number): Table {
  const own = rowsOfHorizon(intervals, horizon);
  const dates = integers(own, "date");
  const sessions = Int32Array.from(new Set(dates)).sort();
  const at = new Map(Array.from(sessions, (day, t) => [day, t]));
  const [methods, levels] = [texts(own, "method"), numbers(own, "level")];
  const columns: Record<string, ColumnValues> = {date: sessions};
  for (const end of ["lo", "hi"] as const) {
    const values = numbers(own, end);
    for (let row = 0; row < own.rows; row++) {
      const name = `${methods[row]}_${Math.round(100 * levels[row]!)}_${end}`;
      columns[name] ??= new Float64Array(sessions.length).fill(Number.NaN);
      (columns[name] as Float64Array)[at.get(dates[row]!)!] = values[row]!;
    }
  }
  return {rows: sessions.length, columns};
}

function pairsOnce(tests: Table): Table {
  const [models, others] = [texts(tests, "model"), texts(tests, "other")];
  return takeRows(
    tests,
    rowsWhere(tests, (row) => models[row]! < others[row]!),
  );
}

function rowsOfHorizon(table: Table, horizon: number): Table {
  const horizons = integers(table, "horizon");
  return takeRows(
    table,
    rowsWhere(table, (row) => horizons[row] === horizon),
  );
}

function rowsWhere({rows}: Table, keep: (row: number) => boolean): Uint32Array {
  return Uint32Array.from({length: rows}, (_, row) => row).filter(keep);
}

function withImplied(labels: Table, features: Table): Table {
  const row = new Map(Array.from(integers(features, "date"), (day, t) => [day, t]));
  const vix = "vix" in features.columns ? numbers(features, "vix") : new Float64Array(0);
  const implied = Float64Array.from(integers(labels, "date"), (day) => vix[row.get(day) ?? -1] ?? Number.NaN);
  return {rows: labels.rows, columns: {...labels.columns, vix: implied}};
}

function only({rows, columns}: Table, names: readonly string[]): Table {
  const kept = Object.entries(columns).filter(([name]) => names.includes(name));
  return {rows, columns: Object.fromEntries(kept)};
}

function without({rows, columns}: Table, names: readonly string[]): Table {
  const kept = Object.entries(columns).filter(([name]) => !names.includes(name));
  return {rows, columns: Object.fromEntries(kept)};
}
