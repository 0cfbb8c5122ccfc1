// Could the symbol's exchange have printed a bar that day?

import {isSession, isWithinCalendar} from "../calendar/sessions.ts";
import {instrumentKind} from "./instrument.ts";

// Indexes computed from what trades in New York and Chicago; other indexes follow calendars not kept here.
const UNITED_STATES = new Set(
  "^VIX ^VIX3M ^VIX6M ^VIX9D ^VIX1D ^VVIX ^SKEW ^GSPC ^SPX ^OEX ^NDX ^IXIC ^DJI ^RUT ^NYA ^VXN ^VXD ^MOVE".split(
    " ",
  ),
);

/**
 * False on a day without a session of the New York Stock Exchange, for funds and shares listed in the
 * United States and indexes computed from them. True where nothing is known: other exchanges, futures,
 * currencies, and days outside the calendar.
 */
export function exchangeOpen(day: number, symbol: string): boolean {
  const kind = instrumentKind(symbol);
  const american = kind === "equity" ? !symbol.includes(".") : UNITED_STATES.has(symbol); // AAPL, not PETR4.SA
  return !american || !isWithinCalendar(day) || isSession(day);
}
