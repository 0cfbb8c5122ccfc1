// What does a run publish? Its tables as Parquet beside the pages, its first views as JSON, the receipts of both.
import type {Gate} from "../src/evaluation/gates.ts";
import {type CoverageSummary, summarizeCoverage} from "../src/report/coverageSummary.ts";
import {pageFiles} from "../src/report/pageFiles.ts";
import {type RecordSummary, summarizeRecord} from "../src/report/recordSummary.ts";
import {type RobustnessSummary, summarizeRobustness} from "../src/report/robustnessSummary.ts";
import {summarizeReport} from "../src/report/summary.ts";
import type {ReportSummary} from "../src/report/summaryShape.ts";
import {readJson} from "../src/store/lake.ts";
import {encodeParquet} from "../src/store/parquetWriter.ts";
import {integers, onOrBefore, type Table} from "../src/store/table.ts";
import {onlyModels} from "./evaluate.ts";
import {readForecasts} from "./forecasts.ts";
import type {RunContext} from "./stage.ts";
import {countTrials, readResearchLedger, researchSearches} from "./trials.ts";
import {configuredCombinations, forecastNames} from "./universe.ts";

/** The datasets of which the pages have parts: files by page and horizon, and first views. */
export const PUBLISHED = {
  predictions: "predictions_daily",
  labels: "labels_daily",
  walkforward: "walkforward_daily",
  leaderboard: "leaderboard",
  model_tests: "model_tests",
  superior_ability: "superior_ability",
  fluctuation: "fluctuation",
  calibration: "calibration",
  reliability: "reliability",
  intervals: "intervals_daily",
  coverage: "coverage",
  multiverse: "multiverse",
  multiverse_claims: "multiverse_claims",
  trials: "trials",
  targets: "targets",
  oracle: "oracle",
  live_ledger: "live_ledger",
  shap: "shap_daily",
  restated: "shap_restated",
  anatomy: "loss_anatomy",
  features: "features_daily",
  bars: "curated.market_daily",
  certificate: "certificate",
} as const;

/** Beside them, what a page is made of without a file of its own. */
const BESIDE = ["raw.market", "quarantine"];

/** Every dataset that a page stands on. */
export const PUBLISHED_DATASETS: readonly string[] = [...Object.values(PUBLISHED), ...BESIDE];

export type PublishedTables = Readonly<Record<keyof typeof PUBLISHED, Table>>;

/** Horizons of the labels: the pages name a file of each. */
const HORIZONS = [1, 5, 22];

/** The numbers of the site's first view, from the lake alone. */
export async function siteSummary(context: RunContext, tables?: PublishedTables): Promise<ReportSummary> {
  const {config, environment, source, runId, lake} = context;
  const published = tables ?? (await publishedTables(context));
  const trained = await readJson<{facts: {gates: Record<string, Gate[]>}}>(lake.store, "state/train.json");
  return summarizeReport(published, {
    symbol: config.universe.target,
    source,
    runId,
    runAt: environment.now,
    newestBar: integers(published.features, "date").at(-1)!,
    champion: config.champion,
    coverage: config.interval.coverage,
    intervalMethod: config.interval.method,
    gates: trained?.facts.gates["5"] ?? [],
    hashes: await hashes(context),
  });
}

/** The first views of the pages on the record, from the lake alone. */
export async function recordViews(
  {config, lake}: Pick<RunContext, "config" | "lake">,
  tables: PublishedTables,
): Promise<{record: RecordSummary; coverage: CoverageSummary; robustness: RobustnessSummary}> {
  const {champion, walk_forward, interval, multiverse} = config;
  const trained = await readJson<{facts: {gates: Record<string, Gate[]>}}>(lake.store, "state/train.json");
  const ledger = readResearchLedger();
  const trials = countTrials(tables.trials, ledger);
  return {
    record: summarizeRecord(tables, {
      champion,
      seed: config.seed,
      trainFrom: walk_forward.train_from,
      horizons: config.horizons,
      confidenceSetP: config.gates.confidence_set_p,
      referencePeriod: walk_forward.reference_period,
      combinations: configuredCombinations(config),
      gates: trained?.facts.gates ?? {},
      trials,
    }),
    coverage: summarizeCoverage(tables.coverage, {
      champion,
      method: interval.method,
      level: interval.coverage,
    }),
    robustness: summarizeRobustness(tables, {
      champion,
      period: walk_forward.reference_period.name,
      main: {
        train_from: multiverse.train_from[0]!,
        window: "expanding",
        refit_sessions: multiverse.refit_sessions[0]!,
        purge_sessions: multiverse.purge_sessions[0]!,
        features: multiverse.features[0]!.name,
        retransformation: multiverse.retransformations[0]!,
      },
      trials,
      searches: researchSearches(ledger),
    }),
  };
}

/** A Parquet file of the pages. */
export interface PublishedPart {
  readonly bytes: Uint8Array;
  readonly datasets: readonly string[];
}

/** The pages' Parquet files. */
export function publishedFiles(
  {lake, config}: Pick<RunContext, "lake" | "config">,
  tables: PublishedTables,
): Record<string, PublishedPart> {
  const models = forecastNames(config);
  const forecasts = readForecasts(tables.walkforward, tables.labels);
  const parts = pageFiles(
    tables,
    HORIZONS.map((horizon) => onlyModels(forecasts(horizon), models)),
  );
  const files = Object.entries(parts).map(([name, {dataset, table}]) => {
    // Read in the pages by a library that knows no zstd.
    const bytes = encodeParquet(lake.contract(dataset), table, {codec: "SNAPPY"});
    const others = name === "outcomes" ? ["features_daily"] : [];
    return [name, {bytes, datasets: [dataset, ...others]}] as const;
  });
  return Object.fromEntries(files);
}

/** The datasets of the pages, no row dated after AS_OF. */
export async function publishedTables({
  lake,
  environment,
}: Pick<RunContext, "lake" | "environment">): Promise<PublishedTables> {
  const entries = Object.entries(PUBLISHED).map(
    async ([name, dataset]) => [name, onOrBefore(await lake.read(dataset), environment.asOf)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as PublishedTables;
}

async function hashes({lake, codeHash}: RunContext): Promise<Record<string, string>> {
  const named: Record<string, string> = {code: codeHash};
  for (const dataset of PUBLISHED_DATASETS) {
    named[dataset] = (await lake.manifest(dataset))?.snapshot.sha256 ?? "none";
  }
  return named;
}
