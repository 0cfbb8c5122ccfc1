// Which bars does a CSV text hold? Parsing only: whether a bar is possible is checkBars' question.

import {CsvError, parse} from "csv-parse/sync";
import {sessionDate} from "../units.ts";
import type {Bar, QuarantinedBar} from "./bars.ts";

const COLUMNS = ["symbol", "date", "open", "high", "low", "close", "adj_close", "volume"] as const;
type Column = (typeof COLUMNS)[number];

export interface CsvBars {
  readonly bars: readonly Bar[];
  /** Rows that cannot be read as a bar, with file and line; NaN stands for what was unreadable. */
  readonly quarantined: readonly QuarantinedBar[];
  /** Every symbol the file names, wanted or not. */
  readonly symbols: ReadonlySet<string>;
}

interface Row {
  readonly record: readonly string[];
  readonly info: {readonly lines: number};
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BLANK = /^(null|nan|n\/?a)?$/i; // what vendors and pandas write for a missing value

/**
 * The bars of the wanted symbols in a CSV text.
 *
 * Columns are found by the header, in any order and case ("Adj Close" is adj_close); others are passed
 * over. An empty cell is a missing value, NaN. A row with text in a number, a date that is no day, no
 * symbol, or too few or too many cells is quarantined. Empty rows are skipped.
 *
 * @param file what errors and reasons call the text
 * @throws {SyntaxError} if a column is missing or the text is not CSV
 */
export function parseCsvBars(
  text: string,
  {file, symbols}: {file: string; symbols: ReadonlySet<string>},
): CsvBars {
  const [header, ...rows] = parseRows(text, file);
  const names = header?.record ?? [];
  const position = columnPositions(names, file);
  const bars: Bar[] = [];
  const quarantined: QuarantinedBar[] = [];
  const seen = new Set<string>();
  for (const {record, info} of rows) {
    const symbol = record[position.symbol] ?? "";
    if (symbol) seen.add(symbol);
    if (symbol && !symbols.has(symbol)) continue;
    const {bar, faults} = readRow(record, position);
    if (record.length !== names.length)
      faults.unshift(`${record.length} cells, the header has ${names.length}`);
    if (faults.length === 0) bars.push(bar);
    else quarantined.push({bar, reason: `${file}:${info.lines}: ${faults.join("; ")}`});
  }
  return {bars, quarantined, symbols: seen};
}

function parseRows(text: string, file: string): Row[] {
  try {
    return parse(text, {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      record_delimiter: ["\r\n", "\n", "\r"], // detection would settle on the first kind and miss a mixture
    }) as unknown as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SyntaxError(
      `Cannot read ${file}: ${error.message}; write the file as plain comma-separated values`,
      {
        cause: error,
      },
    );
  }
}

function columnPositions(header: readonly string[], file: string): Record<Column, number> {
  const names = header.map((name) => name.toLowerCase().replaceAll(/[\s_-]+/g, "_"));
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const found = header.length === 0 ? "it is empty" : `its first line is ${excerpt(header.join(","))}`;
    throw new SyntaxError(
      `Cannot read ${file}: the header lacks ${missing.join(", ")} (${found}); ` +
        `the first line must name ${COLUMNS.join(",")}`,
    );
  }
  return Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Record<Column, number>;
}

function readRow(record: readonly string[], position: Record<Column, number>): {bar: Bar; faults: string[]} {
  const faults: string[] = [];
  const number = (name: Column): number => {
    const text = record[position[name]] ?? "";
    if (DECIMAL.test(text)) return Number(text);
    if (!BLANK.test(text)) faults.push(`${name} is ${excerpt(text)}, not a number`);
    return Number.NaN;
  };
  const symbol = record[position.symbol] ?? "";
  if (!symbol) faults.push("symbol is missing");
  const bar: Bar = {
    symbol,
    session: readDate(record[position.date] ?? "", faults),
    open: number("open"),
    high: number("high"),
    low: number("low"),
    close: number("close"),
    adjClose: number("adj_close"),
    volume: number("volume"),
  };
  return {bar, faults};
}

function readDate(text: string, faults: string[]): number {
  try {
    return sessionDate(text);
  } catch {
    faults.push(`date is ${excerpt(text)}, not a real day written YYYY-MM-DD`);
    return Number.NaN;
  }
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
