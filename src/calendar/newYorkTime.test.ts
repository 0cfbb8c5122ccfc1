import {describe, expect, it} from "vitest";
import {isoDate} from "../units.ts";
import {epochMilliseconds, newYorkTime} from "./newYorkTime.ts";

const HOUR = 3_600_000;
const FORMAT = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

describe("newYorkTime", () => {
  it("newYorkTime() agrees with Intl at every hour that can end or start daylight saving time, 1967-2037", () => {
    for (let year = 1967; year <= 2037; year++) {
      for (const month of [1, 2, 3, 4, 10, 11]) {
        const first = epochMilliseconds(`${year}-${String(month).padStart(2, "0")}-01T00:00:00Z`);
        for (let hour = 5; hour < 24 * 31; hour += hour % 24 === 8 ? 21 : 1) {
          for (const instant of [first + hour * HOUR, first + hour * HOUR - 1]) {
            expect(written(instant)).toBe(intl(instant));
          }
        }
      }
    }
  });

  it("newYorkTime() jumps over 02:00 in March and repeats 01:00 in November", () => {
    expect(written(epochMilliseconds("2024-03-10T06:59:59.999Z"))).toBe("2024-03-10 01:59");
    expect(written(epochMilliseconds("2024-03-10T07:00Z"))).toBe("2024-03-10 03:00");
    expect(written(epochMilliseconds("2024-11-03T05:59Z"))).toBe("2024-11-03 01:59");
    expect(written(epochMilliseconds("2024-11-03T06:00Z"))).toBe("2024-11-03 01:00");
    expect(written(epochMilliseconds("2006-04-02T07:00Z"))).toBe("2006-04-02 03:00"); // until 2006 in April
    expect(written(epochMilliseconds("2007-04-02T03:59Z"))).toBe("2007-04-01 23:59");
  });

  it("epochMilliseconds() agrees with Date on zones, fractions and leap days", () => {
    for (const text of [
      "2024-02-29T23:59:59.123Z",
      "2024-03-28T16:00:00-04:00",
      "1969-12-31T23:59:59.5+05:30",
      "2030-12-31T00:00Z",
    ]) {
      expect(epochMilliseconds(text)).toBe(Date.parse(text));
    }
  });

  it("epochMilliseconds() refuses a time without a zone, and times and days that do not exist", () => {
    for (const text of [
      "2024-03-28",
      "2024-03-28T16:00:00",
      "2024-02-30T16:00:00Z",
      "2024-03-28T24:00:00Z",
      "2024-03-28T16:61:00Z",
      "now",
      "",
    ]) {
      expect(() => epochMilliseconds(text)).toThrow(SyntaxError);
    }
    expect(() => newYorkTime("2024-03-28T16:00:00")).toThrow(/write it with its zone/);
  });

  it("newYorkTime() refuses what it cannot know", () => {
    expect(() => newYorkTime("1966-12-31T23:00Z")).toThrow(/known from 1967, current value is 1966-12-31/);
    expect(() => newYorkTime(Number.NaN)).toThrow(RangeError);
    expect(() => newYorkTime(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

function written(instant: number): string {
  const {day, minutes} = newYorkTime(instant);
  const hour = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${isoDate(day)} ${hour}:${String(minutes % 60).padStart(2, "0")}`;
}

function intl(instant: number): string {
  return FORMAT.format(instant).replace(", ", " ");
}
