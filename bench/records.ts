// The comparison of every model on SPY 2005-2023, as docs/evaluation.md shows it: node bench/records.ts
// [horizon ...]

import {readFileSync} from "node:fs";
import {configuredCombinations} from "../pipeline/universe.ts";
import {readConfig} from "../src/config.ts";
import {combineForecasts} from "../src/evaluation/combineForecasts.ts";
import {hasSharedMarket, sharedTable} from "../src/evaluation/marketTable.fixture.ts";
import {type LeaderboardRow, scorecard} from "../src/evaluation/scorecard.ts";
import {
  type ForecastSeries,
  forecastFold,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "../src/evaluation/walkForward.ts";
import {type CatalogueEntry, modelCatalogue} from "../src/models/catalogue.ts";
import {sessionDate} from "../src/units.ts";

const SEED = 20050103;
const TRAIN_FROM = sessionDate("1993-06-01");
const period = {name: "2005-2023", first: sessionDate("2005-01-03"), last: sessionDate("2023-12-21")};

if (!hasSharedMarket) throw new Error("Cannot compare models: the folder ../shared/market is missing");
const horizons = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 5, 22];
const table = sharedTable();
const config = readConfig("config/default.yaml", (path) => readFileSync(path, "utf8"));
for (const horizon of horizons) compare(horizon);

function compare(horizon: number): void {
  const {sessions} = table.features;
  const seconds: Record<string, number> = {};
  const forecasts: Record<string, ForecastSeries> = {};
  const timed = (name: string, make: () => ForecastSeries): void => {
    const started = performance.now();
    forecasts[name] = make();
    seconds[name] = (performance.now() - started) / 1000;
  };
  const actual = table.variance[horizon]!;
  for (const entry of modelCatalogue) timed(entry.model.name, () => walk(entry, {horizon, table}));
  for (const combination of configuredCombinations(config)) {
    const members = combination.members.map((member) => forecasts[member]!);
    timed(combination.name, () => combineForecasts(combination, members, {sessions, actual, horizon}));
  }
  const scored = {sessions, horizon, actual, forecasts};
  const rows = scorecard(scored, {periods: [period, ...years()], seed: SEED});
  console.log(`\n${horizon} sessions ahead, n = ${rows[0]!.n}\n`);
  console.log(
    "| model | QLIKE | gain | RMSE % | gain | MAE % | R2 | bias | t rv20 | t log_har_vix | MCS p | worst year | s |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
  for (const row of rows.filter((line) => line.period === period.name))
    console.log(`${line(row, worstYear(rows, row.model))} ${seconds[row.model]!.toFixed(1)} |`);
}

function walk(
  {model, refitEvery, window}: CatalogueEntry,
  {horizon, table}: {horizon: number; table: MarketTable},
) {
  const {sessions} = table.features;
  const plan = {seed: SEED, horizon, refitEvery, window, firstOrigin: period.first, trainFrom: TRAIN_FROM};
  const tasks = planWalkForward(sessions, {...plan, model: model.name});
  return joinForecasts(
    tasks.map((task) => forecastFold(task, {model, table})),
    sessions.length,
  );
}

function line(row: LeaderboardRow, worst: string): string {
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
  const number = (value: number, digits: number) => (Number.isNaN(value) ? "" : value.toFixed(digits));
  return `| ${[
    row.model,
    number(row.qlike, 4),
    percent(row.gain_qlike_rv20),
    number(row.rmse_pct, 3),
    percent(row.gain_rmse_rv20),
    number(row.mae_pct, 3),
    number(row.r2, 3),
    number(row.bias, 3),
    number(row.dm_t_rv20, 2),
    number(row.dm_t_har_vix, 2),
    number(row.mcs_p, 3),
    worst,
  ].join(" | ")} |`;
}

function worstYear(rows: readonly LeaderboardRow[], model: string): string {
  const own = rows.filter((row) => row.model === model && row.period !== period.name);
  const worst = own.reduce((a, b) => (b.gain_qlike_rv20 < a.gain_qlike_rv20 ? b : a));
  return `${worst.period} ${(100 * worst.gain_qlike_rv20).toFixed(0)} %`;
}

function years() {
  return Array.from({length: 19}, (_, i) => ({
    name: String(2005 + i),
    first: sessionDate(`${2005 + i}-01-01`),
    last: sessionDate(`${2005 + i}-12-31`),
  }));
}
