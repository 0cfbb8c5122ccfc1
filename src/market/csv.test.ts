import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {sessionsBetween} from "../calendar/sessions.ts";
import {isoDate, sessionDate} from "../units.ts";
import {type Bar, toBars} from "./bars.ts";
import {checkBars} from "./checkBars.ts";
import {csvProvider} from "./csv.ts";

const HEADER = "symbol,date,open,high,low,close,adj_close,volume";
const SPY = "SPY,2024-03-27,520.5,523.2,519.4,523.17,515.02,82999800";
const TLT = "TLT,2024-03-27,94,95,93,94.5,91.2,4000";
const asOf = sessionDate("2024-03-28");
const now = "2024-03-29T12:00:00Z";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volbook-csv-"));
});
afterEach(() => rm(folder, {recursive: true}));

const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
const read = (...symbols: string[]) => csvProvider({folder}).fetch({symbols, asOf, now});

describe("csvProvider()", () => {
  it("goes by the symbol column, over plain and compressed files of any name", async () => {
    await put("anything.csv", [HEADER, SPY, SPY.replace("SPY", "AAPL")].join("\n"));
    await put("b.CSV.GZ", gzipSync(`${HEADER}\n${TLT}\n`));
    await put("notes.txt", "not read");
    await put("._anything.csv", "what macOS leaves behind");
    await mkdir(join(folder, "older"));
    const {bars, quarantined, notes} = await read("SPY", "TLT");
    expect(bars.map(({symbol, close}) => [symbol, close])).toEqual([
      ["SPY", 523.17],
      ["TLT", 94.5],
    ]);
    expect([quarantined, notes]).toEqual([[], []]);
  });

  it("leaves out what is dated after the as-of day, good or bad", async () => {
    const later = SPY.replace("2024-03-27", "2024-04-01");
    const onTheDay = SPY.replace("2024-03-27", "2024-03-28");
    await put("a.csv", [HEADER, SPY, onTheDay, later, later.replace("520.5", "abc")].join("\n"));
    const nextWeek = "2024-04-05T12:00:00Z";
    const {bars, quarantined, notes} = await csvProvider({folder}).fetch({
      symbols: ["SPY"],
      asOf,
      now: nextWeek,
    });
    expect(bars).toHaveLength(2);
    expect(quarantined).toEqual([]);
    expect(notes).toEqual(["1 bars dated after 2024-03-28 left out"]);
  });

  it("hands over a day that has not been, for the checks to refuse", async () => {
    await put("a.csv", [HEADER, SPY, SPY.replace("2024-03-27", "2031-04-01")].join("\n"));
    const {bars, notes} = await read("SPY");
    expect(bars).toHaveLength(2);
    expect(notes).toEqual([]);
  });

  it("quarantines a malformed row and reads the others", async () => {
    await put("a.csv", [HEADER, SPY, "SPY,2024-03-28,abc,1,1,1,1,1"].join("\n"));
    const {bars, quarantined} = await read("SPY");
    expect(bars).toHaveLength(1);
    expect(quarantined.map(({reason}) => reason)).toEqual(['a.csv:3: open is "abc", not a number']);
  });

  it("names a missing folder and the variable that sets it", async () => {
    await expect(csvProvider({folder: "no/such"}).fetch({symbols: ["SPY"], asOf, now})).rejects.toThrow(
      'Cannot read bars from the folder "no/such": ENOENT; set CSV_DIR to a folder that holds CSV files',
    );
  });

  it("names a folder without CSV files", async () => {
    await put("notes.txt", "");
    await expect(read("SPY")).rejects.toThrow(
      /none of its 1 entries is a \.csv or \.csv\.gz file; set CSV_DIR/,
    );
  });

  it("names a symbol that no file has, and those there are", async () => {
    await put("a.csv", `${HEADER}\n${SPY}`);
    await put("b.csv", `${HEADER}\n${TLT}`);
    await expect(read("SPY", "^VIX3M")).rejects.toThrow(
      /^Cannot read \^VIX3M: no row in ".*" has that symbol \(found: SPY, TLT\); add a file with it/,
    );
  });

  it("names a symbol of which no row can be read", async () => {
    await put("a.csv", [HEADER, "SPY,27.03.2024,1,1,1,1,1,1", "SPY,28.03.2024,1,1,1,1,1,1"].join("\n"));
    await expect(read("SPY")).rejects.toThrow(
      /none of its 2 rows is a bar, the first because a\.csv:2: date is "27/,
    );
  });

  it("names a file without the columns, wanted or not", async () => {
    await put("a.csv", `${HEADER}\n${SPY}`);
    await put("prices.csv", "Date,Close\n2024-03-27,1");
    await expect(read("SPY")).rejects.toThrow("Cannot read prices.csv: the header lacks symbol, open, high");
  });

  it.each([
    ["no gzip at all", Buffer.from(`${HEADER}\n${SPY}`)],
    ["cut off", gzipSync(`${HEADER}\n${SPY}`).subarray(0, 40)],
  ])("names a compressed file that is %s", async (_, content) => {
    await put("a.csv.gz", content);
    await expect(read("SPY")).rejects.toThrow(
      /^Cannot read a\.csv\.gz: .+; compress the file again or put the plain/,
    );
  });

  it("names a file it may not read as one", async () => {
    await mkdir(join(folder, "SPY.csv"));
    await expect(read("SPY")).rejects.toThrow(/^Cannot read SPY\.csv: EISDIR.*; make it readable/);
  });
});

const market = fileURLToPath(new URL("../../../shared/market", import.meta.url));
const vendors = fileURLToPath(new URL("../../../shared/vendors", import.meta.url));
const universe = ["SPY", "^VIX", "^VIX3M", "TLT", "HYG"];
const lastClosed = sessionDate("2023-12-29");

describe("real bars", () => {
  const readReal = (dir: string, symbols: string[]) => csvProvider({folder: dir}).fetch({symbols, asOf, now});

  it.skipIf(!existsSync(market))(
    "of the universe are all kept: every session of SPY, in under 3 s",
    async () => {
      const start = performance.now();
      const answer = await readReal(market, universe);
      const checked = checkBars(answer.bars, {lastClosed});
      expect(performance.now() - start).toBeLessThan(3000); // 0.4 s on an idle machine
      expect([answer.quarantined, checked.quarantined, checked.repaired, checked.collapsed]).toEqual([
        [],
        [],
        [],
        0,
      ]);
      expect(checked.accepted).toHaveLength(answer.bars.length);
      const spy = toBars("SPY", checked.accepted);
      expect([...spy.sessions]).toEqual([...sessionsBetween(sessionDate("1993-01-29"), lastClosed)]);
    },
  );

  it.skipIf(!existsSync(market))(
    "of other assets lose one whose high is below its low, and quotes of the euro that no other day bears out",
    async () => {
      const {bars} = await readReal(market, [
        "AAPL",
        "CL=F",
        "GC=F",
        "EURUSD=X",
        "^BVSP",
        "^GSPC",
        "USO",
        "XOM",
      ]);
      const {accepted, quarantined} = checkBars(bars, {lastClosed});
      expect(quarantined.map(({bar}) => `${bar.symbol} ${isoDate(bar.session)}`)).toEqual([
        "GC=F 2009-11-23",
        ...[
          "2008-01-08",
          "2008-02-08",
          "2008-03-17",
          "2008-09-08",
          "2008-10-08",
          "2008-12-08",
          "2012-01-27",
        ].map((day) => `EURUSD=X ${day}`),
      ]);
      expect(accepted.find(closesBelowZero)).toMatchObject({
        symbol: "CL=F",
        session: sessionDate("2020-04-20"),
      });
    },
  );

  it.skipIf(!existsSync(vendors))(
    "of CBOE's VIX lose the holidays and 47 opens, but no session",
    async () => {
      const {bars} = await readReal(vendors, ["^VIX"]);
      const {accepted, quarantined, repaired} = checkBars(bars, {lastClosed});
      expect(new Set(quarantined.map(({reason}) => reason))).toEqual(
        new Set(["the exchange was closed that day"]),
      );
      expect(quarantined).toHaveLength(13);
      expect(repaired).toHaveLength(47);
      expect(accepted).toHaveLength(bars.length - 13);
    },
  );
});

function closesBelowZero(bar: Bar): boolean {
  return bar.close < 0;
}
