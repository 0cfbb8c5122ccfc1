// On which row of the lake does a forecast stand, and what if there is none?

import {
  CALENDAR_FIRST,
  CALENDAR_LAST,
  holidayOn,
  isSession,
  isWithinCalendar,
  lastSessionOnOrBefore,
} from "../calendar/sessions.ts";
import {lowerBound} from "../frame.ts";
import {isoDate, type SessionDate} from "../units.ts";
import {type Fault, Problem} from "./problem.ts";

/** Where a day lies among the lake's sessions. */
export interface Origin {
  /** The row of the lake; -1 where it has none. */
  readonly row: number;
  /** Why there is none, and what to send instead. */
  readonly absence?: {readonly detail: string; readonly remedy: string};
}

/**
 * The row of a day. A session that the lake does not hold has none; every other day is refused.
 *
 * @param lake.sessions increasing, not empty
 * @throws {Problem} not-a-session
 */
export function originOf(
  day: SessionDate,
  {sessions, field}: {readonly sessions: Int32Array; readonly field: string},
): Origin {
  const row = lowerBound(sessions, day);
  if (sessions[row] === day) return {row};
  const [first, newest] = [sessions[0]!, sessions.at(-1)!];
  if (day > first && day < newest) throw notASession(day, {field, before: sessions[row - 1]!});
  if (!isWithinCalendar(day)) throw new Problem("not-a-session", outsideCalendar(day, {field, newest}));
  if (!isSession(day)) {
    const before = day < first ? first : Math.min(lastSessionOnOrBefore(day), newest);
    throw notASession(day, {field, before});
  }
  return day < first
    ? {
        row: -1,
        absence: {
          detail: `${isoDate(day)} lies before ${isoDate(first)}, the first session of the lake`,
          remedy: `Send as_of_date ${isoDate(first)} or later`,
        },
      }
    : {
        row: -1,
        absence: {
          detail: `${isoDate(day)} lies after ${isoDate(newest)}, the newest session of the lake`,
          remedy: `Send as_of_date ${isoDate(newest)} or earlier, or update the lake with make report`,
        },
      };
}

function notASession(day: SessionDate, {field, before}: {field: string; before: number}): Problem {
  const reason = isWithinCalendar(day) ? (holidayOn(day) ?? "the exchange was closed") : "no bar";
  return new Problem("not-a-session", {
    field,
    detail: `${isoDate(day)} is not a trading session (${reason})`,
    remedy: `Send ${isoDate(before)}, the nearest session of the lake before it`,
  });
}

function outsideCalendar(day: SessionDate, {field, newest}: {field: string; newest: number}): Fault {
  return {
    field,
    detail: `${isoDate(day)} is outside the exchange's calendar, ${isoDate(CALENDAR_FIRST)} to ${isoDate(CALENDAR_LAST)}`,
    remedy: `Send as_of_date ${isoDate(newest)}, the newest session, or earlier`,
  };
}
