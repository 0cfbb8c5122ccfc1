// Which numbers does the site publish, and does each follow from the lake? The book of receipts, made and made again.
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {factsShown} from "../reports/build-tools/fill-in.js";
import {exhibits} from "../src/report/exhibits.ts";
import type {Facts} from "../src/report/factSources.ts";
import {
  exhibitReceipts,
  factReceipts,
  type PublishedDataset,
  type Receipt,
  type ReceiptBook,
  type ShownFact,
} from "../src/report/receipts.ts";
import {type Lake, sha256} from "../src/store/lake.ts";
import {query} from "../src/store/query.ts";
import {isoDate} from "../src/units.ts";
import type {RunContext} from "./stage.ts";

const PAGES = "reports/src";

/** A relative difference that doubles added up in another order may have. */
const SQL_TOLERANCE = 1e-9;
const SMALLEST_SCALE = 1e-3;

/** A file that the pages read, with the datasets it was made of. */
export interface PublishedFile {
  readonly bytes: Uint8Array | string;
  readonly datasets: readonly string[];
  readonly by: string;
}

/**
 * The receipts of a site.
 *
 * @param facts what its pages say, as they are written beside them
 * @param files what its pages read, by name
 */
export async function bookOf(
  {lake, config, environment, source, runId, codeHash}: RunContext,
  {
    facts,
    files,
    datasets,
  }: {
    readonly facts: Facts;
    readonly files: Readonly<Record<string, PublishedFile>>;
    readonly datasets: readonly string[];
  },
): Promise<ReceiptBook> {
  const known = exhibits(facts);
  return {
    run: runId,
    source,
    symbol: config.universe.target,
    now: environment.now,
    as_of: isoDate(environment.asOf),
    code: codeHash,
    configuration: sha256(JSON.stringify(config)),
    seed: config.seed,
    datasets: await publishedDatasets(lake, datasets),
    receipts: [
      ...factReceipts(shownFacts(facts), {facts}),
      ...(await exhibitReceipts(known, {facts, rowsOf: (sql) => query(lake, sql), hash: sha256})),
      ...Object.entries(files).map(([name, file]) => fileReceipt(name, file)),
    ],
  };
}

/** Numbers whose query says something else than their function, in words that begin with the receipt's name. */
export async function contradictedByQueries(lake: Lake, receipts: readonly Receipt[]): Promise<string[]> {
  const differences: string[] = [];
  for (const {id, kind, value, sql} of receipts) {
    if (kind !== "number" || sql === undefined) continue;
    const [row] = await query<Record<string, number>>(lake, sql);
    const asked = row ? Object.values(row)[0]! : Number.NaN;
    const said = (value as number | null) ?? Number.NaN;
    const slack = SQL_TOLERANCE * Math.max(Math.abs(said), SMALLEST_SCALE);
    if (Object.is(asked, said) || Math.abs(asked - said) <= slack) continue;
    differences.push(`${id}: ${value} is published, its query gives ${asked}`);
  }
  return differences;
}

/** What the pages' sources show of the facts. */
function shownFacts(facts: Facts): ShownFact[] {
  const pages = readdirSync(PAGES).filter((file) => file.endsWith(".md"));
  return pages.sort().flatMap((file) => {
    const page = file.slice(0, -".md".length);
    const text = readFileSync(join(PAGES, file), "utf8");
    return factsShown(text, facts).map((fact) => ({page, ...fact}));
  });
}

async function publishedDatasets(
  lake: Lake,
  names: readonly string[],
): Promise<Record<string, PublishedDataset>> {
  const found: Record<string, PublishedDataset> = {};
  for (const name of [...new Set(names)].sort()) {
    const snapshot = (await lake.manifest(name))?.snapshot;
    if (snapshot) found[name] = {sha256: snapshot.sha256, rows: snapshot.rows};
  }
  return found;
}

function fileReceipt(name: string, {bytes, datasets, by}: PublishedFile): Receipt {
  return {
    id: `file/${name}`,
    kind: "file",
    title: `what pages read as data/${name}`,
    pages: [],
    value: sha256(bytes),
    shown: [],
    datasets,
    by,
  };
}
