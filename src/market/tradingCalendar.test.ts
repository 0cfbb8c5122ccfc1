import {describe, expect, it} from "vitest";
import {isoDate, sessionDate} from "../units.ts";
import {isTradingDay, lastFinalDay, tradingCalendar} from "./tradingCalendar.ts";

describe("tradingCalendar()", () => {
  it("is New York's for shares, funds and indexes of the United States, and the symbol's own otherwise", () => {
    for (const symbol of ["SPY", "AAPL", "BRK-B", "^VIX", "^GSPC"])
      expect(tradingCalendar(symbol)).toBe("XNYS");
    for (const symbol of ["^BVSP", "PETR4.SA", "EURUSD=X", "CL=F", "BTC-USD", "^N225"])
      expect(tradingCalendar(symbol)).toBe("own");
  });
});

describe("isTradingDay()", () => {
  it("knows New York's holidays, and refuses no day of another exchange or of years it does not know", () => {
    const thanksgiving = sessionDate("2023-11-23");
    expect(isTradingDay(thanksgiving, "XNYS")).toBe(false);
    expect(isTradingDay(thanksgiving, "own")).toBe(true);
    expect(isTradingDay(sessionDate("1980-12-25"), "XNYS")).toBe(true);
  });
});

describe("lastFinalDay()", () => {
  it.each([
    ["XNYS", "2023-11-22T20:59:00Z", "2023-11-21"],
    ["XNYS", "2023-11-22T21:00:00Z", "2023-11-22"],
    ["XNYS", "2023-11-24T12:00:00Z", "2023-11-22"], // after a holiday
    ["own", "2023-11-23T23:59:59Z", "2023-11-22"],
    ["own", "2023-11-24T00:00:00Z", "2023-11-23"], // New York's holiday is a session elsewhere
    ["own", "2023-11-23T22:30:00-03:00", "2023-11-23"],
  ] as const)("%s at %s is %s", (calendar, now, day) => {
    expect(isoDate(lastFinalDay(calendar, now))).toBe(day);
  });
});
