// What do thirty years of five datasets cost to write and read, beside one Parquet file each by DuckDB? node bench/lake.ts [--small]
//
// The lake: a file a day and dataset, checked, hashed, synced to the disk, and a snapshot of the whole beside them. DuckDB:
// one file a dataset, not checked, not synced. Both hold the same tables of random numbers.

import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {createRandom} from "../src/random.ts";
import type {Column, Contract} from "../src/store/contract.ts";
import {datasets} from "../src/store/datasets.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {encodeParquet} from "../src/store/parquetWriter.ts";
import {type ColumnValues, type Table, takeRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {finish, type Row, readArguments} from "./report.ts";

const NAMES = ["raw.market", "curated.market_daily", "features_daily", "labels_daily", "predictions_daily"];
const FIRST = sessionDate("1995-01-03");
const {small, json} = readArguments();
const sessions = small ? 60 : 7560; // thirty years of 252
const contracts = NAMES.map((name) => datasets.find(({dataset}) => dataset === name)!);
const tables = contracts.map((contract) => tableOf(contract, sessions));
const older = tables.map((table) =>
  takeRows(
    table,
    Uint32Array.from({length: table.rows - 1}, (_, i) => i),
  ),
);
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const taken = {lake: {} as Record<string, number>, duckdb: {} as Record<string, number>};
let isSame = true;
try {
  await measureLake();
  await measureDuckdb();
} finally {
  rmSync(folder, {recursive: true, force: true});
}
const steps: Readonly<Record<string, string>> = {
  write: `lake: ${sessions} sessions x ${NAMES.length} datasets written, a file a day each, synced`,
  append: "lake: one more day of each",
  read: "lake: all of them read",
  rebuild: "lake: read from the days' files, without the snapshots",
};
const rows: Row[] = Object.entries(steps).map(([step, what]) => ({
  what,
  ours: `${taken.lake[step]!.toFixed(2)} s`,
  ...(taken.duckdb[step] !== undefined && {
    peer: `${taken.duckdb[step].toFixed(2)} s one Parquet file each, DuckDB`,
    ratio: taken.lake[step]! / taken.duckdb[step],
  }),
}));
const same = {what: "lake: rows read are those written", ours: isSame ? "all" : "not all"};
finish(
  {
    rows: [...rows, {...same, goal: "all", met: isSame, correctness: true}],
    notes: [
      "DuckDB writes each whole dataset as one file, neither checked nor synced; a further day means writing it again.",
    ],
  },
  json,
);

async function measureLake(): Promise<void> {
  const store = localDirectory(join(folder, "lake"));
  const lake = openLake({store});
  const append = async (given: readonly Table[], committedAt: string) => {
    for (const [k, name] of NAMES.entries())
      await lake.append(name, given[k]!, {committedAt, run: "bench", inputs: {}});
  };
  await measure("lake", "write", () => append(older, "2024-01-01T00:00:00Z"));
  await measure("lake", "append", () => append(tables, "2024-01-02T00:00:00Z"));
  await measure("lake", "read", () => readAll(lake));
  for (const name of NAMES) await store.remove((await lake.manifest(name))!.snapshot.path);
  await measure("lake", "rebuild", () => readAll(lake));
}

async function readAll(lake: Lake): Promise<void> {
  for (const [k, name] of NAMES.entries()) isSame &&= (await lake.read(name)).rows === tables[k]!.rows;
}

// From Arrow's place in DuckDB's memory, by its own appender: the time of the writing alone is counted.
async function measureDuckdb(): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  const path = (k: number) => join(folder, `${k}.parquet`);
  for (const [k, contract] of contracts.entries()) {
    const snapshot = encodeParquet(contract, tables[k]!);
    writeFileSync(path(k), snapshot);
    await connection.run(`create table t${k} as select * from read_parquet('${path(k)}')`);
  }
  const write = async () => {
    for (const k of NAMES.keys())
      await connection.run(`copy t${k} to '${path(k)}' (format parquet, codec zstd)`);
  };
  await measure("duckdb", "write", write);
  await measure("duckdb", "append", write);
  await measure("duckdb", "read", async () => {
    for (const k of NAMES.keys())
      await (await connection.runAndReadAll(`select * from read_parquet('${path(k)}')`)).getColumns();
  });
  connection.closeSync();
}

async function measure(of: "lake" | "duckdb", step: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  taken[of][step] = (performance.now() - started) / 1000;
}

/** Random numbers that a contract accepts: a row a session. */
function tableOf({columns}: Contract, rows: number): Table {
  const random = createRandom(1);
  const randomValues = ({type, minimum = 0, maximum = 1}: Column): ColumnValues => {
    const draw = () => minimum + (Math.min(maximum, minimum + 1) - minimum) * (0.1 + 0.8 * random.uniform());
    if (type === "DATE") return Int32Array.from({length: rows}, (_, t) => FIRST + t);
    if (type === "INTEGER") return new Int32Array(rows).fill(Math.max(0, minimum));
    if (type === "DOUBLE") return Float64Array.from({length: rows}, draw);
    if (type === "VARCHAR") return new Array<string>(rows).fill("SPY");
    if (type === "VARCHAR[]") return new Array<string[]>(rows).fill(["vix", "rv_5d", "rv_20d"]);
    return Float64Array.from({length: rows}, () => Math.round(1e6 * random.uniform()) + 1e6);
  };
  return {rows, columns: Object.fromEntries(columns.map((column) => [column.name, randomValues(column)]))};
}
