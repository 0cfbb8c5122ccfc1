// How does a dataset look in memory? Equal-length columns, one array a column.

export type ColumnType = "DATE" | "DOUBLE" | "BIGINT" | "INTEGER" | "VARCHAR" | "TIMESTAMP" | "VARCHAR[]";

/** The NULL of an Int32Array column (DATE, INTEGER). In a Float64Array column NULL is NaN. */
export const NULL_INTEGER = -2_147_483_648;

/**
 * DATE: Int32Array of days since 1970-01-01. INTEGER: Int32Array. DOUBLE: Float64Array. BIGINT: Float64Array of
 * whole numbers below 2^53. TIMESTAMP: Float64Array of milliseconds since 1970-01-01 UTC. VARCHAR: strings.
 */
export type ColumnValues = Float64Array | Int32Array | readonly string[] | readonly (readonly string[])[];

export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnValues>>;
}

/**
 * A column of numbers.
 *
 * @throws {RangeError} if the table has no such column or it holds text
 */
export function numbers(table: Table, name: string): Float64Array {
  const values = table.columns[name];
  if (values instanceof Float64Array) return values;
  if (values instanceof Int32Array) return Float64Array.from(values);
  throw new RangeError(
    `Cannot read ${name} as numbers: the table has ${Object.keys(table.columns).join(", ")}`,
  );
}

/**
 * A column of days or small whole numbers.
 *
 * @throws {RangeError} if the table has no such column of integers
 */
export function integers(table: Table, name: string): Int32Array {
  const values = table.columns[name];
  if (values instanceof Int32Array) return values;
  throw new RangeError(
    `Cannot read ${name} as integers: the table has ${Object.keys(table.columns).join(", ")}`,
  );
}

/**
 * A column of texts.
 *
 * @throws {RangeError} if the table has no such column of texts
 */
export function texts(table: Table, name: string): readonly string[] {
  const values = table.columns[name];
  if (values && !ArrayBuffer.isView(values)) return values as readonly string[];
  throw new RangeError(
    `Cannot read ${name} as texts: the table has ${Object.keys(table.columns).join(", ")}`,
  );
}

/** An empty array of the kind that holds a column type. */
export function allocate(type: ColumnType, rows: number): ColumnValues {
  switch (type) {
    case "DATE":
    case "INTEGER":
      return new Int32Array(rows).fill(NULL_INTEGER);
    case "DOUBLE":
    case "BIGINT":
    case "TIMESTAMP":
      return new Float64Array(rows).fill(Number.NaN);
    case "VARCHAR":
      return new Array<string>(rows).fill("");
    case "VARCHAR[]":
      return new Array<readonly string[]>(rows).fill([]);
  }
}

/** The type of a column that no contract knows, one written by a newer version: that of its values. */
export function inferType(values: ColumnValues): ColumnType {
  if (values instanceof Float64Array) return "DOUBLE";
  if (values instanceof Int32Array) return "INTEGER";
  return values.some(Array.isArray) ? "VARCHAR[]" : "VARCHAR";
}

/** The rows at the given indices, in that order. */
export function takeRows(table: Table, indices: Uint32Array): Table {
  const columns: Record<string, ColumnValues> = {};
  for (const [name, values] of Object.entries(table.columns)) columns[name] = takeValues(values, indices);
  return {rows: indices.length, columns};
}

function takeValues(values: ColumnValues, indices: Uint32Array): ColumnValues {
  if (values instanceof Float64Array) return pick(values, indices, new Float64Array(indices.length));
  if (values instanceof Int32Array) return pick(values, indices, new Int32Array(indices.length));
  const taken = new Array<ColumnValues[number]>(indices.length);
  for (let i = 0; i < indices.length; i++) taken[i] = values[indices[i]!]!;
  return taken as ColumnValues;
}

/** A loop: `from` with a function takes ten times as long. */
function pick<Values extends Float64Array | Int32Array>(
  values: Values,
  indices: Uint32Array,
  taken: Values,
): Values {
  for (let i = 0; i < indices.length; i++) taken[i] = values[indices[i]!]!;
  return taken;
}

/** Rows whose value of an integer column satisfies a test. */
export function filterRows(table: Table, name: string, keep: (value: number) => boolean): Table {
  const values = integers(table, name);
  const kept: number[] = [];
  for (let i = 0; i < table.rows; i++) if (keep(values[i]!)) kept.push(i);
  return kept.length === table.rows ? table : takeRows(table, Uint32Array.from(kept));
}

/** Rows dated on or before a day; a table without dates is as it was. */
export function onOrBefore(table: Table, day: number): Table {
  return "date" in table.columns ? filterRows(table, "date", (date) => date <= day) : table;
}

/** Rows whose columns have the given texts. */
export function rowsThatEqual(table: Table, equals: Readonly<Record<string, string>>): Table {
  const wanted = Object.entries(equals).map(([name, text]) => [texts(table, name), text] as const);
  if (wanted.length === 0) return table;
  const rows = Array.from({length: table.rows}, (_, row) => row);
  return takeRows(
    table,
    Uint32Array.from(rows.filter((row) => wanted.every(([values, text]) => values[row] === text))),
  );
}

/** Row objects as columns; an absent value is NULL. */
export function tableFromRows(
  types: Readonly<Record<string, ColumnType>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): Table {
  const columns: Record<string, ColumnValues> = {};
  for (const [name, type] of Object.entries(types)) {
    const values = allocate(type, rows.length) as unknown[];
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]![name];
      if (value !== undefined && value !== null) values[i] = value;
    }
    columns[name] = values as unknown as ColumnValues;
  }
  return {rows: rows.length, columns};
}
