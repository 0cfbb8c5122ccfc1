import {existsSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {isoDate, sessionDate} from "../units.ts";
import {
  CALENDAR_FIRST,
  CALENDAR_LAST,
  closeMinutes,
  holidayOn,
  isSession,
  isWithinCalendar,
  lastSessionOnOrBefore,
  missingSessions,
  nextSessions,
  previousSession,
  sessionsBetween,
} from "./sessions.ts";

const SPY = new URL("../../../shared/market/SPY.csv", import.meta.url);

// NYSE Group announcements of 2021-12-27 (2024), 2024-11-08 (2025) and 2025-12-23 (2026-2028); 2025-01-09 was
// announced on 2024-12-30.
const PUBLISHED_CLOSED = {
  2024: ["01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28", "12-25"],
  2025: ["01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04", "09-01", "11-27", "12-25"],
  2026: ["01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03", "09-07", "11-26", "12-25"],
  2027: ["01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"],
  2028: ["01-17", "02-21", "04-14", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"],
};
const PUBLISHED_EARLY = {
  2024: ["07-03", "11-29", "12-24"],
  2025: ["07-03", "11-28", "12-24"],
  2026: ["11-27", "12-24"],
  2027: ["11-26"],
  2028: ["07-03", "11-24"],
};

describe("sessions", () => {
  it.skipIf(!existsSync(SPY))("sessionsBetween() are exactly the days SPY traded, 1993-2023", () => {
    const traded = readFileSync(SPY, "utf8").trim().split("\n").slice(1);
    const days = Int32Array.from(traded, (line) => sessionDate(line.split(",")[1]!));
    const [first, last] = [sessionDate("1993-01-29"), sessionDate("2023-12-29")];
    expect(days[0]).toBe(first);
    expect(days.at(-1)).toBe(last);
    expect(
      Array.from(
        days.filter((day) => !isSession(day)),
        isoDate,
      ),
    ).toEqual([]);
    expect(Array.from(missingSessions(days, first, last), isoDate)).toEqual([]);
  });

  it.each(Object.entries(PUBLISHED_CLOSED))(
    "holidayOn() names the published holidays of %s alone",
    (year, days) => {
      const all = weekdays(Number(year));
      expect(all.filter((day) => holidayOn(day) !== undefined).map(isoDate)).toEqual(
        days.map((day) => `${year}-${day}`),
      );
      expect(all.filter((day) => !isSession(day)).map(isoDate)).toEqual(days.map((day) => `${year}-${day}`));
    },
  );

  it.each(Object.entries(PUBLISHED_EARLY))(
    "closeMinutes() is 13:00 on the published half days of %s alone",
    (year, days) => {
      const sessions = sessionsBetween(sessionDate(`${year}-01-01`), sessionDate(`${year}-12-31`));
      const early = Array.from(sessions).filter((day) => closeMinutes(day) === 780);
      expect(early.map(isoDate)).toEqual(days.map((day) => `${year}-${day}`));
      expect(Array.from(sessions).every((day) => [780, 960].includes(closeMinutes(day)))).toBe(true);
    },
  );

  it("closeMinutes() keeps the July and December half days as they were", () => {
    const early = Array.from(sessionsBetween(CALENDAR_FIRST, sessionDate("2023-12-31")))
      .filter((day) => closeMinutes(day) === 780)
      .map(isoDate);
    expect(early.filter((day) => day.includes("-07-"))).toEqual([
      "1995-07-03",
      "1996-07-05",
      ...["1997-07-03", "2000-07-03", "2001-07-03", "2002-07-05", "2003-07-03", "2006-07-03", "2007-07-03"],
      ...["2008-07-03", "2012-07-03", "2013-07-03", "2014-07-03", "2017-07-03", "2018-07-03", "2019-07-03"],
      "2023-07-03",
    ]);
    expect(early.filter((day) => day.includes("-12-"))).toEqual([
      ...["1996-12-24", "1997-12-24", "1997-12-26", "1998-12-24", "1999-12-31", "2001-12-24", "2002-12-24"],
      ...["2003-12-24", "2003-12-26", "2007-12-24", "2008-12-24", "2009-12-24", "2012-12-24", "2013-12-24"],
      ...["2014-12-24", "2015-12-24", "2018-12-24", "2019-12-24", "2020-12-24"],
    ]);
    expect(early.filter((day) => day.includes("-11-"))).toHaveLength(2023 - 1993 + 1);
    for (const full of ["2008-12-26", "2014-12-26", "2025-12-26", "2002-07-03", "1996-07-03"]) {
      expect(closeMinutes(sessionDate(full))).toBe(960);
    }
  });

  it("holidayOn() knows the closures that no yearly rule gives", () => {
    expect(holidayOn(sessionDate("1994-04-27"))).toMatch(/Nixon/);
    for (const day of ["2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14"]) {
      expect(holidayOn(sessionDate(day))).toMatch(/World Trade Center/);
    }
    expect(holidayOn(sessionDate("2004-06-11"))).toMatch(/Reagan/);
    expect(holidayOn(sessionDate("2007-01-02"))).toMatch(/Ford/);
    expect(holidayOn(sessionDate("2012-10-30"))).toMatch(/Sandy/);
    expect(holidayOn(sessionDate("2018-12-05"))).toMatch(/Bush/);
    expect(holidayOn(sessionDate("2025-01-09"))).toMatch(/Carter/);
  });

  it("isSession() drops a New Year's Day on a Saturday and starts holidays in their first year", () => {
    for (const open of ["1993-12-31", "1999-12-31", "2004-12-31", "2010-12-31", "2021-12-31", "2027-12-31"]) {
      expect(isSession(sessionDate(open))).toBe(true);
    }
    expect(isSession(sessionDate("1997-01-20"))).toBe(true); // Martin Luther King, Jr. Day, not yet kept
    expect(isSession(sessionDate("1998-01-19"))).toBe(false);
    expect(isSession(sessionDate("2021-06-18"))).toBe(true); // Juneteenth, not yet kept
    expect(isSession(sessionDate("2022-06-20"))).toBe(false);
  });

  it("isSession() is false on Sunday 2024-01-14 and on the holiday after it", () => {
    expect(isSession(sessionDate("2024-01-14"))).toBe(false);
    expect(isSession(sessionDate("2024-01-15"))).toBe(false);
    expect(Array.from(nextSessions(sessionDate("2024-01-12"), 2), isoDate)).toEqual([
      "2024-01-16",
      "2024-01-17",
    ]);
  });

  it("every weekday to 2030 is a session or has a name, and no weekend is either", () => {
    for (let day: number = CALENDAR_FIRST; day <= CALENDAR_LAST; day++) {
      const weekend = [0, 6].includes((day + 4) % 7);
      expect(Number(isSession(day)) + Number(holidayOn(day) !== undefined)).toBe(weekend ? 0 : 1);
    }
  });

  it("nextSessions(), previousSession() and lastSessionOnOrBefore() walk the same sessions", () => {
    const sessions = sessionsBetween(sessionDate("2001-08-01"), sessionDate("2001-10-31"));
    const before = previousSession(sessions[0]!);
    expect(nextSessions(before, sessions.length)).toEqual(sessions);
    for (let i = 1; i < sessions.length; i++) {
      expect(previousSession(sessions[i]!)).toBe(sessions[i - 1]);
      expect(lastSessionOnOrBefore(sessions[i]! - 1)).toBe(sessions[i - 1]);
      expect(lastSessionOnOrBefore(sessions[i]!)).toBe(sessions[i]);
    }
    expect(nextSessions(sessionDate("2001-09-10"), 0)).toHaveLength(0);
    expect(isoDate(nextSessions(sessionDate("2001-09-10"), 1)[0]!)).toBe("2001-09-17");
  });

  it("sessionsBetween() hands out copies, and an interval without sessions is empty", () => {
    const [first, last] = [sessionDate("2024-01-02"), sessionDate("2024-01-05")];
    sessionsBetween(first, last).fill(0);
    expect(Array.from(sessionsBetween(first, last), isoDate)).toEqual([
      ...["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"],
    ]);
    expect(sessionsBetween(sessionDate("2024-01-13"), sessionDate("2024-01-15"))).toHaveLength(0);
    expect(sessionsBetween(last, first)).toHaveLength(0);
    expect(sessionsBetween(CALENDAR_LAST, CALENDAR_LAST)).toHaveLength(1);
  });

  it("missingSessions() finds a planted gap", () => {
    const [first, last] = [sessionDate("2012-10-22"), sessionDate("2012-11-02")];
    const have = sessionsBetween(first, last).filter((day) => day !== sessionDate("2012-10-31"));
    expect(Array.from(missingSessions(have, first, last), isoDate)).toEqual(["2012-10-31"]);
    expect(missingSessions(new Int32Array(), first, last)).toEqual(sessionsBetween(first, last));
  });

  it("refuses days it does not cover, saying what it covers", () => {
    const early = sessionDate("1992-12-31");
    const late = sessionDate("2031-01-02");
    expect(isWithinCalendar(early)).toBe(false);
    expect(isWithinCalendar(late)).toBe(false);
    expect(isWithinCalendar(sessionDate("2024-02-29"))).toBe(true);
    const message =
      "Cannot tell sessions: the NYSE calendar covers 1993-01-01 to 2030-12-31, current value is 2031-01-02";
    expect(() => isSession(late)).toThrow(new RangeError(message));
    expect(() => sessionsBetween(early, CALENDAR_LAST)).toThrow(RangeError);
    expect(() => isSession(Number.NaN)).toThrow(/current value is NaN/);
    expect(() => isSession(19_000.5)).toThrow(RangeError);
    expect(() => nextSessions(sessionDate("2030-12-20"), 30)).toThrow(/ends on 2030-12-31/);
    expect(() => previousSession(sessionDate("1993-01-04"))).toThrow(/starts on 1993-01-01/);
    expect(() => closeMinutes(sessionDate("2024-01-15"))).toThrow(
      /not a session \(Martin Luther King, Jr. Day\)/,
    );
    expect(() => closeMinutes(sessionDate("2024-01-14"))).toThrow(/not a session \(weekend\)/);
  });
});

function weekdays(year: number): number[] {
  const days: number[] = [];
  for (let day: number = sessionDate(`${year}-01-01`); day <= sessionDate(`${year}-12-31`); day++) {
    if (![0, 6].includes((day + 4) % 7)) days.push(day);
  }
  return days;
}
