// Into which files does a commit go? One a day, or one a commit, named by their content.
import {createHash} from "node:crypto";
import {isoDate} from "../units.ts";
import type {Contract} from "./contract.ts";
import type {StoredObject} from "./objectStore.ts";
import {encodeRows} from "./rowFile.ts";
import {integers, type Table, takeRows} from "./table.ts";

export interface PartitionFile extends StoredObject {
  readonly rows: number;
}

/** The files of the chosen rows. The name is a hash of the content, so the same rows give the same file again. */
export function partitionFiles(
  contract: Contract,
  {table, rows, commit}: {readonly table: Table; readonly rows: Uint32Array; readonly commit: number},
): PartitionFile[] {
  if (contract.partition === "commit") {
    return [file(contract, takeRows(table, rows), String(commit).padStart(8, "0"))];
  }
  const dates = integers(table, "date");
  const byDate = Map.groupBy(rows, (row) => dates[row]!);
  return [...byDate.entries()]
    .sort(([a], [b]) => a - b)
    .map(([date, group]) =>
      file(contract, takeRows(table, Uint32Array.from(group)), `date=${isoDate(date)}`),
    );
}

function file(contract: Contract, table: Table, place: string): PartitionFile {
  const bytes = encodeRows(contract, table);
  const name = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return {key: `${contract.dataset}/${place}/${name}.parquet`, bytes, rows: table.rows};
}
