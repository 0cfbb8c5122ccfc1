// What does a receipt show? What is published, from which bytes, by which query or function, and how to get it again.

import {el} from "./element.js";
import {receiptAnchor} from "./receiptAnchor.js";

/**
 * A link that opens a receipt. Of what is shown now, where a control may have changed it: `query` is its SQL, `csv()`
 * its numbers as the download has them, `state` the choices that a page computed it from.
 */
export function receiptMark(id, {query, csv, state, text = "receipt"} = {}) {
  const mark = el(
    "a",
    {class: "receipt-mark", href: `./receipts.html#${receiptAnchor(id)}`, "data-receipt": id},
    text,
  );
  return Object.assign(mark, {query, csv, state});
}

/** A node with the mark of its receipt below it. */
export function withReceipt(node, id, options) {
  return el("div", {class: "exhibit"}, node, el("p", {class: "exhibit-foot"}, receiptMark(id, options)));
}

/**
 * The receipt of an id in a book, as nodes. `query` and `state` as of `receiptMark()`; `sha256`: of its CSV; `controls`:
 * what the address says of them.
 */
export function receiptCard(book, {id, query, state, sha256, controls = ""} = {}) {
  const receipt = book.receipts.find((candidate) => candidate.id === id);
  if (!receipt)
    return el("p", {}, `There is no receipt of ${id}: this page is of another build than its receipts.`);
  const lines = [
    line(isHash(receipt) ? "SHA-256 of the first view" : "Value", el("code", {}, String(receipt.value))),
    receipt.shown.length > 0 && line("Shown as", receipt.shown.join(", ")),
    ...receipt.datasets.map((name) => line(name, hashOf(book.datasets[name]))),
    line("Function", el("code", {}, receipt.by)),
    receipt.sql && line("Query", el("pre", {}, receipt.sql)),
    query && query !== receipt.sql && line("Query of what is shown now", el("pre", {}, query)),
    sha256 && line("CSV shown now, SHA-256", el("code", {}, sha256)),
    controls && line("Controls, as in the address", el("code", {}, controls)),
    state && line("Computed in this page from", el("pre", {}, JSON.stringify(state, null, 2))),
    line("Code", el("code", {}, book.code)),
    line("Configuration", el("code", {}, book.configuration)),
    line("Seed", String(book.seed)),
    line("Run", `${book.run}, as of ${book.as_of}, source ${book.source}`),
    line(
      "Get it again",
      state
        ? "Open this page’s address on a site of the same data and code, or call the function with these choices; make verify derives the published ones again."
        : receipt.sql
          ? "Run the query over the lake’s snapshots, each file a table of its name; or make verify."
          : "make verify derives it again from the bars and compares.",
    ),
  ];
  return el("article", {}, el("h2", {}, receipt.title), el("dl", {}, lines.filter(Boolean).flat()));
}

function isHash({kind}) {
  return kind !== "number" && kind !== "sentence";
}

function line(term, value) {
  return [el("dt", {}, term), el("dd", {}, value)];
}

function hashOf(dataset) {
  return dataset ? el("code", {}, dataset.sha256) : "not in this lake";
}
