import {expect, it} from "vitest";
import {sessionsBetween} from "../../calendar/sessions.ts";
import {isoDate, sessionDate} from "../../units.ts";
import {monthlyExDay, quarterlyExDay} from "./dividends.ts";

it("quarterlyExDay() falls on SPY's own ex-dividend days, before Good Friday too", () => {
  const days = (year: number) =>
    Array.from(
      sessionsBetween(sessionDate(`${year}-01-01`), sessionDate(`${year}-12-31`)).filter(quarterlyExDay),
      isoDate,
    );
  expect(days(2023)).toEqual(["2023-03-17", "2023-06-16", "2023-09-15", "2023-12-15"]);
  expect(days(2008)[0]).toBe("2008-03-20"); // 2008-03-21 was Good Friday
});

it("monthlyExDay() is the first session of a month", () => {
  expect(monthlyExDay(sessionDate("2024-01-02"), sessionDate("2023-12-29"))).toBe(true);
  expect(monthlyExDay(sessionDate("2024-01-03"), sessionDate("2024-01-02"))).toBe(false);
});
