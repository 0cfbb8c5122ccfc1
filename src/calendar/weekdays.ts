// Which day is "the third Monday of January", and which is Good Friday?

import {dayOfWeek, daysFromCivil, type SessionDate} from "../units.ts";

/** 0 is Sunday, as dayOfWeek counts. */
export const MONDAY = 1;
export const THURSDAY = 4;
export const FRIDAY = 5;
export const SATURDAY = 6;
export const SUNDAY = 0;

/** The nth (1 or more) given weekday of a month, in days since 1970-01-01. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): SessionDate {
  const first = daysFromCivil(year, month, 1);
  return (first + ((weekday - dayOfWeek(first) + 7) % 7) + 7 * (nth - 1)) as SessionDate;
}

/** The last given weekday of a month, in days since 1970-01-01. */
export function lastWeekday(year: number, month: number, weekday: number): SessionDate {
  const last = daysFromCivil(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 1;
  return (last - ((dayOfWeek(last) - weekday + 7) % 7)) as SessionDate;
}

/** Two days before Gregorian Easter Sunday. Meeus, Astronomical Algorithms (1998), chapter 8. */
export function goodFriday(year: number): SessionDate {
  const goldenNumber = year % 19; // counted from 0
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * goldenNumber + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const weekday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const correction = Math.floor((goldenNumber + 11 * epact + 22 * weekday) / 451);
  const marchDay = 22 + epact + weekday - 7 * correction; // 32 is 1 April
  return (daysFromCivil(year, 3, 1) + marchDay - 1 - 2) as SessionDate;
}
