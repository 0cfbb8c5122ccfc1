// Which rows are new or revised, and what is the dataset after them?
import {type Contract, keysAscend} from "./contract.ts";
import {keyCodes, matchCodes, orderOf} from "./keyOrder.ts";
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
  const matches = matchRows(contract, {known, incoming});
  const compared = Object.keys(incoming.columns).filter(
    (name) => !contract.key.includes(name) && !contract.unrevised?.includes(name),
  );
  const differences = compared.map((name) =>
    difference(known.columns[name], incoming.columns[name]!, tolerance),
  );
  const rows: number[] = [];
  let added = 0;
  for (let row = 0; row < incoming.rows; row++) {
    const other = matches[row]!;
    if (other < 0) added++;
    if (other < 0 || differences.some((differs) => differs(other, row))) rows.push(row);
  }
  return {rows: Uint32Array.from(rows), added, revised: rows.length - added};
}

/** Tables in the order of their commits as one, the latest row of each key, sorted by key. */
export function mergeTables(contract: Contract, tables: readonly Table[]): Table {
  const all = concatenate(contract, tables);
  if (keysAscend(contract, all)) return all;
  const [codes] = keyCodes(contract, [all]);
  const order = orderOf(codes!);
  return takeRows(
    all,
    order.filter((row, i) => codes![row] !== codes![order[i + 1]!]),
  );
}

// Mostly a table comes as it was, with some days more: then a row is where it was.
function matchRows(
  contract: Contract,
  {known, incoming}: {readonly known: Table; readonly incoming: Table},
): Int32Array {
  const [ours, theirs] = keyCodes(contract, [known, incoming]);
  const stands = theirs!.every((code, row) => row >= known.rows || code === ours![row]);
  if (stands && known.rows >= incoming.rows) return Int32Array.from(theirs!.keys());
  return matchCodes(theirs!, ours!);
}

/** Whether a known row's value differs from an incoming row's. */
function difference(
  known: ColumnValues | undefined,
  incoming: ColumnValues,
  tolerance: number,
): (knownRow: number, row: number) => boolean {
  if (!known) return () => true;
  if (ArrayBuffer.isView(known) && ArrayBuffer.isView(incoming)) {
    return (knownRow, row) => {
      const before = known[knownRow]!;
      const after = incoming[row]!;
      return !Object.is(after, before) && !(Math.abs(after - before) <= tolerance * Math.abs(before));
    };
  }
  return (knownRow, row) => {
    const before = known[knownRow];
    const after = incoming[row];
    if (!Array.isArray(after) || !Array.isArray(before)) return after !== before;
    return after.length !== before.length || after.some((value, i) => value !== before[i]);
  };
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
    if (values instanceof Float64Array) unifyNaN(values);
    columns[name] = values as unknown as ColumnValues;
  }
  return {rows, columns};
}

// A NaN of arithmetic may have other bits than the NULL that a file gives back: whoever hashes the bytes would see it.
function unifyNaN(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) values[i] = Number.NaN;
}
