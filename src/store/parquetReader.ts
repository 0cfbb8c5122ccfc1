// What does a set of Parquet files hold, as one contract's table? DuckDB reads them, the columns by name.
import type {DuckDBConnection, DuckDBInstance, DuckDBValue} from "@duckdb/node-api";
import type {Contract} from "./contract.ts";
import {allocate, type ColumnType, type ColumnValues, type Table} from "./table.ts";

let instance: Promise<DuckDBInstance> | undefined;

/** Loads DuckDB, which the first reading would have to wait for. What goes wrong, that reading says. */
export async function openReader(): Promise<void> {
  instance ??= createInstance();
  await instance.catch(() => {});
}

// A connection carries one result at a time: a second query would cut the first one short without an error.
async function withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  instance ??= createInstance();
  const connection = await (await instance).connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
  }
}

// Loaded when something is first read: a process that only writes, or asks for manifests, does without its 20 MB.
async function createInstance(): Promise<DuckDBInstance> {
  const duckdb = await import("@duckdb/node-api");
  // Every file is read once: kept in memory as well, a lake of 8,000 small ones would take gigabytes.
  return duckdb.DuckDBInstance.create(":memory:", {enable_external_file_cache: "false"});
}

export interface ReadOptions {
  /** Only rows whose columns have these texts. */
  readonly equals?: Readonly<Record<string, string>>;
  /** The files are known to have the same columns, as those of one commit do: reading thousands is then faster. */
  readonly uniform?: boolean;
}

/**
 * The rows of files in the order of the files, as the contract's columns. A column that no file has is NULL; one that
 * only files have is kept.
 *
 * @throws {Error} naming the file where DuckDB cannot read one
 */
export async function readParquet(
  contract: Contract,
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<Table> {
  if (paths.length === 0) return emptyTable(contract);
  return withConnection((connection) => readFiles(connection, {contract, paths, ...options}));
}

async function readFiles(
  db: DuckDBConnection,
  {
    contract,
    paths,
    uniform = false,
    equals = {},
  }: ReadOptions & {readonly contract: Contract; readonly paths: readonly string[]},
): Promise<Table> {
  const list = `[${paths.map(sqlText).join(",")}]`;
  // Without union_by_name DuckDB takes the first file's columns and drops the others' silently.
  const source = `read_parquet(${list}, union_by_name=${!uniform}, hive_partitioning=false)`;
  const found = await db.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const stored = new Map(found.getRows().map((row) => [String(row[0]), String(row[1])]));
  const columns: {name: string; type: ColumnType}[] = contract.columns
    .filter(({name, optional}) => !optional || stored.has(name))
    .map(({name, type}) => ({name, type}));
  for (const [name, type] of stored) {
    if (!columns.some((column) => column.name === name)) columns.push({name, type: knownType(type)});
  }
  const selected = columns.map(({name, type}) => (stored.has(name) ? expression(name, type) : "NULL"));
  const conditions = Object.entries(equals).map(([name, text]) => `${quoted(name)} = ${sqlText(text)}`);
  const condition = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  const result = await db.stream(`SELECT ${selected.join(", ")} FROM ${source}${condition}`);
  const chunks = await result.fetchAllChunks();
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const table: Record<string, ColumnValues> = {};
  columns.forEach(({name, type}, index) => {
    const values = allocate(type, rows) as unknown[];
    let row = 0;
    for (const chunk of chunks) {
      for (const value of chunk.getColumnValues(index)) {
        if (value !== null) values[row] = type === "VARCHAR[]" ? listItems(value) : value;
        row++;
      }
    }
    table[name] = values as unknown as ColumnValues;
  });
  return {rows, columns: table};
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function emptyTable(contract: Contract): Table {
  const always = contract.columns.filter(({optional}) => !optional);
  return {rows: 0, columns: Object.fromEntries(always.map(({name, type}) => [name, allocate(type, 0)]))};
}

function expression(name: string, type: ColumnType): string {
  const column = quoted(name);
  switch (type) {
    case "DATE":
      return `(${column} - DATE '1970-01-01')::INTEGER`;
    case "TIMESTAMP":
      return `(epoch_us(${column}) / 1000)::DOUBLE`;
    case "BIGINT":
    case "DOUBLE":
      return `${column}::DOUBLE`;
    case "INTEGER":
      return `${column}::INTEGER`;
    default:
      return column;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function knownType(duckType: string): ColumnType {
  const types: ColumnType[] = ["DATE", "DOUBLE", "BIGINT", "INTEGER", "VARCHAR", "VARCHAR[]"];
  const type = types.find((name) => name === duckType);
  if (type) return type;
  return duckType.startsWith("TIMESTAMP") ? "TIMESTAMP" : "VARCHAR";
}

function listItems(value: DuckDBValue): string[] {
  return typeof value === "object" && value !== null && "items" in value
    ? (value.items as readonly DuckDBValue[]).map(String)
    : [];
}
