// Which files are a dataset? Those its commits name: commits are immutable and numbered, the manifest is their sum.
import type {Contract} from "./contract.ts";
import type {ColumnType} from "./table.ts";

export interface FileEntry {
  readonly path: string; // under the lake's root
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** One atomic addition to a dataset. */
export interface Commit {
  readonly commit: number; // 1, 2, …
  readonly committed_at: string; // ISO time, the run's NOW
  readonly run: string;
  readonly schema_version: number;
  readonly files: readonly FileEntry[];
}

export interface ManifestFile extends FileEntry {
  readonly commit: number;
}

/** What a dataset was made from: a hash for each dataset read, the code, the configuration. */
export type Inputs = Readonly<Record<string, string>>;

export interface Manifest {
  readonly dataset: string;
  readonly schema_version: number;
  readonly columns: readonly {readonly name: string; readonly type: ColumnType}[];
  readonly key: readonly string[];
  readonly commits: number;
  readonly committed_at: string;
  readonly rows: number;
  /** The newest day of the dataset's rows, YYYY-MM-DD; null where they have none. */
  readonly last_date: string | null;
  readonly snapshot: FileEntry;
  readonly inputs: Inputs;
  readonly files: readonly ManifestFile[];
}

export const manifestKey = (dataset: string): string => `${dataset}/_manifest.json`;
export const snapshotKey = (dataset: string): string => `snapshots/${dataset}.parquet`;
export const intentKey = (dataset: string): string => `${dataset}/_intent.json`;
export const commitPrefix = (dataset: string): string => `${dataset}/_commits`;
export const commitKey = (dataset: string, commit: number): string =>
  `${commitPrefix(dataset)}/${String(commit).padStart(8, "0")}.json`;

/** The files that count after some commits, in the order in which their rows apply. */
export function liveFiles(contract: Contract, commits: readonly Commit[]): ManifestFile[] {
  const counted = contract.mode === "replace" ? commits.slice(-1) : commits;
  return counted.flatMap(({commit, files}) => files.map((file) => ({...file, commit})));
}
