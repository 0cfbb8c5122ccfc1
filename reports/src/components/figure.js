// What belongs to every chart? A title that says what is seen, the measure, words for those who cannot see it, the
// source, and a menu to take it away.

import {download, toCsv, toPng} from "./download.js";
import {el} from "./element.js";
import {receiptMark} from "./receiptCard.js";
import {standAlone} from "./standAlone.js";

let figures = 0;

/**
 * chart: a node; title, subtitle, description, source: texts; file: a name without ending for downloads; rows: the data
 * for CSV; query: the SQL behind it, where there is one; receipt: the id of its receipt; state: the choices that a page
 * computed it from.
 */
export function figure(
  chart,
  {title, subtitle, description, source, file, rows, query, receipt, state, key},
) {
  const id = `figure-${++figures}`;
  const labels = {role: "img", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-words`};
  const body = el("div", {class: "plot", ...labels}, chart);
  return el(
    "figure",
    {class: "chart"},
    el(
      "header",
      {},
      el("div", {}, el("h3", {id: `${id}-title`}, title), el("p", {class: "subtitle"}, subtitle)),
      menu(body, {file, rows, query, title, subtitle, source}),
    ),
    key,
    body,
    el(
      "figcaption",
      {},
      source,
      " ",
      receiptMark(receipt, {query, state, csv: () => toCsv(rows)}),
      el("span", {id: `${id}-words`, class: "words"}, ` ${description}`),
    ),
  );
}

function menu(body, {file, rows, query, title, subtitle, source}) {
  const svg = () => {
    const charts = [...body.querySelectorAll("svg")].filter((node) => !node.parentElement.closest("svg"));
    return standAlone(charts, {title, subtitle, source});
  };
  const items = [
    item("SVG", () => download(`${file}.svg`, svg(), "image/svg+xml")),
    item("PNG", async () => download(`${file}.png`, await toPng(svg()), "image/png")),
    item("CSV", () => download(`${file}.csv`, toCsv(rows), "text/csv")),
    query && el("details", {}, el("summary", {}, "Query"), el("pre", {}, query)),
  ];
  const summary = el(
    "summary",
    {"aria-label": `Menu of the chart: ${title}`, title: "Take this chart away"},
    "⋯",
  );
  return el("details", {class: "chart-menu"}, summary, el("div", {}, items));
}

function item(text, onclick) {
  return el("button", {type: "button", onclick}, text);
}
