// What do the pages on the record read of a small run? No multiverse, other symbols, intervals or live forecasts: the
// pages say so.
import {evaluateForecasts} from "../../src/evaluation/evaluateForecasts.ts";
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
import {encodeParquet} from "../../src/store/parquetWriter.ts";
import {type Table, tableFromRows} from "../../src/store/table.ts";
import {sessionDate} from "../../src/units.ts";

const EVALUATED = [
  "leaderboard",
  "model_tests",
  "superior_ability",
  "fluctuation",
  "calibration",
  "reliability",
] as const;
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
  const all = {
    ...tables,
    intervals: empty("intervals_daily"),
    ...Object.fromEntries(
      ["coverage", "multiverse", "multiverse_claims", "trials", "targets", "oracle", "live_ledger"].map(
        (dataset) => [dataset, empty(dataset)],
      ),
    ),
  } as typeof tables & Record<string, Table>;
  const forecasts = readForecasts(tables.walkforward, tables.labels);
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

function contractOf(dataset: string): Contract {
  return datasets.find((contract) => contract.dataset === dataset)!;
}

function empty(dataset: string): Table {
  return tableFromRows(columnTypes(contractOf(dataset)), []);
}
