// What else do the published files say? A query of the reader's own, and its rows.

import {dataTable} from "./dataTable.js";
import {el} from "./element.js";
import {isoDate} from "./format.js";
import {notice} from "./tableBox.js";

const SHOWN_ROWS = 50;

/**
 * examples: [{title, sql}], the first one there at the start; sql: what the address asks instead; ask(sql) gives rows;
 * onAsk(sql): told of each question; receipt: the id of the answer's receipt.
 */
export function askData({examples, sql = examples[0].sql, ask, onAsk = () => {}, receipt}) {
  const text = el("textarea", {rows: "6", spellcheck: "false", "aria-label": "Query in SQL"});
  text.value = sql;
  const titles = examples.map(({title}, i) => el("option", {value: String(i)}, title));
  const choice = el("select", {"aria-label": "Example"}, titles);
  const answer = el("div", {class: "answer", "aria-live": "polite"});
  const run = async () => {
    const asked = text.value.trim();
    button.disabled = true;
    answer.replaceChildren(notice("Asking …"));
    try {
      const rows = await ask(asked);
      onAsk(asked);
      answer.replaceChildren(answerTable(rows, {asked, receipt}));
    } catch (error) {
      answer.replaceChildren(el("p", {class: "notice", role: "alert"}, `No answer: ${error.message}`));
    } finally {
      button.disabled = false;
    }
  };
  const button = el("button", {type: "button", class: "plain", onclick: run}, "Run");
  choice.addEventListener("input", () => {
    text.value = examples[Number(choice.value)].sql;
  });
  return el("div", {class: "ask exhibit"}, el("p", {class: "ask-tools"}, choice, button), text, answer);
}

function answerTable(rows, {asked, receipt}) {
  return dataTable(rows, {
    name: "Answer",
    file: "answer",
    limit: SHOWN_ROWS,
    empty: "No rows.",
    columns: Object.keys(rows[0] ?? {}).map((name) => ({
      name,
      title: name,
      text: cellText,
      head: typeof rows[0][name] === "string",
    })),
    receipt,
    query: asked,
  });
}

/** A value of a query as text: numbers with the digits that tell them apart, dates as days. */
export function cellText(value) {
  if (value === null || value === undefined) return "–";
  if (value instanceof Date) return isoDate(value);
  if (typeof value === "number")
    return Number.isInteger(value) ? String(value) : String(+value.toPrecision(9));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
