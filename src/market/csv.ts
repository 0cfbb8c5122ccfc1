// Which bars does a folder of CSV files hold?

import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {gunzip} from "node:zlib";
import {isoDate} from "../units.ts";
import type {Bar, QuarantinedBar} from "./bars.ts";
import {parseCsvBars} from "./csvBars.ts";
import type {MarketAnswer, MarketProvider, MarketRequest} from "./provider.ts";
import {type CalendarOf, lastFinalDay, tradingCalendar} from "./tradingCalendar.ts";

/**
 * Bars from all *.csv and *.csv.gz files of a folder, its subfolders not included.
 *
 * The symbol column decides whose a row is, so one file may hold several symbols and one symbol several
 * files. A whole folder is read each time: `known` is passed over.
 */
export function csvProvider({
  folder,
  calendarOf = tradingCalendar,
}: {
  folder: string;
  calendarOf?: CalendarOf;
}): MarketProvider {
  return {source: "csv", fetch: (request) => readFolder(folder, request, calendarOf)};
}

async function readFolder(
  folder: string,
  {symbols, asOf, now}: MarketRequest,
  calendarOf: CalendarOf,
): Promise<MarketAnswer> {
  const wanted = new Set(symbols);
  const bars: Bar[] = [];
  const quarantined: QuarantinedBar[] = [];
  const seen = new Set<string>();
  for (const file of await listFiles(folder)) {
    const text = await readText(folder, file);
    const answer = parseCsvBars(symbols.some((symbol) => text.includes(symbol)) ? text : firstRows(text), {
      file,
      symbols: wanted,
    });
    for (const bar of answer.bars) bars.push(bar);
    for (const row of answer.quarantined) quarantined.push(row);
    for (const symbol of answer.symbols) seen.add(symbol);
  }
  for (const symbol of symbols) requireBars(symbol, {folder, bars, quarantined, seen});
  // A day that has not been is a fault of the file, whatever the as-of day: the checks refuse it.
  const lastFinal = {XNYS: lastFinalDay("XNYS", now), own: lastFinalDay("own", now)};
  const hidden = ({session, symbol}: Bar): boolean =>
    session > asOf && session <= lastFinal[calendarOf(symbol)];
  const visible = bars.filter((bar) => !hidden(bar));
  const later = bars.length - visible.length;
  return {
    bars: visible,
    quarantined: quarantined.filter(({bar}) => !hidden(bar)),
    notes: later > 0 ? [`${later} bars dated after ${isoDate(asOf)} left out`] : [],
  };
}

async function listFiles(folder: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    throw new Error(
      `Cannot read bars from the folder ${JSON.stringify(folder)}: ${(error as NodeJS.ErrnoException).code}; ` +
        "set CSV_DIR to a folder that holds CSV files",
      {cause: error},
    );
  }
  const files = entries.filter((name) => /\.csv(\.gz)?$/i.test(name) && !name.startsWith(".")).sort();
  if (files.length === 0) {
    throw new Error(
      `Cannot read bars from the folder ${JSON.stringify(folder)}: none of its ${entries.length} entries is a ` +
        ".csv or .csv.gz file; set CSV_DIR to a folder that holds some",
    );
  }
  return files;
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    const bytes = await readFile(join(folder, file));
    return (/\.gz$/i.test(file) ? await promisify(gunzip)(bytes) : bytes).toString("utf8");
  } catch (error) {
    const remedy = /\.gz$/i.test(file)
      ? "compress the file again or put the plain .csv there"
      : "make it readable";
    throw new Error(`Cannot read ${file}: ${(error as Error).message}; ${remedy}`, {cause: error});
  }
}

// Enough to check the header and to name a symbol, where parsing the whole of an unwanted file would cost time.
function firstRows(text: string): string {
  const start = text.trimStart();
  const rows = start.slice(0, start.indexOf("\n", start.indexOf("\n") + 1) + 1 || undefined);
  return rows.includes('"') ? text : rows;
}

function requireBars(
  symbol: string,
  {
    folder,
    bars,
    quarantined,
    seen,
  }: {
    folder: string;
    bars: readonly Bar[];
    quarantined: readonly QuarantinedBar[];
    seen: ReadonlySet<string>;
  },
): void {
  if (bars.some((bar) => bar.symbol === symbol)) return;
  const refused = quarantined.filter(({bar}) => bar.symbol === symbol);
  if (refused.length > 0) {
    throw new Error(
      `Cannot read ${symbol}: none of its ${refused.length} rows is a bar, the first because ${refused[0]!.reason}`,
    );
  }
  const others = [...seen].sort().slice(0, 20).join(", ") || "none";
  throw new Error(
    `Cannot read ${symbol}: no row in ${JSON.stringify(folder)} has that symbol (found: ${others}); ` +
      "add a file with it, or change the universe in the configuration",
  );
}
