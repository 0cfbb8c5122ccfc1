// Whatever a file or a vendor sends: bars that are possible, rows with a reason, or an error that says which.
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {isoDate, sessionDate} from "../units.ts";
import type {Bar} from "./bars.ts";
import {checkBars} from "./checkBars.ts";
import {parseCsvBars} from "./csvBars.ts";
import {exceeds} from "./rounding.ts";
import {chartBars} from "./yahooChart.ts";
import {YahooFailure} from "./yahooRequest.ts";

const SEED = 19_930_129;
const HEADER = "symbol,date,open,high,low,close,adj_close,volume";
const LAST = sessionDate("2023-12-29");
const symbols = new Set(["SPY", "^VIX", "TLT"]);

const price = fc.double({min: 0.5, max: 5000, noNaN: true});
const day = fc.integer({min: sessionDate("1993-01-29"), max: LAST});
const odd = fc.oneof(
  fc.constantFrom(
    "",
    "null",
    "nan",
    "1e999",
    "-1",
    "0",
    "1,234",
    '"',
    "'",
    "=1+1",
    "٣",
    "12.3.4",
    "\u0000",
    "1e-400",
  ),
  fc.string(),
  fc.double().map(String),
);
const cell = (value: fc.Arbitrary<string>) => fc.oneof({weight: 12, arbitrary: value}, odd);
const row = fc
  .tuple(
    cell(fc.constantFrom("SPY", "^VIX", "TLT", "QQQ")),
    cell(day.map(isoDate)),
    cell(price.map(String)),
    cell(price.map(String)),
    cell(price.map(String)),
    cell(price.map(String)),
    cell(price.map(String)),
    cell(fc.nat(10 ** 9).map(String)),
  )
  .map((cells) => cells.join(","));
const text = fc.oneof(
  {weight: 12, arbitrary: fc.array(row, {maxLength: 8}).map((rows) => [HEADER, ...rows].join("\n"))},
  fc.array(row, {maxLength: 4}).map((rows) => `\uFEFF${[HEADER.toUpperCase(), ...rows].join("\r\n")}`),
  fc.array(row, {maxLength: 4}).map((rows) => rows.join("\r")),
  fc.string(),
  fc.string({unit: "binary"}),
);

/** What every later stage relies on. */
function requirePossible(bars: readonly Bar[]): void {
  for (const {session, high, low, close, adjClose} of bars) {
    expect(Number.isInteger(session) && session <= LAST).toBe(true);
    expect(close > 0 && adjClose > 0 && Number.isFinite(close + adjClose)).toBe(true);
    expect(exceeds(low, high)).toBe(false);
  }
}

describe("parseCsvBars() under 3,000 texts", () => {
  it("gives bars and rows with a reason, or an error that names the file; only possible bars pass checkBars()", () => {
    let read = 0;
    fc.assert(
      fc.property(text, (csv) => {
        let found: ReturnType<typeof parseCsvBars>;
        try {
          found = parseCsvBars(csv, {file: "some.csv", symbols});
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect((error as Error).message).toContain("some.csv");
          return;
        }
        for (const {reason} of found.quarantined) expect(reason).toMatch(/^some\.csv:\d+: ./);
        for (const bar of found.bars) expect(symbols.has(bar.symbol)).toBe(true);
        const {accepted, quarantined, collapsed} = checkBars(found.bars, {lastClosed: LAST});
        expect(accepted.length + quarantined.length + collapsed).toBe(found.bars.length);
        requirePossible(accepted);
        read += accepted.length;
      }),
      {numRuns: 3000, seed: SEED},
    );
    expect(read).toBeGreaterThan(100);
  });

  it("loses no row of a table that is sound, in any order of its columns", () => {
    const names = HEADER.split(",");
    const sound = fc.uniqueArray(fc.tuple(day, price), {selector: ([session]) => session, maxLength: 20});
    const order = fc.shuffledSubarray([...names.keys()], {minLength: names.length});
    fc.assert(
      fc.property(sound, order, (rows, columns) => {
        const lines = rows.map(([session, value]) => {
          const cells = ["SPY", isoDate(session), value, value, value, value, value, 100].map(String);
          return columns.map((j) => cells[j]).join(",");
        });
        const csv = [columns.map((j) => names[j]).join(","), ...lines].join("\n");
        const {bars, quarantined} = parseCsvBars(csv, {file: "x.csv", symbols});
        expect(quarantined).toEqual([]);
        expect(bars.map(({session, close}) => [session, close])).toEqual(rows);
      }),
      {numRuns: 300, seed: SEED},
    );
  });
});

const junk = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(undefined, Number.NaN, "SPY", {}, []));
const number = fc.oneof({weight: 12, arbitrary: fc.oneof(price, fc.constant(null))}, junk);
const column = (length: number) =>
  fc.oneof({weight: 10, arbitrary: fc.array(number, {minLength: length, maxLength: length})}, junk);
const chart = fc.integer({min: 0, max: 6}).chain((length) => {
  const stamp = fc.oneof({weight: 20, arbitrary: fc.integer({min: 7 * 10 ** 8, max: 17 * 10 ** 8})}, junk);
  const part = <T>(value: fc.Arbitrary<T>) =>
    fc.oneof({weight: 14, arbitrary: value as fc.Arbitrary<unknown>}, junk);
  return fc.record(
    {
      meta: part(
        fc.record({
          symbol: part(fc.constant("SPY")),
          dataGranularity: part(fc.constant("1d")),
          exchangeTimezoneName: part(fc.constant("America/New_York")),
          firstTradeDate: part(fc.constant(728_317_800)),
        }),
      ),
      timestamp: part(
        fc
          .array(stamp, {minLength: length, maxLength: length})
          .map((stamps) => [...stamps].sort((a, b) => Number(a) - Number(b))),
      ),
      indicators: part(
        fc.record({
          quote: part(
            fc.tuple(
              fc.record({
                open: column(length),
                high: column(length),
                low: column(length),
                close: column(length),
                volume: column(length),
              }),
            ),
          ),
          adjclose: part(fc.tuple(fc.record({adjclose: column(length)}))),
        }),
      ),
    },
    {requiredKeys: []},
  );
});

describe("chartBars() under 3,000 answers", () => {
  it("gives bars, or says what is wrong with the answer; only possible bars pass checkBars()", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof({weight: 20, arbitrary: chart as fc.Arbitrary<unknown>}, junk), (answer) => {
        let found: ReturnType<typeof chartBars>;
        try {
          found = chartBars(answer, "SPY");
        } catch (error) {
          expect(error).toBeInstanceOf(YahooFailure);
          return;
        }
        const {accepted} = checkBars(found.bars, {lastClosed: LAST, isSession: () => true});
        requirePossible(accepted);
        read += found.bars.length;
      }),
      {numRuns: 3000, seed: SEED},
    );
    expect(read).toBeGreaterThan(10);
  });
});
