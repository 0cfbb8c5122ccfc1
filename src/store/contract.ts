// What may a dataset hold? Columns with types and ranges, and a key that is unique and sorted.
import {keyCodes, orderOf} from "./keyOrder.ts";
import {type ColumnType, type ColumnValues, NULL_INTEGER, type Table} from "./table.ts";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string; // with the unit
  readonly nullable?: boolean;
  /** A table may lack the column: a configuration flag leaves it out. */
  readonly optional?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Contract {
  readonly dataset: string;
  readonly schemaVersion: number;
  readonly description: string;
  readonly columns: readonly Column[];
  /** What names a row. A changed row with the same key is a new vintage; readers take the latest. */
  readonly key: readonly string[];
  /** "date": one file a day in date=YYYY-MM-DD; "commit": one file a commit. */
  readonly partition: "date" | "commit";
  /** "append": rows accumulate; "replace": each commit is the whole dataset. */
  readonly mode: "append" | "replace";
  /** Columns that tell of the writing itself: a difference in them alone is not a revision. */
  readonly unrevised?: readonly string[];
}

/** A table that breaks its contract: which dataset, which column, which row. */
export class ContractError extends RangeError {
  readonly dataset: string;
  constructor(dataset: string, problem: string) {
    super(`Cannot accept ${dataset}: ${problem}`);
    this.name = "ContractError";
    this.dataset = dataset;
  }
}

/**
 * Checks columns, types, lengths, nulls, ranges and the key's uniqueness. Columns the contract does not know pass.
 *
 * @throws {ContractError} naming the column, the row and the value
 */
export function checkTable(contract: Contract, table: Table): void {
  for (const column of contract.columns) checkColumn(contract.dataset, column, table);
  if (keysAscend(contract, table)) return;
  const [codes] = keyCodes(contract, [table]);
  const order = orderOf(codes!);
  const twice = order.find((row, i) => codes![row] === codes![order[i + 1]!]);
  if (twice !== undefined) {
    const key = rowKey(contract, table, twice).replaceAll("\u0000", ", ");
    throw new ContractError(contract.dataset, `two rows have the key ${key}`);
  }
}

/** Whether each row's key is after the one before: then none is there twice, and no set of them is needed. */
export function keysAscend(contract: Contract, table: Table): boolean {
  const keys = contract.key.map((name) => table.columns[name]! as ArrayLike<number | string>);
  const isAfter = (row: number): boolean => {
    for (const values of keys) {
      if (values[row]! > values[row - 1]!) return true;
      if (values[row] !== values[row - 1]) return false;
    }
    return false;
  };
  for (let row = 1; row < table.rows; row++) if (!isAfter(row)) return false;
  return true;
}

/** The text that names a row. */
export function rowKey(contract: Contract, table: Table, row: number): string {
  let key = "";
  for (const name of contract.key) key += `${String(table.columns[name]![row])}\u0000`;
  return key.slice(0, -1);
}

/** The column's type by name, as the table module wants it. */
export function columnTypes(contract: Contract): Record<string, ColumnType> {
  return Object.fromEntries(contract.columns.map(({name, type}) => [name, type]));
}

function checkColumn(dataset: string, column: Column, table: Table): void {
  const values = table.columns[column.name];
  if (!values && column.optional) return;
  if (!values) throw new ContractError(dataset, `column ${column.name} is missing`);
  if (values.length !== table.rows) {
    throw new ContractError(
      dataset,
      `column ${column.name} has ${values.length} values for ${table.rows} rows`,
    );
  }
  if (!hasType(values, column.type))
    throw new ContractError(dataset, `column ${column.name} is not ${column.type}`);
  if (column.type === "VARCHAR[]") return;
  if (column.type === "VARCHAR") {
    if (column.nullable) return;
    const empty = (values as readonly string[]).indexOf("");
    if (empty >= 0) throw new ContractError(dataset, `${column.name} is empty in row ${empty}`);
    return;
  }
  const {minimum = -Infinity, maximum = Infinity} = column;
  const whole = column.type === "BIGINT" || column.type === "TIMESTAMP";
  for (let row = 0; row < table.rows; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value) || (values instanceof Int32Array && value === NULL_INTEGER)) {
      if (!column.nullable) throw new ContractError(dataset, `${column.name} is NULL in row ${row}`);
    } else if (!(value >= minimum && value <= maximum && Number.isFinite(value))) {
      throw new ContractError(
        dataset,
        `${column.name} must be a number in [${minimum}, ${maximum}], current value is ${value} in row ${row}`,
      );
    } else if (whole && !Number.isSafeInteger(value)) {
      throw new ContractError(
        dataset,
        `${column.name} must be a whole number, current value is ${value} in row ${row}`,
      );
    }
  }
}

function hasType(values: ColumnValues, type: ColumnType): boolean {
  switch (type) {
    case "DATE":
    case "INTEGER":
      return values instanceof Int32Array;
    case "DOUBLE":
    case "BIGINT":
    case "TIMESTAMP":
      return values instanceof Float64Array;
    case "VARCHAR":
    case "VARCHAR[]":
      return Array.isArray(values);
  }
}
