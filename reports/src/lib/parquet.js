// How does a page read a Parquet file without a database? Column by column, as the library wants them: numbers in a
// Float64Array, NaN unknown; days since 1970-01-01 in an Int32Array.

import {parquetMetadataAsync, parquetRead, parquetSchema} from "hyparquet";

const DAYS = {dateFromDays: (days) => days};

/** The columns of a file given as an ArrayBuffer: {rows, columns}. */
export async function decodeTable(file) {
  const metadata = await parquetMetadataAsync(file);
  const fields = parquetSchema(metadata).children.map(({element}) => element);
  const rows = Number(metadata.num_rows);
  const columns = Object.fromEntries(fields.map((field) => [field.name, allocate(field, rows)]));
  await parquetRead({
    file,
    metadata,
    parsers: DAYS,
    onChunk({columnName, columnData, rowStart}) {
      const values = columns[columnName];
      const unknown =
        values instanceof Float64Array ? Number.NaN : values instanceof Int32Array ? NO_DAY : "";
      for (let i = 0; i < columnData.length; i++) values[rowStart + i] = columnData[i] ?? unknown;
    },
  });
  return {rows, columns};
}

/** The NULL of a day, as in the pipeline's tables. */
export const NO_DAY = -2_147_483_648;

/** Rows of a table as objects, those that `keep` names by their index; days as Dates of midnight UTC. */
export function rowsOf({rows, columns}, keep = () => true) {
  const entries = Object.entries(columns).map(([name, values]) => [name, reader(values)]);
  const found = [];
  for (let row = 0; row < rows; row++) {
    if (keep(row)) found.push(Object.fromEntries(entries.map(([name, read]) => [name, read(row)])));
  }
  return found;
}

function reader(values) {
  if (!(values instanceof Int32Array)) return (row) => values[row];
  return (row) => (values[row] === NO_DAY ? null : new Date(values[row] * 86_400_000));
}

// Whole numbers are small here: only days need to stay apart from the rest.
function allocate({type, converted_type: converted}, rows) {
  if (converted === "DATE") return new Int32Array(rows);
  return type === "BYTE_ARRAY" ? new Array(rows) : new Float64Array(rows);
}
