// Which returns of which symbols does the lake know?

import {CALENDAR_LAST, nextSessions} from "../calendar/sessions.ts";
import type {CalendarOf, TradingCalendar} from "../market/tradingCalendar.ts";
import {logReturns} from "../math/logReturns.ts";
import {barsBySymbol} from "../store/barsBySymbol.ts";
import type {Table} from "../store/table.ts";
import {dayOfWeek, isoDate} from "../units.ts";
import {Problem} from "./problem.ts";

/** One symbol's past, as models of its returns alone need it. */
export interface TickerHistory {
  readonly ticker: string;
  readonly calendar: TradingCalendar;
  readonly firstSession: number; // days since 1970-01-01
  readonly newestSession: number;
  readonly bars: number;
  /** Log returns of the adjusted close in percent, the oldest first; sessions without one are left out. */
  readonly returns: Float64Array;
}

/** Every symbol of curated.market_daily, by symbol. */
export function tickerHistories(table: Table, calendarOf: CalendarOf): Map<string, TickerHistory> {
  return new Map(
    Array.from(barsBySymbol(table).values(), ({symbol, sessions, adjClose}) => [
      symbol,
      {
        ticker: symbol,
        calendar: calendarOf(symbol),
        firstSession: sessions[0]!,
        newestSession: sessions.at(-1)!,
        bars: sessions.length,
        returns: logReturns(adjClose)
          .filter(Number.isFinite)
          .map((value) => 100 * value),
      },
    ]),
  );
}

/**
 * The days of the next sessions: the New York Stock Exchange's, or weekdays where the exchange's calendar is not known.
 *
 * @throws {Problem} if they lie beyond the last year of the calendar
 */
export function forecastDays(
  {ticker, calendar, newestSession}: Pick<TickerHistory, "ticker" | "calendar" | "newestSession">,
  horizon: number,
): number[] {
  if (calendar === "own") return nextWeekdays(newestSession, horizon);
  try {
    return Array.from(nextSessions(newestSession, horizon));
  } catch {
    throw new Problem("invalid-request", {
      field: "horizon",
      detail: `The ${horizon} sessions of ${ticker} after ${isoDate(newestSession)} are not all known: the exchange's calendar ends on ${isoDate(CALENDAR_LAST)}`,
      remedy: "Send a smaller horizon",
    });
  }
}

function nextWeekdays(day: number, count: number): number[] {
  const days: number[] = [];
  for (let next = day + 1; days.length < count; next++) {
    const weekday = dayOfWeek(next);
    if (weekday !== 0 && weekday !== 6) days.push(next);
  }
  return days;
}
