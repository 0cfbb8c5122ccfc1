// A small lake for tests: one contract of each kind, over a directory.
import type {Contract} from "./contract.ts";
import type {Table} from "./table.ts";

export const daily: Contract = {
  dataset: "daily",
  schemaVersion: 1,
  description: "one row a day",
  partition: "date",
  mode: "append",
  key: ["date"],
  columns: [
    {name: "date", type: "DATE", description: "day"},
    {name: "value", type: "DOUBLE", description: "a number", nullable: true, maximum: 1e6},
    {name: "names", type: "VARCHAR[]", description: "texts"},
  ],
};

export const ranking: Contract = {
  dataset: "ranking",
  schemaVersion: 1,
  description: "rewritten whole",
  partition: "commit",
  mode: "replace",
  key: ["name"],
  columns: [
    {name: "name", type: "VARCHAR", description: "name"},
    {name: "count", type: "BIGINT", description: "count"},
    {name: "seen_at", type: "TIMESTAMP", description: "time", nullable: true},
  ],
};

/** Days [first, first + values.length) with their values. */
export function dailyTable(first: number, values: readonly number[]): Table {
  return {
    rows: values.length,
    columns: {
      date: Int32Array.from(values, (_, i) => first + i),
      value: Float64Array.from(values),
      names: values.map((value) => [`v${value}`, "x"]),
    },
  };
}
