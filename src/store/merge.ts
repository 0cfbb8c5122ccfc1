// Which rows are new or revised, and what is the dataset after them?
import {type Contract, keysAscend, rowKey} from "./contract.ts";
import {allocate, type ColumnType, type ColumnValues, inferType, type Table, takeRows} from "./table.ts";

export interface Difference {
  readonly rows: Uint32Array; // of the incoming table: new or revised
  readonly added: number;
  readonly revised: number;
}

/** Relative size of a change of a number that still counts as none. */
export interface DifferenceOptions {
  readonly tolerance?: number;
}

/** The incoming rows whose key is unknown or whose values differ from the known ones. */
export function differingRows(
  contract: Contract,
  {known, incoming}: {readonly known: Table; readonly incoming: Table},
  {tolerance = 0}: DifferenceOptions = {},
): Difference {
  const keys = contract.key.map((name) => [known.columns[name]!, incoming.columns[name]!] as const);
  // Tables are in the order of their keys: mostly a row is where it was, and no index is needed.
  const stands = (row: number) => row < known.rows && keys.every(([own, other]) => own[row] === other[row]);
  let index: Map<string, number> | undefined;
  const find = (row: number): number | undefined => {
    index ??= keyIndex(contract, known);
    return index.get(rowKey(contract, incoming, row));
  };
  const compared = Object.keys(incoming.columns).filter(
    (name) => !contract.key.includes(name) && !contract.unrevised?.includes(name),
  );
  const rows: number[] = [];
  let added = 0;
  for (let row = 0; row < incoming.rows; row++) {
    const other = stands(row) ? row : find(row);
    if (other === undefined) added++;
    if (
      other === undefined ||
      compared.some((name) => differs(known, incoming, {name, other, row, tolerance}))
    ) {
      rows.push(row);
    }
  }
  return {rows: Uint32Array.from(rows), added, revised: rows.length - added};
}

/** Tables in the order of their commits as one, the latest row of each key, sorted by key. */
export function mergeTables(contract: Contract, tables: readonly Table[]): Table {
  const latest = new Map<string, number>(); // key -> row of the concatenation
  const all = concatenate(contract, tables);
  if (keysAscend(contract, all)) return all;
  for (let row = 0; row < all.rows; row++) latest.set(rowKey(contract, all, row), row);
  const order = Uint32Array.from(latest.values());
  const keys = contract.key.map((name) => all.columns[name]!);
  order.sort((a, b) => compareRows(keys, a, b));
  return takeRows(all, order);
}

function keyIndex(contract: Contract, table: Table): Map<string, number> {
  const index = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) index.set(rowKey(contract, table, row), row);
  return index;
}

function differs(
  known: Table,
  incoming: Table,
  {name, other, row, tolerance}: {name: string; other: number; row: number; tolerance: number},
): boolean {
  const before = known.columns[name]?.[other];
  const after = incoming.columns[name]![row];
  if (typeof after === "number" && typeof before === "number") {
    if (Object.is(after, before)) return false;
    return !(Math.abs(after - before) <= tolerance * Math.abs(before));
  }
  if (Array.isArray(after) && Array.isArray(before)) {
    return after.length !== before.length || after.some((value, i) => value !== before[i]);
  }
  return after !== before;
}

function concatenate(contract: Contract, tables: readonly Table[]): Table {
  const present = contract.columns.filter(
    ({name, optional}) => !optional || tables.some(({columns}) => name in columns),
  );
  const types = new Map<string, ColumnType>(present.map(({name, type}) => [name, type]));
  for (const table of tables) {
    for (const [name, values] of Object.entries(table.columns))
      if (!types.has(name)) types.set(name, inferType(values));
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns: Record<string, ColumnValues> = {};
  for (const [name, type] of types) {
    const values = allocate(type, rows) as unknown[];
    let offset = 0;
    for (const table of tables) {
      const part = table.columns[name];
      if (part) for (let i = 0; i < table.rows; i++) values[offset + i] = part[i];
      offset += table.rows;
    }
    columns[name] = values as unknown as ColumnValues;
  }
  return {rows, columns};
}

function compareRows(keys: readonly ColumnValues[], a: number, b: number): number {
  for (const values of keys) {
    const x = values[a] as number | string;
    const y = values[b] as number | string;
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return 0;
}
