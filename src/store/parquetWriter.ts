// How does a table become the bytes of a Parquet file? The same bytes for the same table, always.
import {zstdCompressSync} from "node:zlib";
import type {SchemaElement} from "hyparquet";
import {type ColumnSource, parquetWriteBuffer} from "hyparquet-writer";
import type {Contract} from "./contract.ts";
import {type ColumnType, type ColumnValues, inferType, NULL_INTEGER, type Table} from "./table.ts";

const COMPRESS_FROM_ROWS = 64; // below, a compressed page is larger than a plain one

/**
 * The Parquet file of a table: the contract's columns in its order, then those only the table has.
 *
 * @param options.codec default zstd; snappy is somewhat larger and can be read without a library for zstd
 */
export function encodeParquet(
  contract: Contract,
  table: Table,
  {codec = "ZSTD"}: {readonly codec?: "ZSTD" | "SNAPPY"} = {},
): Uint8Array {
  const columns: {name: string; type: ColumnType}[] = contract.columns
    .filter(({name}) => name in table.columns)
    .map(({name, type}) => ({name, type}));
  for (const [name, values] of Object.entries(table.columns)) {
    if (!columns.some((column) => column.name === name)) columns.push({name, type: inferType(values)});
  }
  const schema: SchemaElement[] = [{name: "root", num_children: columns.length}];
  const columnData: ColumnSource[] = [];
  for (const {name, type} of columns) {
    schema.push(...schemaOf(name, type));
    columnData.push({name, data: nullable(table.columns[name]!, type) as ColumnSource["data"]});
  }
  const compressed = table.rows >= COMPRESS_FROM_ROWS;
  const buffer = parquetWriteBuffer({
    columnData,
    schema,
    codec: compressed ? codec : "UNCOMPRESSED",
    compressors: {ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes)},
    statistics: compressed,
    rowGroupSize: 100_000,
    createdBy: "volbook",
  });
  return new Uint8Array(buffer);
}

function schemaOf(name: string, type: ColumnType): SchemaElement[] {
  const optional = {name, repetition_type: "OPTIONAL"} as const;
  switch (type) {
    case "DATE":
      return [{...optional, type: "INT32", converted_type: "DATE"}];
    case "INTEGER":
      return [{...optional, type: "INT32"}];
    case "DOUBLE":
      return [{...optional, type: "DOUBLE"}];
    case "BIGINT":
      return [{...optional, type: "INT64"}];
    case "TIMESTAMP":
      return [{...optional, type: "INT64", converted_type: "TIMESTAMP_MICROS"}];
    case "VARCHAR":
      return [{...optional, type: "BYTE_ARRAY", converted_type: "UTF8"}];
    case "VARCHAR[]":
      return [
        {...optional, converted_type: "LIST", num_children: 1},
        {name: "list", repetition_type: "REPEATED", num_children: 1},
        {name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL"},
      ];
  }
}

function nullable(values: ColumnValues, type: ColumnType): ColumnValues | unknown[] {
  if (type === "BIGINT")
    return Array.from(values as Float64Array, (v) => (Number.isNaN(v) ? null : BigInt(v)));
  if (type === "TIMESTAMP") {
    return Array.from(values as Float64Array, (v) => (Number.isNaN(v) ? null : BigInt(v) * 1000n));
  }
  if (values instanceof Float64Array) {
    return values.some(Number.isNaN) ? Array.from(values, (v) => (Number.isNaN(v) ? null : v)) : values;
  }
  if (values instanceof Int32Array) {
    return values.includes(NULL_INTEGER)
      ? Array.from(values, (v) => (v === NULL_INTEGER ? null : v))
      : values;
  }
  return values;
}
