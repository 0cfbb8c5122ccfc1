// Which bars does a folder of one's own CSV files hold, checked as the pipeline checks them?

import {type Bars, type QuarantinedBar, toBars} from "../market/bars.ts";
import {csvProvider} from "../market/csv.ts";
import {fetchBars} from "../market/fetchBars.ts";
import {type CalendarOf, isTradingDay, lastFinalDay, tradingCalendar} from "../market/tradingCalendar.ts";
import {isoDate, sessionDate} from "../units.ts";

export interface CsvRequest {
  readonly symbols: readonly string[];
  /** The last day taken in, YYYY-MM-DD, as if today were the day after. */
  readonly until: string;
  /** Whose days a symbol trades on. Default: what the symbol tells. */
  readonly calendarOf?: CalendarOf;
}

export interface CheckedCsv {
  /** By symbol; every symbol that was asked for. */
  readonly bars: ReadonlyMap<string, Bars>;
  /** What was refused, with the reason in words. */
  readonly quarantined: readonly QuarantinedBar[];
  readonly notes: readonly string[];
}

/**
 * Bars of all *.csv and *.csv.gz files of a folder with columns symbol, date, open, high, low, close, adj_close and
 * volume, in any order.
 *
 * @throws {Error} if a symbol is in no file, naming those that are, or every bar of it is impossible
 * @throws {SyntaxError} naming the file that is no such CSV
 */
export async function readCsvBars(
  folder: string,
  {symbols, until, calendarOf = tradingCalendar}: CsvRequest,
): Promise<CheckedCsv> {
  const asOf = sessionDate(until);
  const now = `${isoDate(asOf + 1)}T00:00:00Z`;
  const {bars, quarantined, notes} = await fetchBars(
    csvProvider({folder, calendarOf}),
    {symbols, asOf, now},
    {
      lastClosed: (symbol) => lastFinalDay(calendarOf(symbol), now),
      isSession: (day, symbol) => isTradingDay(day, calendarOf(symbol)),
    },
  );
  return {
    bars: new Map(symbols.map((symbol) => [symbol, toBars(symbol, bars)])),
    quarantined: quarantined.filter(({bar}) => !(bar.session > asOf)),
    notes,
  };
}
