// What do the clocks in New York show at an instant?

import {civilFromDays, daysFromCivil, isoDate, type SessionDate, sessionDate} from "../units.ts";
import {lastWeekday, nthWeekday, SUNDAY} from "./weekdays.ts";

/** A reading of New York's clocks. */
export interface NewYorkTime {
  readonly day: SessionDate;
  readonly minutes: number; // whole minutes after midnight, 0..1439
}

const HOUR = 3_600_000; // ms
const DAY = 24 * HOUR;
const ISO_INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d):([0-5]\d))$/;

/**
 * The day and minute in New York at an instant, with the United States' daylight saving time since 1967.
 *
 * @param instant milliseconds since 1970-01-01T00:00Z, or ISO text with a zone (2024-03-28T16:00:00-04:00)
 * @throws {RangeError} before 1967, when the rules were the city's own, and for a number that is not finite
 * @throws {SyntaxError} for text that is not an ISO time with a zone
 */
export function newYorkTime(instant: number | string): NewYorkTime {
  const utc = typeof instant === "string" ? epochMilliseconds(instant) : instant;
  const local = utc - utcLag(utc) * HOUR;
  const day = Math.floor(local / DAY);
  return {day: day as SessionDate, minutes: Math.floor((local - day * DAY) / 60_000)};
}

/**
 * Milliseconds since 1970-01-01T00:00Z of an ISO time: YYYY-MM-DDThh:mm, seconds and a fraction optional, with Z or
 * ±hh:mm. A time without a zone is refused: it would mean another instant on every machine.
 *
 * @throws {SyntaxError} for any other text
 */
export function epochMilliseconds(text: string): number {
  const match = ISO_INSTANT.exec(text);
  if (!match) {
    throw new SyntaxError(
      `Cannot read the time ${JSON.stringify(text)}: write it with its zone, as in 2024-03-28T20:00:00Z`,
    );
  }
  const [, date, hours, minutes, seconds = "0", fraction = "0", sign, zoneHours = "0", zoneMinutes = "0"] =
    match;
  const zone = (sign === "-" ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const minute = Number(hours) * 60 + Number(minutes) - zone;
  const millisecond = Math.floor(Number(`0.${fraction}`) * 1000);
  return sessionDate(date!) * DAY + minute * 60_000 + Number(seconds) * 1000 + millisecond;
}

/** Hours that New York is behind UTC: 5, or 4 in daylight saving time, which starts and ends at 02:00 by its clocks. */
function utcLag(utc: number): number {
  const {year} = civilFromDays(Math.floor(utc / DAY));
  if (!(year >= 1967)) {
    const value = Number.isFinite(utc) ? isoDate(Math.floor(utc / DAY)) : String(utc);
    throw new RangeError(
      `Cannot read New York's clocks: their rules are known from 1967, current value is ${value}`,
    );
  }
  const starts = daylightStarts(year) * DAY + 7 * HOUR;
  const ends = daylightEnds(year) * DAY + 6 * HOUR;
  return utc >= starts && utc < ends ? 4 : 5;
}

function daylightStarts(year: number): SessionDate {
  if (year >= 2007) return nthWeekday(year, 3, SUNDAY, 2); // Energy Policy Act of 2005
  if (year >= 1987) return nthWeekday(year, 4, SUNDAY, 1); // Public Law 99-359 (1986)
  if (year === 1974) return daysFromCivil(1974, 1, 6); // Emergency Daylight Saving Time Act of 1973
  if (year === 1975) return daysFromCivil(1975, 2, 23); // its amendment of 1974
  return lastWeekday(year, 4, SUNDAY); // Uniform Time Act of 1966
}

function daylightEnds(year: number): SessionDate {
  return year >= 2007 ? nthWeekday(year, 11, SUNDAY, 1) : lastWeekday(year, 10, SUNDAY);
}
