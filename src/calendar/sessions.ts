// Is a day a session of the New York Stock Exchange, when does it close, and which sessions come before and after?

import {lowerBound} from "../frame.ts";
import {dayOfWeek, isoDate, type SessionDate, sessionDate} from "../units.ts";
import {closedDays} from "./closedDays.ts";
import {EARLY_CLOSE, earlyCloseDays, REGULAR_CLOSE} from "./earlyCloses.ts";
import {SATURDAY, SUNDAY} from "./weekdays.ts";

/** The first and last day the calendar knows, both inclusive. */
export const CALENDAR_FIRST = sessionDate("1993-01-01");
export const CALENDAR_LAST = sessionDate("2030-12-31");

const YEARS = Array.from({length: 2030 - 1993 + 1}, (_, i) => 1993 + i);
const CLOSED: ReadonlyMap<number, string> = new Map(YEARS.flatMap(closedDays));
const EARLY: ReadonlySet<number> = new Set(YEARS.flatMap(earlyCloseDays));
const SESSIONS = everySession();

/** Whether the calendar knows this day; every other function here throws where it does not. */
export function isWithinCalendar(day: number): boolean {
  return Number.isInteger(day) && day >= CALENDAR_FIRST && day <= CALENDAR_LAST;
}

/**
 * Whether the exchange trades on a day, half days included.
 *
 * @throws {RangeError} outside 1993-01-01..2030-12-31
 */
export function isSession(day: number): boolean {
  requireWithin(day);
  return SESSIONS[lowerBound(SESSIONS, day)] === day;
}

/**
 * The name of the holiday or special closure on a weekday; undefined on a session and on a weekend.
 *
 * @throws {RangeError} outside 1993-01-01..2030-12-31
 */
export function holidayOn(day: number): string | undefined {
  requireWithin(day);
  return CLOSED.get(day);
}

/**
 * The scheduled close of a session in minutes after midnight, New York time: 960 (16:00) or 780 (13:00).
 *
 * @throws {RangeError} if the day is no session, or outside 1993-01-01..2030-12-31
 */
export function closeMinutes(session: number): number {
  if (!isSession(session)) {
    const reason = holidayOn(session) ?? "weekend";
    throw new RangeError(`Cannot give a close: ${isoDate(session)} is not a session (${reason})`);
  }
  return EARLY.has(session) ? EARLY_CLOSE : REGULAR_CLOSE;
}

/**
 * Every session from `first` to `last`, both inclusive, increasing; empty where none lies between.
 *
 * @throws {RangeError} if either day is outside 1993-01-01..2030-12-31
 */
export function sessionsBetween(first: number, last: number): Int32Array {
  requireWithin(first);
  requireWithin(last);
  return SESSIONS.slice(lowerBound(SESSIONS, first), Math.max(0, lowerBound(SESSIONS, last + 1)));
}

/**
 * The `count` sessions strictly after a day (a session or not), increasing.
 *
 * @throws {RangeError} if they end after 2030-12-31, or the day is outside the calendar
 */
export function nextSessions(day: number, count: number): Int32Array {
  requireWithin(day);
  const start = lowerBound(SESSIONS, day + 1);
  if (start + count > SESSIONS.length) {
    throw new RangeError(
      `Cannot list ${count} sessions after ${isoDate(day)}: the NYSE calendar ends on ${isoDate(CALENDAR_LAST)}`,
    );
  }
  return SESSIONS.slice(start, start + count);
}

/**
 * The newest session on or before a day.
 *
 * @throws {RangeError} if there is none in 1993-01-01..2030-12-31
 */
export function lastSessionOnOrBefore(day: number): SessionDate {
  requireWithin(day);
  return sessionAt(lowerBound(SESSIONS, day + 1) - 1, day);
}

/**
 * The newest session strictly before a day.
 *
 * @throws {RangeError} if there is none in 1993-01-01..2030-12-31
 */
export function previousSession(day: number): SessionDate {
  requireWithin(day);
  return sessionAt(lowerBound(SESSIONS, day) - 1, day);
}

/**
 * Sessions from `first` to `last`, both inclusive, that `have` (increasing) lacks: the gaps in a price history.
 *
 * @throws {RangeError} if either day is outside 1993-01-01..2030-12-31
 */
export function missingSessions(have: Int32Array, first: number, last: number): Int32Array {
  return sessionsBetween(first, last).filter((session) => have[lowerBound(have, session)] !== session);
}

function everySession(): Int32Array {
  const days: number[] = [];
  for (let day: number = CALENDAR_FIRST; day <= CALENDAR_LAST; day++) {
    const weekday = dayOfWeek(day);
    if (weekday !== SATURDAY && weekday !== SUNDAY && !CLOSED.has(day)) days.push(day);
  }
  return Int32Array.from(days);
}

function sessionAt(index: number, day: number): SessionDate {
  if (index < 0) {
    throw new RangeError(
      `Cannot find a session before ${isoDate(day)}: the NYSE calendar starts on ${isoDate(CALENDAR_FIRST)}`,
    );
  }
  return SESSIONS[index]! as SessionDate;
}

function requireWithin(day: number): void {
  if (isWithinCalendar(day)) return;
  const value = Number.isInteger(day) ? isoDate(day) : String(day);
  throw new RangeError(
    `Cannot tell sessions: the NYSE calendar covers ${isoDate(CALENDAR_FIRST)} to ${isoDate(CALENDAR_LAST)}, current value is ${value}`,
  );
}
