// How does the page of receipts read? Who made all of it first, then a table a page, complete without a script.

import {receiptAnchor} from "../src/components/receiptAnchor.js";
import {escapeHtml} from "./fill-in.js";

const SITE_WIDE = "";

/** The book of receipts as HTML. */
export function receiptsHtml(book, {pages: named = []} = {}) {
  const byPage = Map.groupBy(book.receipts, ({pages}) => pages[0] ?? SITE_WIDE);
  const place = (page) =>
    page === SITE_WIDE ? named.length : named.findIndex(({path}) => path === `/${page}`);
  const pages = [...byPage].sort(([a], [b]) => place(a) - place(b));
  const nameOf = (page) => named[place(page)]?.name ?? page;
  return [
    runTable(book),
    datasetsTable(book),
    ...pages.map(([page, receipts]) => pageTable(page === SITE_WIDE ? "Files" : nameOf(page), receipts)),
  ].join("");
}

function runTable({run, source, now, as_of, code, configuration, seed}) {
  const rows = Object.entries({
    run,
    source,
    "run at": now,
    "as of": as_of,
    "code (SHA-256 of sources and lockfile)": code,
    "configuration (SHA-256)": configuration,
    seed,
  }).map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td><code>${escapeHtml(value)}</code></td></tr>`,
  );
  return table("The run", ["", "value"], rows);
}

function datasetsTable({datasets}) {
  const rows = Object.entries(datasets).map(
    ([name, {sha256, rows: count}]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${count.toLocaleString("en-US")}</td><td><code>${sha256}</code></td></tr>`,
  );
  return table("The datasets", ["dataset", "rows", "SHA-256 of the snapshot"], rows);
}

function pageTable(title, receipts) {
  const rows = receipts.map(
    ({
      id,
      title,
      kind,
      value,
      shown,
      datasets,
      by,
      sql,
    }) => `<tr id="${receiptAnchor(id)}"><th scope="row">${escapeHtml(id)}<small>${kind}</small></th>
<td class="wrap">${escapeHtml(title)}${shown.length > 0 ? `<small>shown as ${escapeHtml(shown.join(", "))}</small>` : ""}</td>
<td class="wrap"><code>${escapeHtml(value)}</code></td>
<td class="wrap">${escapeHtml(datasets.join(", "))}<details><summary>how</summary><code>${escapeHtml(by)}</code>${sql ? `<pre>${escapeHtml(sql)}</pre>` : ""}</details></td></tr>`,
  );
  return table(title, ["receipt", "what", "value", "made from"], rows);
}

function table(title, heads, rows) {
  const head = heads
    .map((text) => `<th scope="col"${text === "rows" ? ' class="number"' : ""}>${escapeHtml(text)}</th>`)
    .join("");
  return `<h2>${escapeHtml(title)}</h2><div class="table-box" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table class="figures receipts"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
