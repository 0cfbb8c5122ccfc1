// On which sessions does trading end at 13:00 instead of 16:00 New York time?

import {dayOfWeek, daysFromCivil, type SessionDate, sessionDate} from "../units.ts";
import {FRIDAY, MONDAY, nthWeekday, THURSDAY} from "./weekdays.ts";

/** Minutes after midnight, New York time. */
export const REGULAR_CLOSE = 16 * 60;
export const EARLY_CLOSE = 13 * 60;

/** A half day that returns each year it falls on one of `weekdays`. */
export interface EarlyCloseRule {
  readonly name: string;
  readonly when: string;
  readonly from: number;
  readonly until?: number; // last year, inclusive
  readonly date: (year: number) => SessionDate;
  readonly weekdays: readonly number[]; // 0 is Sunday
  readonly source: string;
}

/** A half day that does not return. */
export interface SpecialEarlyClose {
  readonly name: string;
  readonly day: SessionDate;
  readonly source: string;
}

const TUESDAY = 2;
const WEDNESDAY = 3;
const CLOSINGS = "NYSE, list of special closings since 1885";

export const EARLY_CLOSES: readonly EarlyCloseRule[] = [
  {
    name: "Day before Independence Day",
    when: "3 July on a Monday, Tuesday or Thursday",
    from: 1995,
    date: (year) => daysFromCivil(year, 7, 3),
    weekdays: [MONDAY, TUESDAY, THURSDAY],
    source: `${CLOSINGS}; NYSE Group announcements of 2021-12-27, 2024-11-08 and 2025-12-23`,
  },
  {
    name: "Day before Independence Day",
    when: "3 July on a Wednesday",
    from: 2013,
    date: (year) => daysFromCivil(year, 7, 3),
    weekdays: [WEDNESDAY],
    source: "NYSE holiday calendars for 2013, 2019 and 2024; it replaces the Friday after",
  },
  {
    name: "Day after Independence Day",
    when: "5 July on a Friday",
    from: 1996,
    until: 2012,
    date: (year) => daysFromCivil(year, 7, 5),
    weekdays: [FRIDAY],
    source: CLOSINGS,
  },
  {
    name: "Day after Thanksgiving",
    when: "Friday after the fourth Thursday of November",
    from: 1993, // in 1992 it was 14:00
    date: (year) => (nthWeekday(year, 11, THURSDAY, 4) + 1) as SessionDate,
    weekdays: [FRIDAY],
    source: `${CLOSINGS}; NYSE Group announcements of 2021-12-27, 2024-11-08 and 2025-12-23`,
  },
  {
    name: "Christmas Eve",
    when: "24 December, Monday to Thursday",
    from: 1993,
    date: (year) => daysFromCivil(year, 12, 24),
    weekdays: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY],
    source: `${CLOSINGS}; NYSE Group announcements of 2021-12-27, 2024-11-08 and 2025-12-23`,
  },
];

export const SPECIAL_EARLY_CLOSES: readonly SpecialEarlyClose[] = [
  {name: "Friday after Christmas", day: sessionDate("1997-12-26"), source: CLOSINGS},
  {
    name: "Eve of the year 2000",
    day: sessionDate("1999-12-31"),
    source: "NYSE announcement of 1999-06-04: the board approved a 13:00 close",
  },
  {name: "Friday after Christmas", day: sessionDate("2003-12-26"), source: CLOSINGS},
];

/** The days of a year on which the exchange closes at 13:00, in no order. */
export function earlyCloseDays(year: number): SessionDate[] {
  const days = EARLY_CLOSES.filter((rule) => rule.from <= year && year <= (rule.until ?? year))
    .filter((rule) => rule.weekdays.includes(dayOfWeek(rule.date(year))))
    .map((rule) => rule.date(year));
  const [start, end] = [daysFromCivil(year, 1, 1), daysFromCivil(year + 1, 1, 1)];
  const special = SPECIAL_EARLY_CLOSES.map(({day}) => day).filter((day) => start <= day && day < end);
  return [...days, ...special];
}
