// What does a receipt show? What is published, from which bytes, by which query or function, and how to get it again.

import {el} from "./element.js";
import {receiptAnchor} from "./receiptAnchor.js";

/** A link that opens a receipt. `query` is the SQL of what is shown now, where a control has changed it. */
export function receiptMark(id, {query, text = "receipt"} = {}) {
  const mark = el(
    "a",
    {class: "receipt-mark", href: `./receipts.html#${receiptAnchor(id)}`, "data-receipt": id},
    text,
  );
  mark.query = query;
  return mark;
}

/** A node with the mark of its receipt below it. */
export function withReceipt(node, id, options) {
  return el("div", {class: "exhibit"}, node, el("p", {class: "exhibit-foot"}, receiptMark(id, options)));
}

/** The receipt of an id in a book, as nodes. */
export function receiptCard(book, {id, query} = {}) {
  const receipt = book.receipts.find((candidate) => candidate.id === id);
  if (!receipt)
    return el("p", {}, `There is no receipt of ${id}: this page is of another build than its receipts.`);
  const lines = [
    line(isHash(receipt) ? "SHA-256 of its rows" : "Value", el("code", {}, String(receipt.value))),
    receipt.shown.length > 0 && line("Shown as", receipt.shown.join(", ")),
    ...receipt.datasets.map((name) => line(name, hashOf(book.datasets[name]))),
    line("Function", el("code", {}, receipt.by)),
    receipt.sql && line("Query", el("pre", {}, receipt.sql)),
    query && query !== receipt.sql && line("Query of what is shown now", el("pre", {}, query)),
    line("Code", el("code", {}, book.code)),
    line("Configuration", el("code", {}, book.configuration)),
    line("Seed", String(book.seed)),
    line("Run", `${book.run}, as of ${book.as_of}, source ${book.source}`),
    line(
      "Get it again",
      receipt.sql
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
