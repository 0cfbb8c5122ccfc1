// What do the pages on the record read of a small run? No other symbols and no live forecasts: the pages say so. The
// multiverse is made up: a few cells whose gains follow from their choices.
import {conformalIntervals, INTERVAL_METHODS} from "../../src/evaluation/conformal/conformalIntervals.ts";
import {coverageOf} from "../../src/evaluation/conformal/coverage.ts";
import {evaluateForecasts} from "../../src/evaluation/evaluateForecasts.ts";
import type {MultiverseCell} from "../../src/evaluation/multiverseCells.ts";
import {multiverseClaims} from "../../src/evaluation/multiverseClaims.ts";
import {planPeriods} from "../../src/evaluation/periods.ts";
import {planRegimes} from "../../src/evaluation/regimes.ts";
import type {ScoredForecasts} from "../../src/evaluation/scoredForecasts.ts";
import {readForecasts} from "../../src/lab/lakeForecasts.ts";
import {summarizeCoverage} from "../../src/report/coverageSummary.ts";
import {pageFiles} from "../../src/report/pageFiles.ts";
import {summarizeRecord} from "../../src/report/recordSummary.ts";
import {summarizeRobustness} from "../../src/report/robustnessSummary.ts";
import type {ReportRun, ReportTables} from "../../src/report/summaryShape.ts";
import {type Contract, columnTypes} from "../../src/store/contract.ts";
import {datasets} from "../../src/store/datasets.ts";
import {EVALUATED} from "../../src/store/evaluationDatasets.ts";
import {encodeParquet} from "../../src/store/parquetWriter.ts";
import {type Table, tableFromRows} from "../../src/store/table.ts";
import {sessionDate} from "../../src/units.ts";

const REFERENCE_PERIOD = {name: "2005-2023", first: "2005-01-03", last: "2023-12-21"};
const HORIZONS = [1, 5, 22];
const SEED = 1;

export type EvaluationTables = Readonly<Record<(typeof EVALUATED)[number], Table>>;

/** The evaluation's tables; the regimes follow an index that rises and falls. */
export function evaluateFixture(forecasts: readonly ScoredForecasts[]): EvaluationTables {
  const evaluations = forecasts.map((scored) => {
    const reference = {
      name: REFERENCE_PERIOD.name,
      first: sessionDate(REFERENCE_PERIOD.first),
      last: sessionDate(REFERENCE_PERIOD.last),
    };
    const level = Float64Array.from(scored.sessions, (_, t) => 20 + 8 * Math.sin(t / 40));
    const regimes = planRegimes(scored, {sessions: scored.sessions, level});
    const periods = [...planPeriods(scored.sessions, reference), ...regimes];
    return evaluateForecasts(scored, {periods, seed: SEED});
  });
  return Object.fromEntries(
    EVALUATED.map((dataset) => {
      const rows = evaluations.flatMap((evaluation) => evaluation[dataset].map((row) => ({...row})));
      return [dataset, tableFromRows(columnTypes(contractOf(dataset)), rows)];
    }),
  ) as unknown as EvaluationTables;
}

/** Files by name, as the site stage writes them. */
export function recordFiles(
  tables: ReportTables & EvaluationTables & {readonly walkforward: Table},
  run: ReportRun,
): Record<string, Uint8Array | string> {
  const forecasts = readForecasts(tables.walkforward, tables.labels);
  const all = {
    ...tables,
    ...intervalTables(HORIZONS.map(forecasts), run.champion),
    ...multiverseTables(run.champion),
    ...Object.fromEntries(["trials", "targets", "oracle", "live_ledger"].map((name) => [name, empty(name)])),
  } as typeof tables & Record<string, Table>;
  const parts = pageFiles(all as never, HORIZONS.map(forecasts));
  const trials = {lake: 0, committed: 0, total: 0};
  const {champion} = run;
  const views = {
    record: summarizeRecord(all as never, {
      champion,
      seed: SEED,
      trainFrom: "1993-06-01",
      horizons: HORIZONS,
      confidenceSetP: 0.1,
      referencePeriod: REFERENCE_PERIOD,
      combinations: [],
      gates: {5: run.gates},
      trials,
    }),
    coverage: summarizeCoverage(all.coverage!, {champion, method: "adaptive", level: 0.9}),
    robustness: summarizeRobustness(all as never, {
      champion,
      period: REFERENCE_PERIOD.name,
      main: {
        train_from: "1993-06-01",
        window: "expanding",
        refit_sessions: 63,
        purge_sessions: 5,
        features: "all",
        retransformation: "smearing",
      },
      trials,
      searches: [],
    }),
  };
  return {
    ...Object.fromEntries(
      Object.entries(parts).map(([name, {dataset, table}]) => [
        `${name}.parquet`,
        encodeParquet(contractOf(dataset), table, {codec: "SNAPPY"}),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(views).map(([name, view]) => [`${name}.json`, JSON.stringify(view)]),
    ),
  };
}

function intervalTables(
  forecasts: readonly ScoredForecasts[],
  champion: string,
): {intervals: Table; coverage: Table} {
  const levels = [0.8, 0.9, 0.95];
  const intervals: Record<string, unknown>[] = [];
  const coverage: Record<string, unknown>[] = [];
  for (const {sessions, horizon, actual: variance, forecasts: own} of forecasts) {
    const actual = variance.map(Math.sqrt);
    const forecast = own[champion]!.volatility;
    for (const method of INTERVAL_METHODS) {
      const options = {horizon, method, levels, windowSessions: 250, minimumSessions: 100};
      conformalIntervals({actual, forecast}, options).forEach(({lower, upper}, i) => {
        const level = levels[i]!;
        for (let t = 0; t < sessions.length; t++) {
          if (!Number.isNaN(lower[t]!))
            intervals.push({date: sessions[t], horizon, method, level, lo: lower[t], hi: upper[t]});
        }
        const {worst_end: end, ...record} = coverageOf({actual, forecast, lower, upper}, {level});
        const row = {...record, horizon, model: champion, method, level, period: "all"};
        coverage.push({...row, worst_end: end < 0 ? undefined : sessions[end]});
      });
    }
  }
  return {
    intervals: tableFromRows(columnTypes(contractOf("intervals_daily")), intervals),
    coverage: tableFromRows(columnTypes(contractOf("coverage")), coverage),
  };
}

function multiverseTables(model: string): {multiverse: Table; multiverse_claims: Table} {
  const cells: MultiverseCell[] = [];
  for (const reference of ["rv20", "log_har_vix"]) {
    for (const purge of [5, 22]) {
      for (const refit of [63, 252]) {
        for (const loss of ["qlike", "mae_volatility"] as const) {
          const gain = (reference === "rv20" ? 0.3 : 0.02) - purge / 1000 - refit / 10_000;
          cells.push({
            cell: [5, model, reference, purge, refit, loss].join(" | "),
            horizon: 5,
            model,
            reference,
            train_from: sessionDate("1993-06-01"),
            window: "expanding",
            refit_sessions: refit,
            purge_sessions: purge,
            features: "all",
            proxy: "squared returns",
            loss,
            retransformation: "smearing",
            n: 600,
            loss_model: 1 - gain,
            loss_reference: 1,
            gain,
            dm_t: -100 * gain,
          });
        }
      }
    }
  }
  const claims = multiverseClaims(cells, {
    threshold: 0.95,
    significantT: -1.96,
    matters: 0.01,
    mainFeatures: "all",
  });
  const rows = cells.map((cell, i) => ({...cell, universe: "made up", rank: i + 1}));
  return {
    multiverse: tableFromRows(columnTypes(contractOf("multiverse")), rows),
    multiverse_claims: tableFromRows(
      columnTypes(contractOf("multiverse_claims")),
      claims.map((claim) => ({...claim})),
    ),
  };
}

function contractOf(dataset: string): Contract {
  return datasets.find((contract) => contract.dataset === dataset)!;
}

function empty(dataset: string): Table {
  return tableFromRows(columnTypes(contractOf(dataset)), []);
}
