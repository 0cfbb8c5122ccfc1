// In which sessions does a fund's price lose its dividend?

import {lastSessionOnOrBefore} from "../../calendar/sessions.ts";
import {FRIDAY, nthWeekday} from "../../calendar/weekdays.ts";
import {civilFromDays} from "../../units.ts";

const QUARTERLY = [3, 6, 9, 12];

/** True on the third Friday of a quarter's last month, or the session before where that Friday is a holiday. */
export function quarterlyExDay(session: number): boolean {
  const {year, month} = civilFromDays(session);
  if (!QUARTERLY.includes(month)) return false;
  return lastSessionOnOrBefore(nthWeekday(year, month, FRIDAY, 3)) === session;
}

/** True on a month's first session, given the session before. */
export function monthlyExDay(session: number, previous: number): boolean {
  return civilFromDays(session).month !== civilFromDays(previous).month;
}
