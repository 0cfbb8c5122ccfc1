// How does a run become the published site? What the pages read is written beside them, and the pages are built.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {buildSite} from "../reports/build.ts";
import {sha256} from "../src/store/lake.ts";
import {PUBLISHED_DATASETS} from "./site.ts";
import {contradictions, siteContent} from "./siteContent.ts";
import type {Stage} from "./stage.ts";

/** Where the site is, unless SITE_DIR says otherwise. */
export const SITE = "reports/dist";
const DATA = "reports/src/data";
const SHOWN = 5; // contradictions in an error

/** Says of a published site which run made it. */
export const stampOf = (siteDir: string): string => join(siteDir, "build.json");

/** @param prove the stage that makes the certificate, which the site shows where there is one */
export function siteStage(prove: Stage): Stage {
  return {
    name: "site",
    does: "build the static site from the lake",
    after: ["evaluate", "infer", "explain", "oracle"],
    reads: PUBLISHED_DATASETS,
    writes: [],
    config: ["champion", "gates", "horizons", "interval", "multiverse", "seed", "universe", "walk_forward"],
    fingerprint: async ({environment}) => sha256(hashOfPages() + environment.siteDir),
    async run(context) {
      const {environment, source, runId, config} = context;
      const {siteDir} = environment;
      const {tables, files, book} = await siteContent(context, prove);
      const {found, checked} = contradictions(tables, config);
      if (found.length > 0) throw new Error(contradictionsInWords(found));
      const data = writeData(siteDir, {
        ...Object.fromEntries(Object.entries(files).map(([path, {bytes}]) => [path, bytes])),
        "receipts.json": `${JSON.stringify(book)}\n`,
      });
      await buildSite({data, output: siteDir});
      const site = sha256(JSON.stringify(book) + hashOfPages());
      const stamp = {site, built_at: environment.now, source, run: runId};
      writeFileSync(stampOf(siteDir), `${JSON.stringify(stamp)}\n`);
      return {
        summary: `open ${siteDir}/index.html`,
        site,
        page: `${siteDir}/index.html`,
        receipts: book.receipts.length,
        consistent: checked,
      };
    },
    async stands({environment}, {site}) {
      const stamp = stampOf(environment.siteDir);
      return existsSync(stamp) && JSON.parse(readFileSync(stamp, "utf8")).site === site;
    },
  };
}

function contradictionsInWords(found: readonly string[]): string {
  const more = found.length > SHOWN ? `; and ${found.length - SHOWN} more` : "";
  return `Cannot publish numbers that contradict one another: ${found.slice(0, SHOWN).join("; ")}${more}. The site published before stays`;
}

/** The live preview shows the data of the usual site; another one keeps its own. */
export function dataOf(siteDir: string): string {
  return siteDir === SITE ? DATA : `${siteDir}-data`;
}

function writeData(siteDir: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = dataOf(siteDir);
  rmSync(folder, {recursive: true, force: true});
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, bytes);
  }
  return folder;
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
  const notebooks = readdirSync("notebooks").filter((name) => name.endsWith(".ipynb"));
  files.push(...notebooks.map((name) => join("notebooks", name)));
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
