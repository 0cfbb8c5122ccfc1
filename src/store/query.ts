// What does the lake say in SQL? One SELECT over the snapshots, each dataset a view of its own name.
import {setTimeout} from "node:timers/promises";
import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  StatementType,
} from "@duckdb/node-api";

import type {Contract} from "./contract.ts";
import {datasets} from "./datasets.ts";
import type {LakeReader} from "./lakeFolder.ts";
import {sqlText} from "./parquetReader.ts";

const SNAPSHOT_ATTEMPTS = 10;
const SNAPSHOT_WAIT_MS = 50;

export type SqlValue = number | string | boolean | null | readonly SqlValue[];
export type SqlRow = Readonly<Record<string, SqlValue>>;

/**
 * The rows of a SELECT over the lake's datasets: `FROM features_daily`, `FROM raw.market`. A dataset that was never
 * written is a table without rows.
 *
 * Dates and times are ISO texts. A number is a number whatever its width, and its NULL is NaN, as everywhere in this
 * library; any other NULL is null.
 *
 * @typeParam Row the columns as the caller wrote them into the statement; nothing checks the claim
 * @throws {Error} with DuckDB's words if the statement is wrong, or is anything but one SELECT
 */
export async function query<Row extends object = SqlRow>(lake: LakeReader, sql: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await createViews(connection, lake, datasets.filter(isNamedIn(sql)));
    return (await select(connection, sql)) as unknown as Row[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

// A dataset that the statement does not name is not opened: a snapshot in a bucket would be fetched for nothing.
function isNamedIn(sql: string): (contract: Contract) => boolean {
  const text = sql.toLowerCase();
  return ({dataset}) => text.includes(dataset.split(".").at(-1)!);
}

async function createViews(
  connection: DuckDBConnection,
  lake: LakeReader,
  contracts: readonly Contract[],
): Promise<void> {
  for (const contract of contracts) {
    const path = await snapshotPath(lake, contract.dataset);
    const [schema] = contract.dataset.split(".");
    if (schema !== contract.dataset) await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await connection.run(
      path
        ? `CREATE VIEW ${contract.dataset} AS FROM read_parquet(${sqlText(path)})`
        : `CREATE TABLE ${contract.dataset} (${columnList(contract)})`,
    );
  }
}

// A writer replaces the snapshot first and the manifest right after it.
async function snapshotPath(lake: LakeReader, dataset: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const manifest = await lake.manifest(dataset);
    const path = manifest && (await lake.store.localFile(manifest.snapshot.path, manifest.snapshot.sha256));
    if (path || !manifest) return path;
    if (attempt === SNAPSHOT_ATTEMPTS) {
      throw new Error(
        `Cannot query ${dataset}: ${manifest.snapshot.path} is not the file that its manifest names; run the pipeline, which derives it again`,
      );
    }
    await setTimeout(SNAPSHOT_WAIT_MS);
  }
}

function tableNames(): string {
  return datasets.map(({dataset}) => dataset).join(", ");
}

function columnList({columns}: Contract): string {
  return columns.map(({name, type}) => `"${name}" ${type}`).join(", ");
}

async function select(connection: DuckDBConnection, sql: string): Promise<Record<string, SqlValue>[]> {
  try {
    const statement = await connection.prepare(sql);
    if (statement.statementType !== StatementType.SELECT) {
      throw new TypeError(`it must be a SELECT, it is ${StatementType[statement.statementType]}`);
    }
    const reader = await statement.runAndReadAll();
    const names = reader.deduplicatedColumnNames();
    const types = reader.columnTypes();
    return reader
      .getRows()
      .map((row) => Object.fromEntries(names.map((name, j) => [name, plain(row[j]!, types[j]!)])));
  } catch (error) {
    const {message} = error as Error;
    const tables = message.startsWith("Catalog Error: Table") ? `\nThe lake has ${tableNames()}` : "";
    throw new Error(`Cannot run the query: ${message}${tables}`, {cause: error});
  }
}

const NUMERIC: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

function plain(value: DuckDBValue, type: DuckDBType): SqlValue {
  if (value === null) return NUMERIC.has(type.typeId) ? Number.NaN : null;
  if (typeof value === "bigint") return exactNumber(value);
  if (typeof value !== "object") return value;
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBTimestampValue) return `${value.toString().replace(" ", "T")}Z`;
  if (value instanceof DuckDBListValue && "valueType" in type)
    return value.items.map((item) => plain(item, type.valueType));
  return value instanceof DuckDBDateValue ? value.toString() : String(value);
}

function exactNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${value} has more digits than a number holds; cast it to DOUBLE or VARCHAR`);
}
