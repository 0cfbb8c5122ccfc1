// What do all pages share? Navigation, head, header and footer, and the texts that are filled in at build time.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fillIn} from "./fill-in.js";
import {useLocalNpm} from "./local-npm.js";
import {pageFooter, pageHead, pageHeader} from "./page-frame.js";
import {renderMath} from "./tex.js";

export const PAGES = [
  {name: "Today", path: "/index"},
  {name: "Track record", path: "/walk-forward"},
  {name: "Why", path: "/explanation"},
  {name: "Method", path: "/method"},
];

/** Framework's settings for the sources in one folder. Paths are relative to the working directory. */
export function siteConfig({root, output}) {
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  useLocalNpm({root});
  const summary = () => readSummary(root);
  return {
    root,
    output,
    title: "volbook",
    pages: PAGES,
    sidebar: false,
    toc: false,
    pager: false,
    style: "style.css",
    globalStylesheets: [], // no web fonts
    duckdb: {extensions: {json: null, parquet: null}}, // nothing from extensions.duckdb.org
    preserveIndex: true, // plain static servers know files only
    preserveExtension: true,
    head: pageHead(),
    header: ({path}) => pageHeader({pages: PAGES, path, summary: summary()}),
    footer: () => pageFooter(summary()),
    markdownIt: (md) => renderMath(fillIn(md, summary)),
  };
}

function readSummary(root) {
  const path = join(root, "data", "summary.json");
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${error.message}; run make report`);
  }
}
