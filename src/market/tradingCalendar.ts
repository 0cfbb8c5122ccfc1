// Whose days does a symbol trade on, and which of them are over?

import {lastClosedSession} from "../calendar/lastClosedSession.ts";
import {epochMilliseconds} from "../calendar/newYorkTime.ts";
import {isSession, isWithinCalendar} from "../calendar/sessions.ts";
import type {SessionDate} from "../units.ts";
import {instrumentKind} from "./instrument.ts";

/**
 * XNYS: the sessions of the New York Stock Exchange, by the rules of src/calendar. own: the days on which the symbol
 * has a bar, for its exchange's calendar is not kept here.
 */
export type TradingCalendar = "XNYS" | "own";

export type CalendarOf = (symbol: string) => TradingCalendar;

// Indexes computed from what trades in New York and Chicago; other indexes follow calendars not kept here.
const UNITED_STATES = new Set(
  "^VIX ^VIX3M ^VIX6M ^VIX9D ^VIX1D ^VVIX ^SKEW ^GSPC ^SPX ^OEX ^NDX ^IXIC ^DJI ^RUT ^NYA ^VXN ^VXD ^MOVE".split(
    " ",
  ),
);

const DAY = 86_400_000; // ms

/**
 * The calendar by Yahoo's way of writing symbols: XNYS for shares and funds listed in the United States (AAPL, not
 * PETR4.SA) and indexes computed from them, own for other exchanges, futures and currencies.
 */
export function tradingCalendar(symbol: string): TradingCalendar {
  const american = instrumentKind(symbol) === "equity" ? !symbol.includes(".") : UNITED_STATES.has(symbol);
  return american ? "XNYS" : "own";
}

/** A symbol's calendar: the one it is given here, otherwise what the symbol tells. */
export function calendarOf({
  calendars,
}: {
  readonly calendars: Readonly<Record<string, TradingCalendar>>;
}): CalendarOf {
  return (symbol) => (Object.hasOwn(calendars, symbol) ? calendars[symbol]! : tradingCalendar(symbol));
}

/**
 * Whether a bar of that day is possible: false on a day without a session, of XNYS from 1993 to 2030; true where the
 * calendar is not known.
 */
export function isTradingDay(day: number, calendar: TradingCalendar): boolean {
  return calendar === "own" || !isWithinCalendar(day) || isSession(day);
}

/**
 * The newest day whose bar is final at an instant. XNYS: the last session that has closed. own: the last day that has
 * ended in UTC, which is after the close of every exchange from Tokyo to New York and of the currencies' day.
 *
 * @param now ISO text with a zone
 * @throws {SyntaxError} for text that is not an ISO time with a zone
 */
export function lastFinalDay(calendar: TradingCalendar, now: string): SessionDate {
  if (calendar === "XNYS") return lastClosedSession(now);
  return (Math.floor(epochMilliseconds(now) / DAY) - 1) as SessionDate;
}
