import {describe, expect, it} from "vitest";
import {isoDate} from "../units.ts";
import {lastClosedSession} from "./lastClosedSession.ts";

describe("lastClosedSession", () => {
  it.each([
    ["2024-01-12T20:59:59Z", "2024-01-11", "one second before the close, in winter"],
    ["2024-01-12T21:00:00Z", "2024-01-12", "at the close"],
    ["2024-07-02T20:00:00Z", "2024-07-02", "at the close, in summer"],
    ["2024-07-03T16:59:59Z", "2024-07-02", "before 13:00 on a half day"],
    ["2024-07-03T17:00:00Z", "2024-07-03", "at 13:00 on a half day"],
    ["2024-01-15T23:00:00Z", "2024-01-12", "on a holiday after a weekend"],
    [
      "2024-03-11T00:30:00Z",
      "2024-03-08",
      "on the Sunday daylight saving time starts, Monday already in UTC",
    ],
    ["2001-09-16T12:00:00Z", "2001-09-10", "while the exchange stayed closed"],
    ["2024-07-03T13:00:00-04:00", "2024-07-03", "with New York's own offset"],
    ["2030-12-31T21:00:00Z", "2030-12-31", "at the calendar's end"],
  ])("lastClosedSession(%s) is %s: %s", (now, session) => {
    expect(isoDate(lastClosedSession(now))).toBe(session);
  });

  it("lastClosedSession() takes milliseconds, and refuses a clock outside the calendar", () => {
    expect(isoDate(lastClosedSession(Date.parse("2024-01-12T21:00:00Z")))).toBe("2024-01-12");
    expect(() => lastClosedSession("2031-01-01T05:00:00Z")).toThrow(/covers 1993-01-01 to 2030-12-31/);
    expect(() => lastClosedSession("1993-01-02T12:00:00Z")).toThrow(RangeError);
  });
});
