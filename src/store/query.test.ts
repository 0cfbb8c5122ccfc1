import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openLake} from "./lake.ts";
import {type LakeFolder, openLakeFolder} from "./lakeFolder.ts";
import {localDirectory} from "./localDirectory.ts";
import {query} from "./query.ts";

let folder: string;
let lake: LakeFolder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "volbook-query-"));
  await writeBars("csv", "2024-01-03T12:00:00Z");
  await writeBars("sample", "2024-01-02T12:00:00Z");
  lake = openLakeFolder(folder, "csv");
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** A lake of two bars of which one has no open, and of a run. */
async function writeBars(source: string, committedAt: string): Promise<void> {
  const {append, store} = openLake({store: localDirectory(join(folder, source))});
  const prices = Object.fromEntries(
    ["high", "low", "close", "adj_close"].map((name) => [name, Float64Array.of(101, 102)]),
  );
  const columns = {
    symbol: ["SPY", "SPY"],
    date: Int32Array.of(19_724, 19_725),
    open: Float64Array.of(100.5, Number.NaN),
    ...prices,
    volume: Float64Array.of(3e9, 4e9),
    source: [source, source],
    ingested_at: new Float64Array(2).fill(Date.parse(committedAt)),
    schema_version: Int32Array.of(1, 1),
  };
  await append("raw.market", {rows: 2, columns}, {committedAt, run: "r", inputs: {}});
  const run = committedAt.replaceAll(/[-:]/g, "");
  await store.replace(`runs/${run}.json`, new TextEncoder().encode("{}\n"));
}

describe("query()", () => {
  it("gives numbers whatever their width, ISO texts for days and times, NaN for a number's NULL", async () => {
    const [first, second] = await query(
      lake,
      `SELECT date, open, volume, count(*) OVER () AS rows, sum(volume) OVER () AS shares, 1.25::DECIMAL(5, 2) AS share,
         ingested_at, [symbol] AS symbols, NULL::VARCHAR AS nothing, open IS NULL AS missing
       FROM raw.market ORDER BY date`,
    );
    expect(first).toEqual({
      date: "2024-01-02",
      open: 100.5,
      volume: 3e9,
      rows: 2,
      shares: 7e9,
      share: 1.25,
      ingested_at: "2024-01-03T12:00:00Z",
      symbols: ["SPY"],
      nothing: null,
      missing: false,
    });
    expect([second?.open, second?.missing]).toEqual([Number.NaN, true]);
  });

  it("finds no rows in a dataset that was never written, rather than no dataset", async () => {
    expect(await query(lake, "SELECT reason, open FROM quarantine")).toEqual([]);
    expect(await query(lake, "SELECT count(*) AS n FROM predictions_daily")).toEqual([{n: 0}]);
  });

  it.each([
    ["DROP VIEW raw.market", "it must be a SELECT, it is DROP"],
    ["COPY (SELECT 1) TO '/tmp/volbook-never.csv'", "it must be a SELECT, it is COPY"],
    ["SELECT 1; SELECT 2", "Cannot prepare multiple statements at once"],
    ["FROM features", "The lake has raw.market, curated.market_daily, quarantine, features_daily"],
    ["SELECT 99999999999999999::HUGEINT AS n", "has more digits than a number holds"],
  ])("refuses %s in words", async (sql, words) => {
    await expect(query(lake, sql)).rejects.toThrow(words);
  });
});

describe("openLakeFolder()", () => {
  it('takes the source named, and for "auto" the one that ran last', () => {
    expect(openLakeFolder(folder, "sample").source).toBe("sample");
    expect(openLakeFolder(folder)).toMatchObject({source: "csv", folder: join(folder, "csv")});
  });

  it("says which lakes there are where the one named is not", () => {
    expect(() => openLakeFolder(folder, "yahoo")).toThrow(
      `Cannot open the lake of yahoo in ${folder}: it has csv, sample. Run "make report SOURCE=yahoo"`,
    );
    expect(() => openLakeFolder(join(folder, "none"))).toThrow('it has none. Run "make report"');
  });

  it("reads, a damaged snapshot from its commits, and refuses to write", async () => {
    expect((await lake.read("raw.market")).rows).toBe(2);
    expect((await lake.readVintage("raw.market", "2024-01-03T12:00:00Z")).rows).toBe(2);
    await expect(lake.store.replace("x", new Uint8Array())).rejects.toThrow("was opened for reading");
    const snapshot = join(folder, "sample/snapshots/raw.market.parquet");
    writeFileSync(snapshot, "damaged");
    expect((await openLakeFolder(folder, "sample").read("raw.market")).rows).toBe(2);
    expect(readFileSync(snapshot, "utf8")).toBe("damaged");
  });
});
