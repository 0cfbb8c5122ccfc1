import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {datasets} from "../store/datasets.ts";
import {openLake} from "../store/lake.ts";
import {localDirectory} from "../store/localDirectory.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {integers, numbers, type Table} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";
import {appendForecasts, type LiveForecast, newestRecord, readLedger, requirePublished} from "./ledger.ts";
import {ledgerTable, recordsOfTable, verifyLedger} from "./ledgerTable.ts";

const contract = datasets.find(({dataset}) => dataset === "live_ledger")!;
const DAYS = ["2024-01-02", "2024-01-03", "2024-01-04"].map(sessionDate);
const LABELS: Table = {
  rows: 3,
  columns: {
    date: Int32Array.from(DAYS),
    rv_1d: Float64Array.of(0.01, 0.02, Number.NaN),
    rv_5d: Float64Array.of(0.03, Number.NaN, Number.NaN),
  },
};

let root: string;
let store: ObjectStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "volbook-ledger-"));
  store = localDirectory(root);
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const forecasts = (scale = 1): LiveForecast[] =>
  [5, 1].map((horizon) => ({
    horizon,
    model: "selected",
    model_version: `v${horizon}`,
    rv_hat: scale * 0.01 * horizon,
    var_hat: (scale * 0.011 * horizon) ** 2,
    lo: horizon === 1 ? null : 0.01,
    hi: horizon === 1 ? null : 0.2,
    coverage: horizon === 1 ? null : 0.9,
  }));
const say = (day: number, scale = 1) => {
  const createdAt = new Date((day + 1) * 86_400_000).toISOString();
  return appendForecasts(store, {day, forecasts: forecasts(scale)}, {createdAt, run: "r"});
};
async function three(): Promise<void> {
  for (const day of DAYS) await say(day);
}
const tableNow = async () => ledgerTable(contract, {records: await readLedger(store), labels: LABELS});

describe("appendForecasts()", () => {
  it("records a session once: the same forecasts again add nothing", async () => {
    await three();
    expect(await say(DAYS[2]!)).toBeUndefined();
    expect(await newestRecord(store)).toBe(3);
    const records = await readLedger(store);
    expect(records.map(({date, supersedes}) => [date, supersedes])).toEqual(
      DAYS.map((day) => [isoDate(day), null]),
    );
    expect(records[0]!.forecasts.map(({horizon}) => horizon)).toEqual([1, 5]);
    expect(records[0]!.created_at).toBe("2024-01-03T00:00:00.000Z");
  });

  it("records a revised forecast as a new record that names the one it comes after", async () => {
    await three();
    await say(DAYS[2]!, 1.1);
    await say(DAYS[2]!, 1.2);
    expect((await readLedger(store)).map(({supersedes}) => supersedes)).toEqual([null, null, null, 3, 4]);
  });
});

describe("ledgerTable()", () => {
  it("has every forecast with its outcome once that is known, and scores the first of a session on variance", async () => {
    await say(DAYS[0]!);
    await say(DAYS[0]!, 2);
    await say(DAYS[1]!);
    const table = await tableNow();
    const rows = Array.from({length: table.rows}, (_, row) => ({
      date: isoDate(integers(table, "date")[row]!),
      horizon: integers(table, "horizon")[row],
      sequence: integers(table, "sequence")[row],
      outcome: numbers(table, "outcome")[row],
      qlike: numbers(table, "qlike")[row],
    }));
    const ratio = 0.01 ** 2 / 0.011 ** 2;
    expect(rows.map(({date, horizon, sequence, outcome}) => [date, horizon, sequence, outcome])).toEqual([
      ["2024-01-02", 1, 1, 0.01],
      ["2024-01-02", 1, 2, 0.01],
      ["2024-01-02", 5, 1, 0.03],
      ["2024-01-02", 5, 2, 0.03],
      ["2024-01-03", 1, 3, 0.02],
      ["2024-01-03", 5, 3, Number.NaN],
    ]);
    expect(rows[0]!.qlike).toBeCloseTo(ratio - Math.log(ratio) - 1, 14);
    expect(rows[1]!.qlike).toBeNaN();
    expect(rows[5]!.qlike).toBeNaN();
  });

  it("says enough, through Parquet, for its rows to give the records and their hashes back", async () => {
    await three();
    await say(DAYS[2]!, 1.1);
    const lake = openLake({store});
    await lake.append("live_ledger", await tableNow(), {
      committedAt: "2024-01-06T00:00:00Z",
      run: "r",
      inputs: {},
    });
    const read = await lake.read("live_ledger");
    expect(recordsOfTable(read)).toEqual(await readLedger(store));
    expect(verifyLedger(read)).toEqual([]);
  });
});

describe("verifyLedger()", () => {
  const edited = (table: Table, name: string, row: number, value: number): Table => {
    const values = Float64Array.from(numbers(table, name));
    values[row] = value;
    return {rows: table.rows, columns: {...table.columns, [name]: values}};
  };
  const without = (table: Table, gone: number): Table => ({
    rows: table.rows - 1,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([name, values]) => [
        name,
        (values as Float64Array).filter((_, row) => row !== gone),
      ]),
    ),
  });

  it.each([
    ["rv_hat", 3, 0.06, "live_ledger/2024-01-03/5: rv_hat is 0.06, record 2 says 0.05"],
    ["lo", 1, 0.02, "live_ledger/2024-01-02/5: lo is 0.02, record 1 says 0.01"],
    [
      "made_at",
      0,
      0,
      "live_ledger/2024-01-02: created_at is 1970-01-01T00:00:00.000Z, record 1 says 2024-01-03",
    ],
  ])("names the row whose %s was edited", async (name, row, value, message) => {
    await three();
    const table = edited(await tableNow(), name, row, value);
    const records = await readLedger(store);
    expect(verifyLedger(table, records)[0]).toContain(message);
    expect(verifyLedger(table)).toEqual([
      expect.stringMatching(/^live_ledger\/2024-01-0\d: a row was changed$/),
    ]);
  });

  it("names a row that was removed, with the records at hand or without", async () => {
    await three();
    const records = await readLedger(store);
    const table = without(await tableNow(), 3);
    expect(verifyLedger(table, records)).toEqual(["live_ledger/2024-01-03/5: the row is missing"]);
    expect(verifyLedger(table)).toEqual(["live_ledger/2024-01-03: a row was changed"]);
    const day = without(table, 2);
    expect(verifyLedger(day)[0]).toBe("live_ledger/2024-01-04: the rows of record 2, before it, are missing");
    const last = without(without(await tableNow(), 5), 4);
    expect(verifyLedger(last, records)).toEqual(["live_ledger/2024-01-04: its rows are missing"]);
  });

  it("does not take an outcome for a part of the forecast: it comes later", async () => {
    await three();
    expect(verifyLedger(edited(await tableNow(), "outcome", 0, 0.5), await readLedger(store))).toEqual([]);
  });
});

describe("readLedger()", () => {
  it("names a record that was edited", async () => {
    await three();
    const file = join(root, "ledger/00000002.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"rv_hat":0.05', '"rv_hat":0.04'));
    await expect(readLedger(store)).rejects.toThrow("Cannot trust ledger: record 2 was changed");
    await expect(say(DAYS[2]! + 1)).rejects.toThrow("record 2 was changed");
  });

  it("with what was published shows that the newest record was removed", async () => {
    await three();
    const published = recordsOfTable(await tableNow());
    rmSync(join(root, "ledger/00000003.json"));
    expect(await readLedger(store)).toHaveLength(2);
    const records = await readLedger(store);
    expect(() => requirePublished(records, published)).toThrow("record 3 is missing, which was published");
    await say(DAYS[2]!, 5); // another in its place
    const others = await readLedger(store);
    expect(() => requirePublished(others, published)).toThrow("record 3 is not the one that was published");
  });
});
