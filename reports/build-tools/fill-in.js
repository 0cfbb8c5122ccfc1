// How do numbers get into a page's prose before any script runs? {{path|format}} is a fact of the run, read when the page
// is built; a number becomes a link to its receipt. {{term:name}} becomes a link to the glossary.

import {
  count,
  finePercent,
  fixed,
  instant,
  longDate,
  oneDecimal,
  percent,
  shortDate,
  signedPercent,
  sourceName,
  twoDecimals,
  wholePercent,
} from "../src/components/format.js";
import {GLOSSARY} from "../src/components/glossary.js";
import {receiptAnchor} from "../src/components/receiptAnchor.js";

// Formats of numbers: what they write is linked to its receipt.
const NUMBERS = {
  count,
  finePercent,
  fourDecimals: (value) => fixed(value, 4),
  oneDecimal,
  percent,
  percentile: (value) => percent(value / 100, 0),
  signedPercent: (value) => signedPercent(value),
  sizePercent: (value) => percent(Math.abs(value)),
  twoDecimals,
  whole: (value) => fixed(value, 0),
  wholePercent,
};
const TEXTS = {instant, longDate, shortDate, sourceName, year: (date) => date.slice(0, 4), raw: String};

// Placeholders that stand for a list and not for a fact.
const LISTS = new Set(["glossary", "receipts", "notebooks"]);

const PLACEHOLDER = /\{\{([^{}]+)\}\}/g;

/** Adds the filling-in to a markdown-it; facts() is read at each page, receipts() where one asks for {{receipts}}. */
export function fillIn(md, facts, {receipts = () => undefined, after = ""} = {}) {
  md.core.ruler.before("normalize", "fill-in", (state) => {
    if (state.src.includes("{{")) state.src = fillText(state.src, facts(), receipts);
    state.src += after;
  });
  return md;
}

/**
 * A text with its placeholders replaced, safe to stand in HTML.
 *
 * @throws {RangeError} naming a placeholder that the facts do not answer
 */
export function fillText(text, facts, receipts) {
  return text.replace(PLACEHOLDER, (_, inner) => {
    const [source, format] = inner.split("|").map((part) => part.trim());
    if (source.startsWith("term:")) return termLink(source.slice("term:".length), format);
    if (source === "glossary") return glossaryList();
    if (source === "receipts") return receipts?.() ?? "";
    if (source === "notebooks") return notebookList(facts.notebooks?.notebooks ?? []);
    const value = valueAt(source, facts);
    if (Array.isArray(value))
      return value.map((part, i) => prose(part, {id: `${source}.${i}`, facts})).join(" ");
    if (typeof value === "string" && value.includes("{{")) return prose(value, {id: source, facts});
    const shown = escapeHtml(formatValue(value, format));
    return Object.hasOwn(NUMBERS, format ?? "") && shown !== "–" ? factLink(source, shown) : shown;
  });
}

/** The same as plain words, for whatever is no page. */
export function plainText(text, facts) {
  return text.replaceAll("`", "").replace(PLACEHOLDER, (_, inner) => {
    const [source, format] = inner.split("|").map((part) => part.trim());
    const value = valueAt(source, facts);
    if (Array.isArray(value)) return value.map((part) => plainText(part, facts)).join(" ");
    return typeof value === "string" && format === undefined
      ? plainText(value, facts)
      : String(formatValue(value, format));
  });
}

/** What a text shows of the facts, placeholders within facts included: [{id, shown}], `shown` as it is printed. */
export function factsShown(text, facts) {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, inner]) => {
    const [source, format] = inner.split("|").map((part) => part.trim());
    if (source.startsWith("term:") || LISTS.has(source)) return [];
    const value = valueAt(source, facts);
    if (Array.isArray(value))
      return value.flatMap((part, i) => proseShown(part, {id: `${source}.${i}`, facts}));
    if (typeof value === "string" && format === undefined) return factsShown(value, facts);
    const shown = String(formatValue(value, format));
    return Object.hasOwn(NUMBERS, format ?? "") && shown !== "–" ? [{id: source, shown}] : [];
  });
}

export function escapeHtml(text) {
  const entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  return String(text).replace(/[&<>"]/g, (character) => entities[character]);
}

/** What a fact is, by its path. */
export function valueAt(path, facts) {
  const value = path.split(".").reduce((object, key) => object?.[key], facts);
  if (value === undefined) throw new RangeError(`Cannot fill in {{${path}}}: the summary has no ${path}`);
  return value;
}

// A sentence whose numbers are placeholders is filled in; one that was written with its numbers has a receipt as a whole.
function prose(sentence, {id, facts}) {
  if (sentence.includes("{{")) return withCode(fillText(sentence, facts));
  const words = withCode(escapeHtml(sentence));
  return /\d/.test(sentence) ? `${words}${markLink(id)}` : words;
}

// Markdown's sign for a name, `log_har_vix`: in a block of HTML nobody else reads it.
function withCode(html) {
  return html.replace(/`([^`]+)`/g, "<code>$1</code>");
}

function proseShown(sentence, {id, facts}) {
  if (sentence.includes("{{")) return factsShown(sentence, facts);
  return /\d/.test(sentence) ? [{id, shown: sentence}] : [];
}

function factLink(id, shown) {
  return `<a class="fact" href="/receipts#${receiptAnchor(id)}" data-receipt="${escapeHtml(id)}">${shown}</a>`;
}

function markLink(id) {
  return `<a class="fact mark" href="/receipts#${receiptAnchor(id)}" data-receipt="${escapeHtml(id)}" aria-label="Receipt of this sentence">§</a>`;
}

function formatValue(value, format) {
  if (!format) return value;
  const formats = {...NUMBERS, ...TEXTS};
  if (!Object.hasOwn(formats, format)) {
    throw new RangeError(
      `Cannot fill in with the format ${format}: there are ${Object.keys(formats).join(", ")}`,
    );
  }
  return formats[format](value);
}

function termLink(name, words = name) {
  const entry = GLOSSARY[name];
  if (!entry)
    throw new RangeError(
      `Cannot link the term ${name}: the glossary has ${Object.keys(GLOSSARY).join(", ")}`,
    );
  return `<a class="term" href="/method#${anchor(name)}" title="${escapeHtml(entry)}">${escapeHtml(words)}</a>`;
}

// Plain addresses: the pages of notebooks are not of this build, they are kept beside it.
function notebookList(notebooks) {
  const items = notebooks.map(
    ({name, title, about}) =>
      `<li><a href="./notebooks/${escapeHtml(name)}.html" rel="external">${escapeHtml(title)}</a><p>${escapeHtml(about)}</p></li>`,
  );
  return `<ol class="notebooks">${items.join("")}</ol>`;
}

function glossaryList() {
  const entries = Object.entries(GLOSSARY).map(
    ([name, meaning]) => `<dt id="${anchor(name)}">${escapeHtml(name)}</dt><dd>${escapeHtml(meaning)}</dd>`,
  );
  return `<dl class="glossary">${entries.join("")}</dl>`;
}

function anchor(name) {
  return `term-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
}
