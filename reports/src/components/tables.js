// How do models compare, number by number? Tables whose columns sort, with the best and its equals marked.

import {el} from "./element.js";
import {count, fixed} from "./format.js";
import {modelColor} from "./palette.js";

/** A model is in the 90 % confidence set where its p-value is at least this. */
const CONFIDENCE_SET_LEVEL = 0.1;

const LARGEST_SHADE = 0.6; // a gain of 60 % and more has the full shade

const COLUMNS = [
  {name: "model", title: "Model", text: (v) => v},
  {name: "qlike", title: "QLIKE", text: (v) => fixed(v, 4), best: "lowest"},
  {
    name: "gain_qlike_rv20",
    title: "gain on rv20",
    unit: "%",
    text: (v) => fixed(100 * v, 1),
    best: "highest",
  },
  {name: "rmse_pct", title: "RMSE", unit: "%", text: (v) => fixed(v, 3), best: "lowest"},
  {name: "gain_rmse_rv20", title: "gain on rv20", unit: "%", text: (v) => fixed(100 * v, 1), best: "highest"},
  {name: "mae_pct", title: "MAE", unit: "%", text: (v) => fixed(v, 3), best: "lowest"},
  {name: "r2", title: "R²", unit: "of volatility", text: (v) => fixed(v, 3), best: "highest"},
  {name: "bias", title: "bias", unit: "ratio", text: (v) => fixed(v, 3)},
  {name: "dm_t_rv20", title: "DM t", unit: "vs rv20", text: (v) => fixed(v, 2)},
  {name: "dm_t_har_vix", title: "DM t", unit: "vs log_har_vix", text: (v) => fixed(v, 2)},
  {name: "mcs_p", title: "set p", unit: "≥ .10 is in", text: (v) => fixed(v, 2)},
  {name: "n", title: "n", unit: "days", text: count},
  {name: "n_effective", title: "effective n", unit: "n / horizon", text: count},
];

/** rows: lines of the leaderboard of one horizon and period. */
export function leaderboardTable(rows, {sortBy = "qlike", descending = false} = {}) {
  if (rows.length === 0) return notice("No model was scored for this horizon and period.");
  const best = bestTexts(rows);
  const box = tableBox("Leaderboard");
  let order = {name: sortBy, descending};
  function render() {
    const head = COLUMNS.map((column) => headerCell(column, order, choose));
    const body = sortRows(rows, order).map((row) =>
      el(
        "tr",
        {"data-model": row.model},
        COLUMNS.map((column) => bodyCell(row, column, best)),
      ),
    );
    box.replaceChildren(figuresTable(head, body));
  }
  function choose(name) {
    order = {name, descending: order.name === name && !order.descending};
    render();
  }
  render();
  return box;
}

/** Rows by a column; missing figures last. */
export function sortRows(rows, {name, descending}) {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (typeof a[name] === "string") return sign * a[name].localeCompare(b[name]);
    if (!Number.isFinite(a[name])) return Number.isFinite(b[name]) ? 1 : 0;
    return Number.isFinite(b[name]) ? sign * (a[name] - b[name]) : -1;
  });
}

/** rows: {period, model, gain_qlike_rv20, qlike, n} of calendar years; one line a year, one column a model. */
export function yearTable(rows, {models}) {
  const years = [...new Set(rows.map(({period}) => period))].sort();
  if (years.length === 0) return notice("No calendar year was scored for this horizon.");
  const cells = new Map(rows.map((row) => [`${row.period} ${row.model}`, row]));
  const head = [
    el("th", {scope: "col"}, "Year"),
    ...models.map((model) =>
      el("th", {scope: "col", class: "number"}, swatch(model), model, el("small", {}, "%")),
    ),
    el("th", {scope: "col", class: "number"}, "n", el("small", {}, "days")),
  ];
  const body = years.map((year) =>
    el(
      "tr",
      {},
      el("th", {scope: "row"}, year),
      models.map((model) => gainCell(cells.get(`${year} ${model}`))),
      el("td", {class: "number"}, count(rows.find(({period}) => period === year).n)),
    ),
  );
  return tableBox("Gain on rv20 by year", figuresTable(head, body));
}

/** gates: {name, claim, value, threshold, judged, passed, blocking}. */
export function gatesTable(gates) {
  if (gates.length === 0) return notice("This run evaluated no acceptance rules.");
  const head = ["Rule", "value", "limit", "outcome"].map((title) =>
    el("th", {scope: "col", class: title === "value" || title === "limit" ? "number" : ""}, title),
  );
  const body = gates.map(({claim, blocking, value, threshold, passed, judged = true}) =>
    el(
      "tr",
      {},
      el("td", {class: "wrap"}, claim, blocking && el("small", {}, " (blocks publication)")),
      el("td", {class: "number"}, fixed(value, 3)),
      el("td", {class: "number"}, fixed(threshold, 3)),
      judged
        ? el("td", {class: passed ? "passed" : "breach"}, passed ? "met" : "not met")
        : el("td", {title: "The history is too short for this figure"}, "not judged"),
    ),
  );
  return tableBox("Acceptance rules", figuresTable(head, body));
}

/** hashes: {name: SHA-256}. */
export function hashesTable(hashes) {
  const head = ["Input", "SHA-256"].map((title) => el("th", {scope: "col"}, title));
  const body = Object.entries(hashes).map(([name, hash]) =>
    el("tr", {}, el("th", {scope: "row"}, name), el("td", {}, el("code", {}, hash))),
  );
  return tableBox("Inputs of this run", figuresTable(head, body));
}

/** A sentence in the place of a table or chart that has nothing to show, with the reason. */
export function notice(reason) {
  return el("p", {class: "notice"}, reason);
}

function tableBox(name, ...children) {
  return el("div", {class: "table-box", tabindex: "0", role: "region", "aria-label": name}, ...children);
}

function figuresTable(head, body) {
  return el("table", {class: "figures"}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
}

function headerCell({name, title, unit}, order, choose) {
  const sorted = order.name === name ? (order.descending ? "descending" : "ascending") : "none";
  const label = [title, unit && el("small", {}, unit)];
  const button = el(
    "button",
    {type: "button", title: "Sort by this column", onclick: () => choose(name)},
    label,
  );
  return el("th", {scope: "col", class: name === "model" ? "" : "number", "aria-sort": sorted}, button);
}

function bodyCell(row, {name, text}, best) {
  if (name === "model") return el("th", {scope: "row"}, swatch(row.model), row.model, setMark(row));
  const marked = name in best && text(row[name]) === best[name];
  return el("td", {class: marked ? "number best" : "number"}, text(row[name]));
}

function setMark({mcs_p: p}) {
  const title = "Cannot be told from the best: in the 90 % model confidence set";
  return p >= CONFIDENCE_SET_LEVEL && el("span", {class: "in-set", title}, "●");
}

// By the figure as shown, so that a tie on the page is a tie in bold.
function bestTexts(rows) {
  const best = {};
  for (const {name, best: which, text} of COLUMNS) {
    const values = rows.map((row) => row[name]).filter(Number.isFinite);
    if (!which || values.length === 0) continue;
    best[name] = text(which === "lowest" ? Math.min(...values) : Math.max(...values));
  }
  return best;
}

function gainCell(row) {
  const gain = row?.gain_qlike_rv20;
  if (!Number.isFinite(gain)) return el("td", {class: "number"}, "–");
  const strength = Math.round(4 + 26 * (Math.min(Math.abs(gain), LARGEST_SHADE) / LARGEST_SHADE));
  const hue = gain < 0 ? "var(--series-breach)" : "var(--series-accent)";
  const style = `background: color-mix(in srgb, ${hue} ${strength}%, transparent)`;
  return el(
    "td",
    {class: "number", style, title: `QLIKE ${fixed(row.qlike, 4)}, n = ${row.n}`},
    fixed(100 * gain, 1),
  );
}

function swatch(model) {
  return el("i", {class: "swatch", style: `background: ${modelColor(model)}`});
}
