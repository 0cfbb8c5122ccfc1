// What does a small run look like? A simulated market, simple forecasts of it, and the files the site is built from.

import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {evaluateGates} from "../../src/evaluation/gates.ts";
import type {LeaderboardRow} from "../../src/evaluation/scorecard.ts";
import type {ScoredForecasts} from "../../src/evaluation/scoredForecasts.ts";
import {createRandom} from "../../src/random.ts";
import {summarizeReport} from "../../src/report/summary.ts";
import type {ReportRun, ReportTables} from "../../src/report/summaryShape.ts";
import type {Contract} from "../../src/store/contract.ts";
import {encodeParquet} from "../../src/store/parquetWriter.ts";
import {type ColumnType, type Table, tableFromRows} from "../../src/store/table.ts";
import {dayOfWeek, sessionDate} from "../../src/units.ts";
import {type EvaluationTables, evaluateFixture, recordFiles} from "./recordFixture.ts";

const HORIZONS = [1, 5, 22];
const MODELS = ["rv20", "ewma", "vix", "har", "log_har_range", "log_har_vix", "cart", "gbdt", "anchored"];
const FEATURES = [
  "log_vix_var",
  "log_range_var_22d",
  "log_range_var_5d",
  "log_range_var_1d",
  "leverage_1d",
  "leverage_5d",
  "range_ratio_1_22",
  "vix_range_ratio",
  "sq_ret_ratio_5_22",
  "scaled_ret_5d",
  "drawdown_60d",
  "vix_ret_5d",
];

const COLUMNS: Record<string, Record<string, ColumnType>> = {
  predictions: {
    date: "DATE",
    rv_5d_hat: "DOUBLE",
    top_drivers: "VARCHAR[]",
    rv_1d_hat: "DOUBLE",
    rv_22d_hat: "DOUBLE",
    rv_5d_lo: "DOUBLE",
    rv_5d_hi: "DOUBLE",
    model_version: "VARCHAR",
    trained_through: "DATE",
    kind: "VARCHAR",
  },
  labels: {
    date: "DATE",
    rv_1d: "DOUBLE",
    rv_5d: "DOUBLE",
    rv_22d: "DOUBLE",
    range_rv_1d: "DOUBLE",
    range_rv_5d: "DOUBLE",
    range_rv_22d: "DOUBLE",
  },
  walkforward: {
    date: "DATE",
    horizon: "INTEGER",
    model: "VARCHAR",
    var_hat: "DOUBLE",
    rv_hat: "DOUBLE",
    trained_through: "DATE",
  },
  shap: {date: "DATE", horizon: "INTEGER", feature: "VARCHAR", value: "DOUBLE", shap: "DOUBLE"},
  features: {date: "DATE", vix: "DOUBLE"},
};

export interface FixtureOptions {
  readonly sessions?: number;
  readonly source?: string;
}

/**
 * Writes the site's inputs into a folder and returns the tables they hold. No multiverse, other targets, intervals or
 * live forecasts: their pages say so.
 */
export function writeFixture(
  folder: string,
  {sessions = 700, source = "sample"}: FixtureOptions = {},
): ReportTables {
  const tables = simulateTables(sessions);
  const run = describeRun(tables, source);
  mkdirSync(folder, {recursive: true});
  for (const name of Object.keys(COLUMNS)) {
    const table = tables[name as keyof FixtureTables]!;
    writeFileSync(join(folder, `${name}.parquet`), encodeParquet(contractOf(name), table));
  }
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summarizeReport(tables, run)));
  for (const [name, contents] of Object.entries(recordFiles(tables, run)))
    writeFileSync(join(folder, name), contents);
  return tables;
}

export type FixtureTables = ReportTables & EvaluationTables & {readonly walkforward: Table};

/** A market with clustered volatility, and forecasts that are noisy versions of what is to be known. */
export function simulateTables(sessions: number): FixtureTables {
  const random = createRandom(7);
  const days = weekdays(sessionDate("2021-03-01"), sessions);
  const returns = new Float64Array(sessions + 23);
  const sigma = new Float64Array(sessions + 23);
  let state = 0;
  for (let t = 0; t < returns.length; t++) {
    state = 0.97 * state + 0.17 * random.normal() + (random.uniform() < 0.004 ? 1.1 : 0);
    sigma[t] = 0.0085 * Math.exp(state);
    returns[t] = sigma[t]! * random.normal();
  }
  const realized = (t: number, h: number) => {
    if (t + h >= sessions) return undefined;
    let sum = 0;
    for (let i = 1; i <= h; i++) sum += returns[t + i]! ** 2;
    return Math.sqrt(sum);
  };
  const rows: Record<string, Record<string, unknown>[]> = {
    predictions: [],
    labels: [],
    walkforward: [],
    shap: [],
    features: [],
  };
  const noise = [0.42, 0.36, 0.33, 0.34, 0.3, 0.22, 0.38, 0.24, 0.2];
  const errors = MODELS.map(() => 0);
  for (let t = 0; t < sessions; t++) {
    const date = days[t]!;
    const outcomes = HORIZONS.flatMap((horizon) => {
      const rv = realized(t, horizon);
      return [
        [`rv_${horizon}d`, rv],
        [`range_rv_${horizon}d`, rv && 0.97 * rv],
      ];
    });
    rows.labels!.push({date, ...Object.fromEntries(outcomes)});
    rows.features!.push({date, vix: 100 * 1.12 * sigma[t]! * Math.sqrt(252)});
    MODELS.forEach((model, m) => {
      errors[m] = 0.9 * errors[m]! + noise[m]! * 0.45 * random.normal();
      for (const horizon of HORIZONS) {
        const rv = sigma[t]! * Math.sqrt(horizon) * Math.exp(errors[m]!);
        rows.walkforward!.push({
          date,
          horizon,
          model,
          var_hat: rv * rv * 1.05,
          rv_hat: rv * 0.97,
          trained_through: date - 10,
        });
      }
    });
    const anchored = sigma[t]! * Math.exp(errors.at(-1)!) * 0.97;
    for (const horizon of HORIZONS)
      explain(rows.shap!, {date, horizon, target: Math.log(anchored * Math.sqrt(horizon)), random});
    rows.predictions!.push({
      date,
      rv_1d_hat: anchored,
      rv_5d_hat: anchored * Math.sqrt(5),
      rv_22d_hat: anchored * Math.sqrt(22),
      rv_5d_lo: anchored * Math.sqrt(5) * 0.45,
      rv_5d_hi: anchored * Math.sqrt(5) * 1.75,
      top_drivers: FEATURES.slice(0, 3),
      model_version: "fixture-1",
      trained_through: date - 10,
      kind: t === sessions - 1 ? "live" : "walk-forward",
    });
  }
  const tables = Object.fromEntries(
    Object.entries(rows).map(([name, list]) => [name, tableFromRows(COLUMNS[name]!, list)]),
  );
  return {...tables, ...evaluateFixture(scoredForecasts(days, rows))} as unknown as FixtureTables;
}

function explain(
  rows: Record<string, unknown>[],
  {
    date,
    horizon,
    target,
    random,
  }: {date: number; horizon: number; target: number; random: {normal(): number}},
): void {
  const base = Math.log(0.0085 * Math.sqrt(horizon));
  const weights = FEATURES.map((_, j) => 1 / (1 + j) ** 1.3);
  const total = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map(
    (weight, j) => ((target - base) * weight) / total + (j > 0 ? 0.012 * random.normal() : 0),
  );
  const drift = parts.reduce((a, b) => a + b, 0) - (target - base);
  parts[0] = parts[0]! - drift;
  rows.push({date, horizon, feature: "(base)", value: undefined, shap: base});
  FEATURES.forEach((feature, j) => {
    rows.push({date, horizon, feature, value: parts[j]! * 3, shap: parts[j]});
  });
}

function scoredForecasts(
  sessions: Int32Array,
  rows: Record<string, Record<string, unknown>[]>,
): ScoredForecasts[] {
  return HORIZONS.map((horizon) => {
    const labels = rows.labels!.map((row) => (row[`rv_${horizon}d`] as number | undefined) ?? Number.NaN);
    const forecasts = Object.fromEntries(
      MODELS.map((model) => {
        const own = rows.walkforward!.filter((row) => row.model === model && row.horizon === horizon);
        return [
          model,
          {
            variance: Float64Array.from(own, (row) => row.var_hat as number),
            volatility: Float64Array.from(own, (row) => row.rv_hat as number),
          },
        ];
      }),
    );
    return {sessions, horizon, actual: Float64Array.from(labels, (rv) => rv * rv), forecasts};
  });
}

function describeRun({leaderboard, labels}: ReportTables, source: string): ReportRun {
  const columns = Object.entries(leaderboard.columns);
  const lines = Array.from({length: leaderboard.rows}, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
  ) as unknown as LeaderboardRow[];
  return {
    symbol: "SPY",
    source,
    runId: "fixture",
    runAt: "2026-11-20T22:10:00.000Z",
    newestBar: (labels.columns.date as Int32Array).at(-1)!,
    champion: "anchored",
    coverage: 0.9,
    intervalMethod: "adaptive",
    gates: evaluateGates(lines, {
      model: "anchored",
      horizon: 5,
      minimumGainRmse: 0.02,
      minimumGainQlike: 0.02,
      dieboldMarianoT: -1.96,
      minimumBias: 0.95,
      maximumBias: 1.05,
    }),
    hashes: {predictions_daily: "0".repeat(64), labels_daily: "1".repeat(64), model: "2".repeat(64)},
  };
}

function weekdays(first: number, n: number): Int32Array {
  const days = new Int32Array(n);
  for (let i = 0, day = first; i < n; day++) {
    if (dayOfWeek(day) !== 0 && dayOfWeek(day) !== 6) days[i++] = day;
  }
  return days;
}

function contractOf(name: string): Contract {
  const columns = Object.entries(COLUMNS[name]!).map(([column, type]) => ({
    name: column,
    type,
    description: "",
    nullable: true,
  }));
  return {
    dataset: name,
    schemaVersion: 1,
    description: "",
    columns,
    key: [],
    partition: "date",
    mode: "append",
  };
}
