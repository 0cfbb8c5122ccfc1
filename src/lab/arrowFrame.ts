// How does a frame cross to another tool? As Apache Arrow: dates of 32 bits, doubles, missing as null.

import {
  DateDay,
  Float64,
  makeData,
  makeVector,
  Table,
  tableFromIPC,
  tableToIPC,
  type Vector,
} from "apache-arrow";
import {createFrame, type Frame} from "../frame.ts";

/**
 * A frame as an Arrow file (Feather, version 2): `pandas.read_feather`, `pyarrow.feather`, polars and R's arrow read it.
 *
 * @param options.format "stream" is what goes over a wire; `decodeArrow` takes both
 */
export function encodeArrow(
  {sessions, columns}: Frame,
  {format = "file"}: {readonly format?: "file" | "stream"} = {},
): Uint8Array {
  const vectors: Record<string, Vector> = {
    date: makeVector(makeData({type: new DateDay(), data: sessions.slice(), length: sessions.length})),
  };
  for (const [name, values] of Object.entries(columns)) vectors[name] = doubles(values);
  return tableToIPC(new Table(vectors), format);
}

/**
 * The dates and numbers of an Arrow file or stream as a frame, sorted as they are; null is NaN, columns of texts are
 * left out.
 *
 * @param options.date the column of dates; a timestamp counts as its day in UTC
 * @throws {RangeError} if there is no such column, or its days do not increase
 */
export function decodeArrow(bytes: Uint8Array, {date = "date"}: {readonly date?: string} = {}): Frame {
  const table = tableFromIPC(bytes);
  const days = table.getChild(date);
  if (!days) {
    throw new RangeError(
      `Cannot make a frame: there is no column ${date} among ${table.schema.names.join(", ")}; name the dates' column with {date: "…"}`,
    );
  }
  const columns: Record<string, Float64Array> = {};
  for (const {name} of table.schema.fields) {
    const values = name === date ? undefined : numbersOf(table.getChild(name));
    if (values) columns[name] = values;
  }
  return createFrame(Int32Array.from(days, dayOf), columns);
}

// Arrow marks what is missing in a bitmap, one bit a value, the first in the lowest place.
function doubles(values: Float64Array): Vector {
  const present = new Uint8Array(Math.ceil(values.length / 8));
  let missing = 0;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) missing++;
    else present[i >> 3]! |= 1 << (i & 7);
  });
  const data = {type: new Float64(), data: values.slice(), length: values.length};
  return makeVector(makeData(missing > 0 ? {...data, nullCount: missing, nullBitmap: present} : data));
}

function numbersOf(column: Vector | null): Float64Array | undefined {
  const values = Array.from(column ?? [], (value: unknown) =>
    typeof value === "bigint" ? Number(value) : value,
  );
  const numeric = values.every((value) => value === null || typeof value === "number");
  return numeric ? Float64Array.from(values, (value) => (value as number | null) ?? Number.NaN) : undefined;
}

function dayOf(value: unknown): number {
  return Math.floor(Number(value) / 86_400_000); // Arrow gives every date and time in milliseconds
}
