// Does the published site say what the lake says, and what the bars make? Every receipt is made again, twice.
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {escapeHtml} from "../reports/build-tools/fill-in.js";
import {compareBooks, type Receipt, type ReceiptBook} from "../src/report/receipts.ts";
import {type Lake, sha256} from "../src/store/lake.ts";
import {contradictedByQueries, type PublishedFile} from "./receipts.ts";
import {contradictions, siteContent} from "./siteContent.ts";
import type {RunContext, Stage} from "./stage.ts";

/** Holds what earlier runs tried too: a lake derived again has this run's alone. */
const COUNTED_OVER_TIME = "trials";

/**
 * Everything on a site that is not what its lake or the bars make of it. Each problem begins with the name of a receipt,
 * a dataset or a page.
 *
 * @param derived a context on a lake that was derived again from the bars of the published one
 * @param options.again the datasets that were
 */
export async function siteProblems(
  published: Lake,
  derived: RunContext,
  {prove, run, again}: {readonly prove: Stage; readonly run: string; readonly again: ReadonlySet<string>},
): Promise<string[]> {
  const {siteDir} = derived.environment;
  const path = join(siteDir, "receipts.json");
  if (!existsSync(path)) return [`receipts.json: is missing in ${siteDir}; run make report`];
  const book = JSON.parse(readFileSync(path, "utf8")) as ReceiptBook;
  // Other code that says the same is no difference: the site names the code that made it.
  const then = {...derived, runId: run, codeHash: book.code};
  const ours = await siteContent({...then, lake: published}, prove);
  const theirs = await siteContent(then, prove);
  const derivable = ({datasets}: Receipt): boolean =>
    datasets.every((name) => again.has(name) && name !== COUNTED_OVER_TIME);
  const only = ({receipts, ...rest}: ReceiptBook): ReceiptBook => ({
    ...rest,
    receipts: receipts.filter(derivable),
  });
  return [
    ...agedProblem(book, ours.book),
    ...compareBooks(book, ours.book),
    ...compareBooks(only(book), only(theirs.book), {values: true}).map((text) => `${text} from the bars`),
    ...(await contradictedByQueries(published, book.receipts)),
    ...contradictions(ours.tables, derived.config).found,
    ...fileProblems(ours.files, {siteDir, book}),
    ...pageProblems(siteDir, book),
  ];
}

// The likeliest reason for every difference that follows is said first.
function agedProblem(site: ReceiptBook, lake: ReceiptBook): string[] {
  const changed = Object.entries(lake.datasets).filter(
    ([name, {sha256}]) => site.datasets[name]?.sha256 !== sha256,
  );
  return changed.length === 0
    ? []
    : [
        `receipts.json: the lake was written to after the site was built (${changed.map(([name]) => name).join(", ")}); if by a later run, run make report and verify again`,
      ];
}

// Framework puts a hash into the names of the files that pages read; those that none reads are not published.
function fileProblems(
  files: Readonly<Record<string, PublishedFile>>,
  {siteDir, book}: {readonly siteDir: string; readonly book: ReceiptBook},
): string[] {
  const folder = join(siteDir, "_file", "data");
  const published = readdirSync(folder, {recursive: true}).map(String);
  return Object.entries(files).flatMap(([path, {bytes, datasets}]) => {
    const dot = path.lastIndexOf(".");
    const [start, end] = [`${path.slice(0, dot)}.`, path.slice(dot)];
    const found = published.find(
      (name) =>
        name.startsWith(start) && name.endsWith(end) && !name.slice(start.length, -end.length).includes("."),
    );
    if (!found || datasets.length === 0 || sha256(readFileSync(join(folder, found))) === sha256(bytes))
      return [];
    const standing = book.receipts.filter(
      (receipt) => receipt.kind !== "file" && receipt.datasets.some((name) => datasets.includes(name)),
    );
    return [
      `file/${path}: is not what the lake makes; of its datasets are ${standing.map(({id}) => id).join(", ") || "no other receipts"}`,
    ];
  });
}

/** What the pages print against what their receipts say. */
function pageProblems(siteDir: string, book: ReceiptBook): string[] {
  const known = new Map(book.receipts.map((receipt) => [receipt.id, receipt]));
  const pages = readdirSync(siteDir).filter((name) => name.endsWith(".html"));
  return pages.flatMap((name) => {
    const html = readFileSync(join(siteDir, name), "utf8");
    const marks = html.matchAll(/<a class="fact[^"]*"[^>]* data-receipt="([^"]+)"[^>]*>([^<]*)<\/a>/g);
    return [...marks].flatMap(([, id, text]) => {
      const receipt = known.get(id!);
      if (!receipt) return [`${id}: ${name} prints ${text} without a receipt`];
      const holds =
        receipt.kind === "sentence"
          ? html.includes(escapeHtml(receipt.value))
          : receipt.shown.some((shown) => escapeHtml(shown) === text);
      return holds ? [] : [`${id}: ${name} prints ${text}, its receipt says ${receipt.shown.join(", ")}`];
    });
  });
}
