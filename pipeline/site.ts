// How does a run become the published site? Its tables as Parquet beside the pages, its first view as JSON.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {buildSite} from "../reports/build.ts";
import type {Gate} from "../src/evaluation/gates.ts";
import {summarizeReport} from "../src/report/summary.ts";
import type {ReportSummary} from "../src/report/summaryShape.ts";
import {type Lake, readJson, sha256} from "../src/store/lake.ts";
import {encodeParquet} from "../src/store/parquetWriter.ts";
import {integers, onOrBefore, type Table} from "../src/store/table.ts";
import type {RunContext, Stage} from "./stage.ts";

const DATA = "reports/src/data";
/** Says of the published site which run made it. */
export const STAMP = "reports/dist/build.json";

/** The pages' Parquet files and the dataset in each. */
export const PUBLISHED = {
  predictions: "predictions_daily",
  labels: "labels_daily",
  walkforward: "walkforward_daily",
  leaderboard: "leaderboard",
  shap: "shap_daily",
  restated: "shap_restated",
  features: "features_daily",
} as const;

type PublishedTables = Readonly<Record<keyof typeof PUBLISHED, Table>>;

export const siteStage: Stage = {
  name: "site",
  does: "build the static site from the lake",
  after: ["evaluate", "infer", "explain", "oracle"],
  reads: Object.values(PUBLISHED),
  writes: [],
  config: ["champion", "interval", "universe"],
  fingerprint: async () => hashOfPages(),
  async run(context) {
    const tables = await publishedTables(context);
    mkdirSync(DATA, {recursive: true});
    const files = await publishedFiles(context.lake, tables);
    for (const [name, file] of Object.entries(files)) writeFileSync(join(DATA, `${name}.parquet`), file);
    const text = `${JSON.stringify(await siteSummary(context, tables))}\n`;
    writeFileSync(join(DATA, "summary.json"), text);
    await buildSite();
    const site = sha256(text + hashOfPages());
    const {source, runId, environment} = context;
    writeFileSync(STAMP, `${JSON.stringify({site, built_at: environment.now, source, run: runId})}\n`);
    const bytes = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, file.length]));
    return {summary: "open reports/dist/index.html", site, page: "reports/dist/index.html", bytes};
  },
  async stands(_, {site}) {
    return existsSync(STAMP) && JSON.parse(readFileSync(STAMP, "utf8")).site === site;
  },
};

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
    gates: trained?.facts.gates["5"] ?? [],
    hashes: await hashes(context),
  });
}

/** The pages' Parquet files: the snapshots, or what AS_OF leaves of them. */
export async function publishedFiles(
  lake: Lake,
  tables: PublishedTables,
): Promise<Record<keyof typeof PUBLISHED, Uint8Array>> {
  const entries = Object.entries(PUBLISHED).map(async ([name, dataset]) => {
    const table = tables[name as keyof PublishedTables];
    const snapshot = (await lake.manifest(dataset))?.snapshot;
    const whole = snapshot?.rows === table.rows ? await lake.store.get(snapshot.path) : undefined;
    return [name, whole ?? encodeParquet(lake.contract(dataset), table)];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof PUBLISHED, Uint8Array>;
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
  for (const dataset of ["raw.market", ...Object.values(PUBLISHED)]) {
    named[dataset] = (await lake.manifest(dataset))?.snapshot.sha256 ?? "none";
  }
  return named;
}

/** SHA-256 over the pages and what builds them. */
function hashOfPages(): string {
  const hash = createHash("sha256");
  const ignored = [
    "reports/dist",
    "reports/.observablehq",
    DATA,
    "reports/test",
    "reports/src/.observablehq",
  ];
  const files = readdirSync("reports", {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !ignored.some((folder) => path.startsWith(`${folder}/`)));
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
