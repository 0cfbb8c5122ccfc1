// Everything that the pages read, from the lake alone: made by the stage that publishes, and again by whoever verifies.

import {type CertificateSummary, summarizeCertificate} from "../src/report/certificateSummary.ts";
import {checkConsistency} from "../src/report/consistency.ts";
import type {Facts} from "../src/report/factSources.ts";
import {summarizeMarket} from "../src/report/marketSummary.ts";
import type {ReceiptBook} from "../src/report/receipts.ts";
import {shapFile} from "../src/report/shapFile.ts";
import {encodeParquet} from "../src/store/parquetWriter.ts";
import type {Table} from "../src/store/table.ts";
import {marketFacts} from "./marketView.ts";
import {modelsView} from "./modelsView.ts";
import {notebooksView} from "./notebooksView.ts";
import {bookOf, type PublishedFile} from "./receipts.ts";
import {
  PUBLISHED,
  PUBLISHED_DATASETS,
  type PublishedPart,
  type PublishedTables,
  publishedFiles,
  publishedTables,
  recordViews,
  siteSummary,
} from "./site.ts";
import {inputsOf, type RunContext, type Stage} from "./stage.ts";
import {modelFiles, whatIfView} from "./whatIfView.ts";

export interface SiteContent {
  readonly tables: PublishedTables;
  /** What pages read, by its path beside them. */
  readonly files: Readonly<Record<string, PublishedFile>>;
  readonly book: ReceiptBook;
}

/** @param prove the stage that makes the certificate: whether one is of these data and this code is told from its inputs */
export async function siteContent(context: RunContext, prove: Stage): Promise<SiteContent> {
  const tables = await publishedTables(context);
  const models = await modelFiles(context);
  const views = {
    summary: await siteSummary(context, tables),
    ...(await recordViews(context, tables)),
    market: summarizeMarket(await marketFacts(context)),
    certificate: await certificateView(tables.certificate, {context, prove}),
    models: modelsView(context, {
      ...tables,
      manifests: Object.entries(models).flatMap(([path, bytes]) =>
        path.includes("manifest") ? [bytes] : [],
      ),
    }),
    whatIf: whatIfView(context, tables),
    notebooks: notebooksView(),
  };
  const {summary, ...others} = JSON.parse(JSON.stringify(views)) as Record<string, object>; // as pages read them
  const facts = {...summary, ...others} as Facts;
  const files = {
    ...viewFiles(views),
    ...parquetFiles(publishedFiles(context, tables)),
    "anatomy.parquet": {
      bytes: encodeParquet(context.lake.contract("loss_anatomy"), tables.anatomy, {codec: "SNAPPY"}),
      datasets: ["loss_anatomy"],
      by: "pipeline/anatomy.ts, anatomyRows",
    },
    "shap_5.parquet": {
      bytes: encodeParquet(context.lake.contract("shap_daily"), shapFile(tables.shap, 5), {codec: "SNAPPY"}),
      datasets: ["shap_daily"],
      by: "src/report/shapFile.ts, shapFile",
    },
    ...Object.fromEntries(
      Object.entries(models).map(([path, bytes]) => [
        path,
        {bytes, datasets: ["fits", "features_daily", "labels_daily"], by: "pipeline/train.ts, trainStage"},
      ]),
    ),
  };
  const datasets = [...PUBLISHED_DATASETS, ...Object.values(files).flatMap((file) => file.datasets)];
  return {tables, files, book: await bookOf(context, {facts, files, datasets})};
}

/**
 * Numbers of these tables that contradict one another, in words that begin with the dataset.
 *
 * @returns also how many relations were looked at
 */
export function contradictions(
  tables: PublishedTables,
  {champion, interval}: RunContext["config"],
): {readonly found: string[]; readonly checked: number} {
  const byDataset = Object.fromEntries(
    Object.entries(PUBLISHED).map(([name, dataset]) => [
      dataset,
      tables[name as keyof PublishedTables] as Table,
    ]),
  );
  const {inconsistencies, checked} = checkConsistency(byDataset, {champion, intervalMethod: interval.method});
  return {
    found: inconsistencies.map(({dataset, row, text}) => `${dataset}: ${row}: ${text}`),
    checked: Object.values(checked).reduce((sum, count) => sum + count, 0),
  };
}

async function certificateView(
  table: Table,
  {context, prove}: {readonly context: RunContext; readonly prove: Stage},
): Promise<CertificateSummary> {
  const manifest = await context.lake.manifest("certificate");
  return summarizeCertificate(table, {
    inputs: {before: manifest?.inputs ?? {}, now: await inputsOf(prove, context)},
    made: manifest?.committed_at ?? "",
  });
}

const MADE_BY: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  summary: [
    "src/report/summary.ts, summarizeReport",
    [
      "predictions_daily",
      "labels_daily",
      "shap_daily",
      "shap_restated",
      "intervals_daily",
      "leaderboard",
      "features_daily",
    ],
  ],
  record: [
    "src/report/recordSummary.ts, summarizeRecord",
    ["leaderboard", "superior_ability", "trials", "oracle", "live_ledger"],
  ],
  coverage: ["src/report/coverageSummary.ts, summarizeCoverage", ["coverage"]],
  robustness: [
    "src/report/robustnessSummary.ts, summarizeRobustness",
    ["multiverse", "multiverse_claims", "trials", "targets"],
  ],
  market: [
    "pipeline/marketView.ts, marketFacts",
    ["raw.market", "curated.market_daily", "quarantine", "features_daily", "predictions_daily"],
  ],
  certificate: ["src/report/certificateSummary.ts, summarizeCertificate", ["certificate"]],
  models: ["src/report/modelCards.ts, modelCards", ["leaderboard", "walkforward_daily"]],
  whatIf: [
    "pipeline/whatIfView.ts, whatIfView",
    ["curated.market_daily", "features_daily", "predictions_daily"],
  ],
};

function viewFiles(views: Readonly<Record<string, object>>): Record<string, PublishedFile> {
  return Object.fromEntries(
    Object.entries(views).map(([name, view]) => {
      const [by, datasets] = MADE_BY[name] ?? ["pipeline/site.ts", []];
      return [`${name}.json`, {bytes: `${JSON.stringify(view)}\n`, datasets, by}];
    }),
  );
}

function parquetFiles(files: Readonly<Record<string, PublishedPart>>): Record<string, PublishedFile> {
  return Object.fromEntries(
    Object.entries(files).map(([name, {bytes, datasets}]) => [
      `${name}.parquet`,
      {bytes, datasets, by: "src/report/pageFiles.ts, pageFiles"},
    ]),
  );
}
