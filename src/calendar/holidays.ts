// On which days does the New York Stock Exchange stay closed, since when, and who says so?

import {daysFromCivil, type SessionDate, sessionDate} from "../units.ts";
import {goodFriday, lastWeekday, MONDAY, nthWeekday, THURSDAY} from "./weekdays.ts";

/** A holiday that returns each year. */
export interface HolidayRule {
  readonly name: string;
  readonly when: string;
  readonly from: number; // first year it is kept within the calendar
  readonly date: (year: number) => SessionDate;
  /**
   * What a weekend does to it: "nearest" moves Saturday to Friday and Sunday to Monday, "monday" moves Sunday
   * to Monday and drops a Saturday, "fixed" never falls on a weekend.
   */
  readonly observed: "nearest" | "monday" | "fixed";
  readonly source: string;
}

/** Days on which the exchange closed, or will close, for one occasion. */
export interface SpecialClosure {
  readonly name: string;
  readonly days: readonly SessionDate[];
  readonly source: string;
}

const RULE_7_2 = "NYSE Rule 7.2 (formerly Rule 51)";
const CLOSINGS = "NYSE, list of special closings since 1885";

export const HOLIDAYS: readonly HolidayRule[] = [
  {
    name: "New Year's Day",
    when: "1 January",
    from: 1993,
    date: (year) => daysFromCivil(year, 1, 1),
    // The Friday before would be the end of an accounting year, which Rule 7.2 exempts.
    observed: "monday",
    source: `${RULE_7_2}; NYSE Group announcements of 2021-12-27 (2022) and 2025-12-23 (2028)`,
  },
  {
    name: "Martin Luther King, Jr. Day",
    when: "third Monday of January",
    from: 1998,
    date: (year) => nthWeekday(year, 1, MONDAY, 3),
    observed: "fixed",
    source: `${RULE_7_2}; decided June 1997, first kept 1998-01-19`,
  },
  {
    name: "Washington's Birthday",
    when: "third Monday of February",
    from: 1993,
    date: (year) => nthWeekday(year, 2, MONDAY, 3),
    observed: "fixed",
    source: RULE_7_2,
  },
  {
    name: "Good Friday",
    when: "two days before Gregorian Easter",
    from: 1993,
    date: goodFriday,
    observed: "fixed",
    source: RULE_7_2,
  },
  {
    name: "Memorial Day",
    when: "last Monday of May",
    from: 1993,
    date: (year) => lastWeekday(year, 5, MONDAY),
    observed: "fixed",
    source: RULE_7_2,
  },
  {
    name: "Juneteenth National Independence Day",
    when: "19 June",
    from: 2022,
    date: (year) => daysFromCivil(year, 6, 19),
    observed: "nearest",
    source: `${RULE_7_2} as amended 2021-09-30; NYSE Group announcement of 2021-12-27`,
  },
  {
    name: "Independence Day",
    when: "4 July",
    from: 1993,
    date: (year) => daysFromCivil(year, 7, 4),
    observed: "nearest",
    source: RULE_7_2,
  },
  {
    name: "Labor Day",
    when: "first Monday of September",
    from: 1993,
    date: (year) => nthWeekday(year, 9, MONDAY, 1),
    observed: "fixed",
    source: RULE_7_2,
  },
  {
    name: "Thanksgiving Day",
    when: "fourth Thursday of November",
    from: 1993,
    date: (year) => nthWeekday(year, 11, THURSDAY, 4),
    observed: "fixed",
    source: RULE_7_2,
  },
  {
    name: "Christmas Day",
    when: "25 December",
    from: 1993,
    date: (year) => daysFromCivil(year, 12, 25),
    observed: "nearest",
    source: RULE_7_2,
  },
];

export const SPECIAL_CLOSURES: readonly SpecialClosure[] = [
  {name: "Funeral of President Nixon", days: [sessionDate("1994-04-27")], source: CLOSINGS},
  {
    name: "Attack on the World Trade Center",
    days: ["2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14"].map(sessionDate),
    source: CLOSINGS,
  },
  {
    name: "Day of mourning for President Reagan",
    days: [sessionDate("2004-06-11")],
    source: `${CLOSINGS}; NYSE announcement of 2004-06-07`,
  },
  {
    name: "Day of mourning for President Ford",
    days: [sessionDate("2007-01-02")],
    source: `${CLOSINGS}; NYSE Group announcement of 2006-12-29`,
  },
  {
    name: "Hurricane Sandy",
    days: ["2012-10-29", "2012-10-30"].map(sessionDate),
    source: "NYSE Euronext announcements of 2012-10-28 and 2012-10-29",
  },
  {
    name: "Day of mourning for President George H. W. Bush",
    days: [sessionDate("2018-12-05")],
    source: "NYSE announcement of 2018-12-01",
  },
  {
    name: "Day of mourning for President Carter",
    days: [sessionDate("2025-01-09")],
    source: "NYSE announcement of 2024-12-30",
  },
];
