import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {sessionDate} from "../units.ts";
import {checkBars} from "./checkBars.ts";
import {parseCsvBars} from "./csvBars.ts";

const HEADER = "symbol,date,open,high,low,close,adj_close,volume";
const ROW = "SPY,2024-03-27,520.5,523.2,519.4,523.17,515.02,82999800";
const BAR = {
  symbol: "SPY",
  session: sessionDate("2024-03-27"),
  open: 520.5,
  high: 523.2,
  low: 519.4,
  close: 523.17,
  adjClose: 515.02,
  volume: 82_999_800,
};

const options = {file: "data.csv", symbols: new Set(["SPY", "^VIX"])};
const parse = (text: string) => parseCsvBars(text, options);

describe("parseCsvBars() reads what people's tools write", () => {
  it.each([
    ["plain", `${HEADER}\n${ROW}\n`],
    ["without a last line end", `${HEADER}\n${ROW}`],
    ["Windows line ends and a byte order mark", `\uFEFF${HEADER}\r\n${ROW}\r\n`],
    ["mixed line ends", `${HEADER}\r\n${ROW}\n`],
    ["old Mac line ends", `${HEADER}\r${ROW}\r`],
    [
      "quotes",
      `${HEADER}\n${ROW.split(",")
        .map((cell) => `"${cell}"`)
        .join(",")}\n`,
    ],
    ["blanks and empty rows", `\n${HEADER}\n\n ${ROW.replaceAll(",", " , ")} \n,,,,,,,\n\n`],
    ["Yahoo's own column names", `Symbol,Date,Open,High,Low,Close,Adj Close,Volume\n${ROW}`],
    ["a volume written as a decimal number", `${HEADER}\n${ROW}.0`],
    [
      "other columns, in another order",
      'date,volume,note,adj_close,close,low,high,open,symbol\n2024-03-27,82999800,"a, b\nc",515.02,523.17,519.4,523.2,520.5,SPY',
    ],
  ])("%s", (_, text) => {
    expect(parse(text)).toEqual({bars: [BAR], quarantined: [], symbols: new Set(["SPY"])});
  });

  it("keeps the wanted symbols of a file that holds several, and names all", () => {
    const {bars, symbols} = parse(
      `${HEADER}\n${ROW}\n${ROW.replace("SPY", "AAPL")}\n${ROW.replace("SPY", "^VIX")}`,
    );
    expect(bars.map(({symbol}) => symbol)).toEqual(["SPY", "^VIX"]);
    expect(symbols).toEqual(new Set(["SPY", "AAPL", "^VIX"]));
  });

  it.each(["", "null", "NaN", "N/A", "nan"])("takes %j for a missing value, never for 0", (cell) => {
    const {bars} = parse(`${HEADER}\nSPY,2024-03-27,520.5,523.2,519.4,523.17,515.02,${cell}`);
    expect(bars[0]!.volume).toBeNaN();
  });
});

describe("parseCsvBars() quarantines a malformed row by file and line", () => {
  it.each([
    [ROW.replace("520.5", "abc"), 'open is "abc", not a number'],
    [ROW.replace("520.5", "0x1F"), 'open is "0x1F", not a number'],
    [ROW.replace("520.5", "Infinity"), 'open is "Infinity", not a number'],
    [ROW.replace("82999800", '"82,999,800"'), 'volume is "82,999,800", not a number'],
    [ROW.replace("2024-03-27", "2024-02-30"), 'date is "2024-02-30", not a real day written YYYY-MM-DD'],
    [ROW.replace("2024-03-27", "27/03/2024"), 'date is "27/03/2024", not a real day written YYYY-MM-DD'],
    [ROW.replace("SPY", ""), "symbol is missing"],
    [`${ROW},1`, "9 cells, the header has 8"],
    ["SPY,2024-03-27,520.5", "3 cells, the header has 8"],
  ])("%s", (row, reason) => {
    const {bars, quarantined} = parse(`${HEADER}\n"SPY","2024-03-26",1,1,1,1,1,1\n\n${row}\n${ROW}`);
    expect(bars).toHaveLength(2);
    expect(quarantined.map((entry) => entry.reason)).toEqual([`data.csv:4: ${reason}`]);
  });

  it("keeps what could be read of it", () => {
    const {quarantined} = parse(`${HEADER}\n${ROW.replace("520.5", "abc")}`);
    expect(quarantined[0]!.bar).toEqual({...BAR, open: Number.NaN});
  });
});

describe("parseCsvBars() refuses a text that is no table of bars", () => {
  it.each([
    ["", "the header lacks symbol, date, open, high, low, close, adj_close, volume (it is empty)"],
    [
      "date,close\n2024-03-27,1",
      'the header lacks symbol, open, high, low, adj_close, volume (its first line is "date,close")',
    ],
    [HEADER.replaceAll(",", ";"), "the header lacks symbol, date"],
    [ROW, "the header lacks symbol"],
    [`${HEADER}\n"${ROW}`, "Quote Not Closed"],
  ])("%j", (text, message) => {
    expect(() => parse(text)).toThrow(SyntaxError);
    expect(() => parse(text)).toThrow(`Cannot read data.csv: ${message}`);
  });
});

describe("parseCsvBars() over arbitrary text", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "SPY",
      "^VIX",
      "2024-03-27",
      "2024-13-01",
      "1",
      "-1",
      "1e999",
      "",
      '"',
      '""',
      "1,2",
      "\0",
      "NaN",
    ),
    fc.double().map(String),
    fc.string({unit: "binary", maxLength: 8}),
  );
  const line = fc.array(cell, {minLength: 1, maxLength: 10}).map((cells) => cells.join(","));
  const text = fc
    .tuple(
      fc.constantFrom(HEADER, `\uFEFF${HEADER}`, ""),
      fc.array(line, {maxLength: 12}),
      fc.constantFrom("\n", "\r\n", "\r"),
    )
    .map(([header, lines, end]) => [header, ...lines].join(end));

  it("throws nothing but its own error, and lets no impossible bar through the check", () => {
    fc.assert(
      fc.property(text, (input) => {
        try {
          const {bars, quarantined} = parse(input);
          for (const {reason} of quarantined) expect(reason).toMatch(/^data\.csv:\d+: ./);
          const {accepted} = checkBars(bars, {lastClosed: sessionDate("2024-03-28")});
          for (const bar of accepted) {
            expect(bar.close).toBeGreaterThan(0);
            expect(bar.session).toBe(sessionDate("2024-03-27"));
            expect(bar.close <= bar.high || Number.isNaN(bar.high)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect((error as Error).message).toMatch(/^Cannot read data\.csv: /);
        }
      }),
      {numRuns: 2000, seed: 2},
    );
  });

  it("gives back every finite bar that was written", () => {
    const price = fc.double({min: 1e-3, max: 1e6, noNaN: true});
    fc.assert(
      fc.property(
        fc.array(fc.tuple(price, price, price, price, price, fc.nat()), {maxLength: 20}),
        (rows) => {
          const lines = rows.map(
            (row, i) => `SPY,2024-03-${String((i % 28) + 1).padStart(2, "0")},${row.join(",")}`,
          );
          const {bars, quarantined} = parse([HEADER, ...lines].join("\n"));
          expect(quarantined).toEqual([]);
          expect(bars.map((b) => [b.open, b.high, b.low, b.close, b.adjClose, b.volume])).toEqual(rows);
        },
      ),
      {numRuns: 100, seed: 3},
    );
  });
});
