// How do numbers get into a page's prose before any script runs? {{path|format}} is read from the summary at build time,
// {{term:name}} becomes a link to the glossary.

import {
  count,
  finePercent,
  instant,
  oneDecimal,
  percent,
  shortDate,
  signedPercent,
  sourceName,
  twoDecimals,
  wholePercent,
} from "../src/components/format.js";
import {GLOSSARY} from "../src/components/glossary.js";

const FORMATS = {
  count,
  finePercent,
  instant,
  oneDecimal,
  percent,
  shortDate,
  signedPercent: (value) => signedPercent(value),
  sourceName,
  twoDecimals,
  wholePercent,
};

/** Adds the filling-in to a markdown-it; summary() is read at each page. */
export function fillIn(md, summary) {
  md.core.ruler.before("normalize", "fill-in", (state) => {
    if (state.src.includes("{{")) state.src = fillText(state.src, summary());
  });
  return md;
}

/**
 * A text with its placeholders replaced, safe to stand in HTML.
 *
 * @throws {RangeError} naming a placeholder that the summary does not answer
 */
export function fillText(text, summary) {
  return text.replace(/\{\{([^{}]+)\}\}/g, (_, inner) => {
    const [source, format] = inner.split("|").map((part) => part.trim());
    if (source.startsWith("term:")) return termLink(source.slice("term:".length), format);
    if (source === "glossary") return glossaryList();
    const value = source.split(".").reduce((object, key) => object?.[key], summary);
    if (value === undefined)
      throw new RangeError(`Cannot fill in {{${inner}}}: the summary has no ${source}`);
    return escapeHtml(formatValue(value, format));
  });
}

export function escapeHtml(text) {
  const entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  return String(text).replace(/[&<>"]/g, (character) => entities[character]);
}

function formatValue(value, format) {
  if (!format) return Array.isArray(value) ? value.join(" ") : value;
  if (!Object.hasOwn(FORMATS, format)) {
    throw new RangeError(
      `Cannot fill in with the format ${format}: there are ${Object.keys(FORMATS).join(", ")}`,
    );
  }
  return FORMATS[format](value);
}

function termLink(name, words = name) {
  const entry = GLOSSARY[name];
  if (!entry)
    throw new RangeError(
      `Cannot link the term ${name}: the glossary has ${Object.keys(GLOSSARY).join(", ")}`,
    );
  return `<a class="term" href="/method#${anchor(name)}" title="${escapeHtml(entry)}">${escapeHtml(words)}</a>`;
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
