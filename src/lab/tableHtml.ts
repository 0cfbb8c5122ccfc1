// How do row objects read in a cell? As a table whose numbers stand in line, each column with its digits.

import {didYouMean} from "../nearestNames.ts";

export interface TableWords {
  /** What a column is called, by its key; a column that is not named here keeps its key. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Digits after the point by key; 0 for whole numbers and 3 for others where none are given. */
  readonly digits?: Readonly<Record<string, number>>;
}

/**
 * Rows as HTML for `tslab.display.html`. The columns are the keys of `titles` in their order, or all where there are
 * none. A number that is missing is a dash.
 *
 * @throws {RangeError} if a title or a number of digits is of a key that no row has
 */
export function tableHtml(rows: readonly object[], {titles, digits = {}}: TableWords = {}): string {
  const records = rows as readonly Readonly<Record<string, unknown>>[];
  const names = Object.keys(titles ?? records[0] ?? {});
  requireKeys(records, [...names, ...Object.keys(digits)]);
  const isNumeric = (name: string): boolean => records.some((row) => typeof row[name] === "number");
  const places = Object.fromEntries(names.map((name) => [name, digits[name] ?? usualDigits(records, name)]));
  const cell = (tag: "th" | "td", name: string, text: string): string =>
    `<${tag} style="text-align:${isNumeric(name) ? "right" : "left"}">${escaped(text)}</${tag}>`;
  const head = names.map((name) => cell("th", name, titles?.[name] ?? name)).join("");
  const body = records.map(
    (row) => `<tr>${names.map((name) => cell("td", name, textOf(row[name], places[name]!))).join("")}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function requireKeys(rows: readonly Readonly<Record<string, unknown>>[], names: readonly string[]): void {
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  const wrong = rows.length === 0 ? undefined : names.find((name) => !keys.has(name));
  if (wrong === undefined) return;
  const meant = didYouMean(wrong, [...keys]);
  throw new RangeError(
    `Cannot make a table with the column ${wrong}${meant ? `${meant} The` : ": the"} rows have ${[...keys].join(", ")}`,
  );
}

function usualDigits(rows: readonly Readonly<Record<string, unknown>>[], name: string): number {
  const numbers = rows.flatMap((row) => (typeof row[name] === "number" ? [row[name]] : []));
  return numbers.every((value) => Number.isInteger(value) || Number.isNaN(value)) ? 0 : 3;
}

function textOf(value: unknown, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (typeof value !== "number") return String(value);
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A text where HTML stands around it. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
