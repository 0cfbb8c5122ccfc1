// What stands where a notebook's page will be? Until the notebooks are executed, a page that says how.

import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {escapeHtml} from "./fill-in.js";

/** A page for every notebook of a run's data; executing the notebooks replaces it. */
export function announceNotebooks(data, output) {
  const list = join(data, "notebooks.json");
  if (!existsSync(list)) return;
  mkdirSync(join(output, "notebooks"), {recursive: true});
  for (const {name, title, about} of JSON.parse(readFileSync(list, "utf8")).notebooks)
    writeFileSync(join(output, "notebooks", `${name}.html`), pageOf({name, title, about}));
}

function pageOf({name, title, about}) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>
<style>body{font:17px/1.55 Georgia,serif;max-width:65ch;margin:3rem auto;padding:0 1rem}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(about)}</p><p>This notebook has not been executed for this site: <code>make notebooks</code> puts its page here. Its source is <code>notebooks/${escapeHtml(name)}.ipynb</code>.</p><p><a href="../notebooks.html">All notebooks</a></p></main></body></html>
`;
}
