// How are rows shown number by number? A table that sorts by any column, marks the best, and can be taken away.

import {download, toCsv} from "./download.js";
import {el} from "./element.js";
import {receiptMark} from "./receiptCard.js";
import {figuresTable, notice, tableBox} from "./tableBox.js";

/**
 * columns: {name, title, unit, text, best, head, wrap, cell}: `text` writes a value, `best` is "lowest" or "highest",
 * `head` names the row, `wrap` breaks lines, `cell` gives a node in place of the text. rowClass: a class by row; file: a
 * name without ending for the download; receipt: the id of its receipt, with query and state as of `receiptMark()`;
 * note: a line above it; limit: rows shown at first; empty: the reason where there are none.
 */
export function dataTable(
  rows,
  {
    name,
    columns,
    sortBy,
    descending = false,
    rowClass,
    file,
    limit = Infinity,
    empty = "No rows.",
    receipt,
    query,
    state,
    note,
  },
) {
  if (rows.length === 0) return receipt ? notice(empty, " ", receiptMark(receipt)) : notice(empty);
  const best = bestTexts(rows, columns);
  const place = el("div", {class: "table-place"});
  let order = {name: sortBy, descending};
  let shown = limit;
  const choose = (column) => {
    order = {name: column, descending: order.name === column && !order.descending};
    render();
  };
  const showAll = () => {
    shown = Infinity;
    render();
  };
  function render() {
    const sorted = sortBy ? sortRows(rows, order) : rows;
    const head = columns.map((column) => headerCell(column, sortBy && {order, choose}));
    const body = sorted.slice(0, shown).map((row) =>
      el(
        "tr",
        {class: rowClass?.(row), "data-row": row.model ?? row.name},
        columns.map((column) => bodyCell(row, column, best)),
      ),
    );
    place.replaceChildren(tableBox(name, figuresTable(head, body)), tools(sorted));
  }
  function tools(sorted) {
    const numbers = () => toCsv(plain(sorted));
    const all = rows.length > shown && button(`Show all ${rows.length}`, showAll);
    const csv = file && button("CSV", () => download(`${file}.csv`, numbers(), "text/csv"), `${name} as CSV`);
    const mark = receipt && receiptMark(receipt, {query, state, csv: numbers});
    return el("p", {class: "table-tools"}, all, csv, mark);
  }
  render();
  return note ? el("div", {}, el("p", {class: "table-note"}, note), place) : place;
}

/** Rows by a column; missing figures last. */
export function sortRows(rows, {name, descending}) {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (typeof a[name] === "string") return sign * a[name].localeCompare(b[name], "en", {numeric: true});
    if (!Number.isFinite(a[name])) return Number.isFinite(b[name]) ? 1 : 0;
    return Number.isFinite(b[name]) ? sign * (a[name] - b[name]) : -1;
  });
}

function headerCell({name, title, unit, head, wrap}, sorting) {
  const kind = head || wrap ? "" : "number";
  const label = [el("span", {}, title), unit && el("small", {}, unit)];
  if (!sorting) return el("th", {scope: "col", class: kind}, label);
  const {order, choose} = sorting;
  const sorted = order.name === name ? (order.descending ? "descending" : "ascending") : "none";
  const press = {type: "button", title: "Sort by this column", onclick: () => choose(name)};
  return el("th", {scope: "col", class: kind, "aria-sort": sorted}, el("button", press, label));
}

function bodyCell(row, {name, text = String, head, wrap, cell, tint}, best) {
  const content = cell ? cell(row) : text(row[name], row);
  if (head) return el("th", {scope: "row"}, content);
  if (wrap) return el("td", {class: "wrap"}, content);
  const marked = name in best && text(row[name], row) === best[name];
  return el("td", {class: marked ? "number best" : "number", style: tint?.(row)}, content);
}

// By the figure as shown, so that a tie on the page is a tie in bold.
function bestTexts(rows, columns) {
  const best = {};
  for (const {name, best: which, text = String} of columns) {
    const known = rows.filter((row) => Number.isFinite(row[name]));
    if (!which || known.length === 0) continue;
    const row = known.reduce((a, b) => (b[name] < a[name] === (which === "lowest") ? b : a));
    best[name] = text(row[name], row);
  }
  return best;
}

function button(text, onclick, label) {
  return el("button", {type: "button", class: "plain", onclick, "aria-label": label}, text);
}

function plain(rows) {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([, v]) => typeof v !== "object" || v instanceof Date || v === null),
    ),
  );
}
