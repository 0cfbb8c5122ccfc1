// How are datasets kept? Append-only commits of Parquet files, a manifest, and one snapshot file that readers use.
import {setTimeout as wait} from "node:timers/promises";
import {didYouMean} from "../nearestNames.ts";
import {isoDate} from "../units.ts";
import {concurrently} from "./concurrently.ts";
import {type Contract, ContractError, checkTable} from "./contract.ts";
import {datasets as allContracts} from "./datasets.ts";
import {
  type Commit,
  commitKey,
  commitPrefix,
  type FileEntry,
  type Inputs,
  intentKey,
  liveFiles,
  type Manifest,
  type ManifestFile,
  manifestKey,
  snapshotKey,
} from "./manifest.ts";
import {differingRows, mergeTables} from "./merge.ts";
import type {ObjectStore, StoredObject} from "./objectStore.ts";
import {type ReadOptions, readParquet} from "./parquetReader.ts";
import {encodeParquet} from "./parquetWriter.ts";
import {partitionFiles} from "./partition.ts";
import {sha256} from "./sha256.ts";
import {rowsThatEqual, type Table, takeRows} from "./table.ts";

export {sha256};

const SNAPSHOT_LOOKS = 4;
const SNAPSHOT_WAIT_MS = 50;
const FILES_A_QUERY = 128; // DuckDB holds half a megabyte of each file until the query is over
const READS_AT_ONCE = 32; // of small objects: a bucket answers each in milliseconds

export interface LakeOptions {
  readonly store: ObjectStore;
  readonly contracts?: readonly Contract[];
  /**
   * Keep each dataset's newest table in memory once it was read or written, for a run whose stages read one after
   * another what one of them wrote. Default false: a server reads once and has no memory to spare.
   */
  readonly keepsTables?: boolean;
}

export interface AppendOptions {
  /** ISO time of the commit: the run's NOW. */
  readonly committedAt: string;
  readonly run: string;
  readonly inputs: Inputs;
  /** Relative change of a number below which a row counts as unchanged. */
  readonly tolerance?: number;
}

// What a commit under way has written or will write.
interface Intent {
  readonly commit: number;
  readonly files: readonly string[];
}

export interface Appended {
  readonly dataset: string;
  readonly added: number;
  readonly revised: number;
  readonly rows: number; // of the dataset, afterwards
  readonly sha256: string; // of the snapshot
}

export interface Lake {
  readonly store: ObjectStore;
  contract(dataset: string): Contract;
  /** The dataset's manifest, or undefined where it was never written. */
  manifest(dataset: string): Promise<Manifest | undefined>;
  /** The latest vintage of every row, sorted by key; no rows where the dataset was never written. */
  read(dataset: string, options?: Pick<ReadOptions, "equals">): Promise<Table>;
  /** The rows as they were known at an instant (ISO time), sorted by key. */
  readVintage(dataset: string, vintage: string): Promise<Table>;
  /** Commits the rows that are new or revised; all of them or, where anything fails, none. */
  append(dataset: string, table: Table, options: AppendOptions): Promise<Appended>;
  /** The latest `committed_at` of any dataset, an ISO time; undefined where nothing was ever written. */
  newestCommit(): Promise<string | undefined>;
  /** Finishes or undoes what a writer that died left behind. Call it holding the writer's lock. */
  recover(): Promise<string[]>;
  /** Compares every file with its manifest and every snapshot with its files; the differences in words. */
  verify(options?: {readonly content: boolean}): Promise<string[]>;
}

export function openLake({store, contracts = allContracts, keepsTables = false}: LakeOptions): Lake {
  const kept = new Map<string, {readonly sha256: string; readonly table: Table}>();

  function keep(dataset: string, sha256: string, table: Table): Table {
    if (keepsTables) kept.set(dataset, {sha256, table});
    return table;
  }

  function contract(dataset: string): Contract {
    const found = contracts.find((candidate) => candidate.dataset === dataset);
    if (found) return found;
    const names = contracts.map((candidate) => candidate.dataset);
    const meant = didYouMean(dataset, names);
    throw new RangeError(
      `Cannot find dataset ${dataset}${meant ? `${meant} The` : ": the"} lake has ${names.join(", ")}`,
    );
  }

  async function manifest(dataset: string): Promise<Manifest | undefined> {
    return readJson<Manifest>(store, manifestKey(dataset));
  }

  async function commitsOf(dataset: string): Promise<Commit[]> {
    const keys = (await store.list(commitPrefix(dataset))).map(({key}) => key);
    const commits = await concurrently(keys, READS_AT_ONCE, (key) => readJson<Commit>(store, key));
    return commits.filter((commit) => commit !== undefined).sort((a, b) => a.commit - b.commit);
  }

  async function readFiles(of: Contract, files: readonly ManifestFile[]): Promise<Table> {
    const paths = await concurrently(files, READS_AT_ONCE, (file) => pathOf(store, of.dataset, file));
    const groups = Map.groupBy(files.keys(), (index) => files[index]!.commit);
    const tables: Table[] = [];
    for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
      const inGroup = group.map((index) => paths[index]!);
      for (let from = 0; from < inGroup.length; from += FILES_A_QUERY)
        tables.push(await readParquet(of, inGroup.slice(from, from + FILES_A_QUERY), {uniform: true}));
    }
    return mergeTables(of, tables);
  }

  async function read(dataset: string, {equals = {}}: Pick<ReadOptions, "equals"> = {}): Promise<Table> {
    const of = contract(dataset);
    for (let look = 1; ; look++) {
      const current = await manifest(dataset);
      if (!current) return readParquet(of, []);
      const known = kept.get(dataset);
      if (known?.sha256 === current.snapshot.sha256) return rowsThatEqual(known.table, equals);
      const snapshot = await store.localFile(current.snapshot.path, current.snapshot.sha256);
      if (snapshot && keepsTables)
        return rowsThatEqual(
          keep(dataset, current.snapshot.sha256, await readParquet(of, [snapshot])),
          equals,
        );
      if (snapshot) return readParquet(of, [snapshot], {equals});
      // A writer may be between the snapshot and the manifest. Otherwise it is damaged, and the commits are the truth.
      if (look === SNAPSHOT_LOOKS) return rowsThatEqual(await readFiles(of, current.files), equals);
      await wait(SNAPSHOT_WAIT_MS);
    }
  }

  async function readVintage(dataset: string, vintage: string): Promise<Table> {
    const of = contract(dataset);
    const known = (await commitsOf(dataset)).filter(
      ({committed_at}) => Date.parse(committed_at) <= Date.parse(vintage),
    );
    return known.length === 0 ? readParquet(of, []) : readFiles(of, liveFiles(of, known));
  }

  async function append(dataset: string, table: Table, options: AppendOptions): Promise<Appended> {
    const of = contract(dataset);
    checkTable(of, table);
    const before = await manifest(dataset);
    const known = await read(dataset);
    const difference = differingRows(of, {known, incoming: table}, options);
    const replaced = of.mode === "replace" && (difference.rows.length > 0 || table.rows !== known.rows);
    const changed = of.mode === "replace" ? replaced || !before : difference.rows.length > 0 || !before;
    if (!changed && before) {
      if (JSON.stringify(before.inputs) !== JSON.stringify(options.inputs)) {
        await store.replace(manifestKey(dataset), toJson({...before, inputs: options.inputs}));
      }
      return {dataset, added: 0, revised: 0, rows: before.rows, sha256: before.snapshot.sha256};
    }
    if (before && Date.parse(options.committedAt) < Date.parse(before.committed_at)) {
      throw new RangeError(
        `Cannot commit to ${dataset} at ${options.committedAt}: its newest commit is of ${before.committed_at}. Correct the clock, or set NOW to a later time`,
      );
    }
    const rows =
      of.mode === "replace" ? Uint32Array.from({length: table.rows}, (_, i) => i) : difference.rows;
    const commit = (before?.commits ?? 0) + 1;
    const objects = partitionFiles(of, {table, rows, commit});
    const record: Commit = {
      commit,
      committed_at: options.committedAt,
      run: options.run,
      schema_version: of.schemaVersion,
      files: objects.map(({key, bytes, rows}) => ({
        path: key,
        rows,
        bytes: bytes.length,
        sha256: sha256(bytes),
      })),
    };
    const after =
      of.mode === "replace" ? mergeTables(of, [table]) : mergeTables(of, [known, takeRows(table, rows)]);
    await commitFiles(dataset, objects, record);
    const files =
      of.mode === "replace"
        ? liveFiles(of, [record])
        : [...(before?.files ?? []), ...liveFiles(of, [record])];
    const sha = await finish(of, {
      commits: commit,
      files,
      committedAt: options.committedAt,
      inputs: options.inputs,
      table: after,
    });
    await store.remove(intentKey(dataset));
    return {dataset, added: difference.added, revised: difference.revised, rows: after.rows, sha256: sha};
  }

  // The commit's own object is the instant at which the rows exist: before it nothing, after it everything.
  async function commitFiles(
    dataset: string,
    objects: readonly StoredObject[],
    record: Commit,
  ): Promise<void> {
    const written = record.files.map(({path}) => path);
    await store.replace(intentKey(dataset), toJson({commit: record.commit, files: written} satisfies Intent));
    try {
      await store.putAllIfAbsent(objects);
      if (!(await store.putIfAbsent(commitKey(dataset, record.commit), toJson(record)))) {
        throw new Error(
          `Cannot commit to ${dataset}: another run has written commit ${record.commit} meanwhile. Run again when it has ended`,
        );
      }
    } catch (error) {
      await undo(dataset, written);
      const intent = await readJson<Intent>(store, intentKey(dataset));
      // A writer that was faster has an intent of its own.
      if (JSON.stringify(intent?.files) === JSON.stringify(written)) await store.remove(intentKey(dataset));
      throw error;
    }
  }

  async function finish(
    of: Contract,
    state: {
      commits: number;
      files: readonly ManifestFile[];
      committedAt: string;
      inputs: Inputs;
      table: Table;
    },
  ): Promise<string> {
    const path = snapshotKey(of.dataset);
    const bytes = encodeParquet(of, state.table);
    const snapshot: FileEntry = {path, rows: state.table.rows, bytes: bytes.length, sha256: sha256(bytes)};
    const stored = await store.get(path);
    if (!stored || sha256(stored) !== snapshot.sha256) await store.replace(path, bytes);
    const manifest: Manifest = {
      dataset: of.dataset,
      schema_version: of.schemaVersion,
      columns: of.columns.map(({name, type}) => ({name, type})),
      key: of.key,
      commits: state.commits,
      committed_at: state.committedAt,
      rows: state.table.rows,
      last_date: lastDate(state.table),
      snapshot,
      inputs: state.inputs,
      files: state.files,
    };
    await store.replace(manifestKey(of.dataset), toJson(manifest));
    keep(of.dataset, snapshot.sha256, state.table);
    return snapshot.sha256;
  }

  async function undo(dataset: string, written: readonly string[]): Promise<void> {
    const committed = new Set((await commitsOf(dataset)).flatMap(({files}) => files.map(({path}) => path)));
    const orphans = written.filter((path) => !committed.has(path));
    await concurrently(orphans, READS_AT_ONCE, (path) => store.remove(path));
  }

  async function newestCommit(): Promise<string | undefined> {
    const manifests = await Promise.all(contracts.map(({dataset}) => manifest(dataset)));
    const times = manifests.flatMap((found) => (found ? [found.committed_at] : []));
    return times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  }

  async function recover(): Promise<string[]> {
    const done = await Promise.all(
      contracts.map(async (of) => [...(await recoverCommit(of)), ...(await recoverSnapshot(of))]),
    );
    return done.flat();
  }

  // Also without an intent a commit may be ahead of its manifest: an answer that was lost, two writers.
  async function recoverCommit(of: Contract): Promise<string[]> {
    const {dataset} = of;
    const intent = await readJson<Intent>(store, intentKey(dataset));
    const newest = (await store.list(commitPrefix(dataset))).at(-1)?.key;
    const current = await manifest(dataset);
    const isBehind = newest !== undefined && newest > commitKey(dataset, current?.commits ?? 0);
    if (!intent && !isBehind) return [];
    const commits = await commitsOf(dataset);
    const isCommitted = commits.some(({commit}) => commit === intent?.commit);
    if (isCommitted || isBehind) {
      const files = liveFiles(of, commits);
      await finish(of, {
        commits: commits.length,
        files,
        committedAt: commits[commits.length - 1]!.committed_at,
        inputs: current?.inputs ?? {},
        table: await readFiles(of, files),
      });
    }
    if (intent) await undo(dataset, intent.files);
    await store.remove(intentKey(dataset));
    return isCommitted || isBehind
      ? [`${dataset}: finished commit ${commits.length}`]
      : [`${dataset}: undid the unfinished commit ${intent?.commit}`];
  }

  async function recoverSnapshot(of: Contract): Promise<string[]> {
    const current = await manifest(of.dataset);
    if (!current) return [];
    const {path, sha256: wanted} = current.snapshot;
    const bytes = await store.get(path);
    if (bytes && sha256(bytes) === wanted) return [];
    await store.replace(path, encodeParquet(of, await readFiles(of, current.files)));
    return [`${of.dataset}: derived the snapshot again, it was damaged`];
  }

  async function verify({content} = {content: true}): Promise<string[]> {
    const problems: string[] = [];
    for (const of of contracts) {
      const current = await manifest(of.dataset);
      if (!current) continue;
      const sizes = await store.sizes(current.files.map(({path}) => path));
      const found = await concurrently(current.files, READS_AT_ONCE, (file) =>
        problemOf(file, {size: sizes.get(file.path), content}),
      );
      problems.push(...found.filter((problem) => problem !== undefined));
      if (!content || problems.length > 0) continue;
      const derived = encodeParquet(of, await readFiles(of, current.files));
      if (sha256(derived) !== current.snapshot.sha256)
        problems.push(`${current.snapshot.path} does not follow from its files`);
    }
    return problems;
  }

  async function problemOf(
    file: FileEntry,
    {size, content}: {readonly size: number | undefined; readonly content: boolean},
  ): Promise<string | undefined> {
    if (size === undefined) return `${file.path} is missing`;
    if (size !== file.bytes) return `${file.path} has ${size} bytes, the manifest says ${file.bytes}`;
    const bytes = content ? await store.get(file.path) : undefined;
    return bytes && sha256(bytes) !== file.sha256
      ? `${file.path} does not have the content that the manifest names`
      : undefined;
  }

  return {store, contract, manifest, read, readVintage, append, newestCommit, recover, verify};
}

/** JSON with a final line break, as every JSON object of the lake is kept. */
export function toJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/**
 * A JSON object of the store, or undefined where there is none.
 *
 * @throws {SyntaxError} if the bytes are not JSON
 */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (error) {
    throw new SyntaxError(
      `Cannot read ${key}: it is not JSON (${(error as Error).message}). Restore it from a copy`,
    );
  }
}

function lastDate(table: Table): string | null {
  const dates = table.columns.date;
  return dates instanceof Int32Array && table.rows > 0
    ? isoDate(dates.reduce((a, b) => Math.max(a, b)))
    : null;
}

async function pathOf(store: ObjectStore, dataset: string, file: FileEntry): Promise<string> {
  const path = await store.localFile(file.path, file.sha256);
  if (path) return path;
  const size = (await store.sizes([file.path])).get(file.path);
  const found = size === undefined ? "is missing" : `has ${size} bytes and other content`;
  throw new ContractError(
    dataset,
    `${file.path} ${found}, its manifest says ${file.bytes} bytes. Restore the file from a copy, or remove the lake's folder and run again`,
  );
}
