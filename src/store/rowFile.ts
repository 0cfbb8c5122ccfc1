// How is one row of numbers a Parquet file, without planning the file again for each of thousands of days?

import type {Contract} from "./contract.ts";
import {encodeParquet} from "./parquetWriter.ts";
import {type ColumnType, type ColumnValues, NULL_INTEGER, type Table} from "./table.ts";

/** The file of a row, and where in it each value that is not NULL lies. */
interface Template {
  readonly bytes: Uint8Array;
  readonly places: readonly {readonly column: string; readonly offset: number}[];
}

const templates = new Map<string, Template | undefined>(); // by columns and which of them are NULL

/**
 * `encodeParquet()` of a table, byte for byte. A single row of plain numbers is not encoded anew: files of such rows with
 * the same columns and the same NULLs differ in the bytes of their numbers alone, which are written over a copy.
 */
export function encodeRows(contract: Contract, table: Table): Uint8Array {
  const values = table.rows === 1 ? plainValues(contract, table) : undefined;
  if (!values) return encodeParquet(contract, table);
  const key = [
    contract.dataset,
    ...values.map(([name, value]) => (isNull(value) ? `-${name}` : name)),
  ].join();
  if (!templates.has(key)) templates.set(key, templateOf(contract, values));
  const template = templates.get(key);
  if (!template) return encodeParquet(contract, table);
  const bytes = template.bytes.slice();
  const view = new DataView(bytes.buffer);
  const byName = new Map(values);
  for (const {column, offset} of template.places) write(view, offset, byName.get(column)!);
  return bytes;
}

/** Columns of one DOUBLE, DATE or INTEGER in the order of the file; undefined where there are others. */
function plainValues({columns}: Contract, table: Table): [string, Float64Array | Int32Array][] | undefined {
  const types = new Map<string, ColumnType>(columns.map(({name, type}) => [name, type]));
  const isPlain = (name: string, values: ColumnValues): values is Float64Array | Int32Array => {
    const type = types.get(name);
    return values instanceof Int32Array || (values instanceof Float64Array && (!type || type === "DOUBLE"));
  };
  const names = new Set([...types.keys(), ...Object.keys(table.columns)]);
  const found: [string, Float64Array | Int32Array][] = [];
  for (const name of names) {
    const values = table.columns[name];
    if (!values) continue;
    if (!isPlain(name, values)) return undefined;
    found.push([name, values]);
  }
  return found;
}

// Two rows of which no byte of a number is the same show where the numbers lie.
function templateOf(
  contract: Contract,
  values: readonly (readonly [string, Float64Array | Int32Array])[],
): Template | undefined {
  const rowOf = (filler: number): Table => ({
    rows: 1,
    columns: Object.fromEntries(
      values.map(([name, value]) => [name, isNull(value) ? value : filled(value, filler)]),
    ),
  });
  const bytes = encodeParquet(contract, rowOf(0x01));
  const other = encodeParquet(contract, rowOf(0x3f));
  if (other.length !== bytes.length) return undefined;
  const places: {column: string; offset: number}[] = [];
  let offset = 0;
  for (const [column, value] of values) {
    if (isNull(value)) continue;
    while (offset < bytes.length && bytes[offset] === other[offset]) offset++;
    places.push({column, offset});
    for (const end = offset + value.BYTES_PER_ELEMENT; offset < end; offset++)
      if (bytes[offset] === other[offset]) return undefined;
  }
  while (offset < bytes.length && bytes[offset] === other[offset]) offset++;
  return offset === bytes.length ? {bytes, places} : undefined;
}

function filled<Values extends Float64Array | Int32Array>(like: Values, byte: number): Values {
  const values = like.slice() as Values;
  new Uint8Array(values.buffer).fill(byte);
  return values;
}

function isNull(value: Float64Array | Int32Array): boolean {
  return value instanceof Int32Array ? value[0] === NULL_INTEGER : Number.isNaN(value[0]);
}

function write(view: DataView, offset: number, value: Float64Array | Int32Array): void {
  if (value instanceof Int32Array) view.setInt32(offset, value[0]!, true);
  else view.setFloat64(offset, value[0]!, true);
}
