// What do all pages share? Navigation, head, header and footer, and the texts that are filled in at build time.

import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fillIn} from "./fill-in.js";
import {useLocalNpm} from "./local-npm.js";
import {pageFooter, pageHead, pageHeader} from "./page-frame.js";
import {receiptsHtml} from "./receipts-page.js";
import {renderMath} from "./tex.js";

export const PAGES = [
  {name: "Today", path: "/index"},
  {name: "Track record", path: "/walk-forward"},
  {name: "Why", path: "/explanation"},
  {name: "What if", path: "/what-if"},
  {name: "Break it", path: "/break-it"},
  {name: "Coverage", path: "/coverage"},
  {name: "Robustness", path: "/robustness"},
  {name: "No look-ahead", path: "/no-look-ahead"},
  {name: "Data", path: "/data"},
  {name: "Method", path: "/method"},
  {name: "Models", path: "/models"},
  {name: "Notebooks", path: "/notebooks"},
];

// Every page answers where a mark is pressed.
const RECEIPT_MARKS = `

\`\`\`js
import {listenForReceipts} from "./components/receipt.js";

listenForReceipts();
\`\`\`
`;

/** Framework's settings for the sources in one folder. Paths are relative to the working directory. */
export function siteConfig({root, output}) {
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  useLocalNpm({root});
  const summary = () => readFacts(join(root, "data"));
  const receipts = () => receiptsHtml(readJson(join(root, "data", "receipts.json")), {pages: PAGES});
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
    markdownIt: (md) => renderMath(fillIn(md, summary, {receipts, after: RECEIPT_MARKS})),
  };
}

/** The fields of summary.json, and those of each other file of the run under its name. */
export function readFacts(folder) {
  const others = readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !["summary.json", "receipts.json"].includes(file))
    .map((file) => [file.slice(0, -".json".length), readJson(join(folder, file))]);
  return {...readJson(join(folder, "summary.json")), ...Object.fromEntries(others)};
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${error.message}; run make report`);
  }
}
