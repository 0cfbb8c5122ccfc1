// Which is the newest session whose prices are final?

import type {SessionDate} from "../units.ts";
import {newYorkTime} from "./newYorkTime.ts";
import {closeMinutes, isSession, lastSessionOnOrBefore, previousSession} from "./sessions.ts";

/**
 * The newest session whose scheduled close lies at or before an instant.
 *
 * @param now milliseconds since 1970-01-01T00:00Z, or ISO text with a zone
 * @throws {RangeError} where the calendar (1993-01-01..2030-12-31) has no such session
 * @throws {SyntaxError} for text that is not an ISO time with a zone
 */
export function lastClosedSession(now: number | string): SessionDate {
  const {day, minutes} = newYorkTime(now);
  if (isSession(day) && minutes < closeMinutes(day)) return previousSession(day);
  return lastSessionOnOrBefore(day);
}
