// What had this lake held on an earlier day?

import type {Contract} from "../store/contract.ts";
import {fileCache} from "../store/fileCache.ts";
import type {LakeFolder, LakeReader} from "../store/lakeFolder.ts";
import type {Manifest} from "../store/manifest.ts";
import {encodeParquet} from "../store/parquetWriter.ts";
import {sha256} from "../store/sha256.ts";
import {filterRows, integers, rowsThatEqual, type Table} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";

export interface AsOfOptions {
  /** The last session whose bar is seen, YYYY-MM-DD: what AS_OF is to the pipeline. */
  readonly day?: string;
  /** An instant, ISO time: values as the lake knew them then, before later revisions. Default: their latest. */
  readonly vintage?: string;
}

/** The day by which a row was known: its session, or the last return that trained the fit. */
const KNOWN_BY = ["date", "trained_through"] as const;
const OUTCOME = /rv_(\d+)d$/;
const CACHE_BYTES = 1e9;

/**
 * The same lake as of a day, for `read`, `query`, `readLabTable` and the rest. Rows dated later are gone, and an outcome
 * whose sessions had not all passed is NaN. Without a vintage a value is the one the lake has today: a dividend paid
 * later has moved the adjusted closes before it.
 *
 * @throws {RangeError} when a dataset is read that is one figure over all days: a leaderboard as of a day is
 *   `rankForecasts` on the forecasts of that day; or when it begins later, saying when
 */
export function lakeAsOf(lake: LakeFolder, {day, vintage}: AsOfOptions): LakeFolder {
  const until = day === undefined ? Number.POSITIVE_INFINITY : sessionDate(day);
  if (vintage !== undefined && Number.isNaN(Date.parse(vintage))) {
    throw new SyntaxError(
      `Cannot read the lake as of ${JSON.stringify(vintage)}: vintage must be an ISO time such as 2024-03-28T21:00:00Z`,
    );
  }
  const tables = new Map<string, Promise<Table>>();
  const tableOf = (dataset: string): Promise<Table> => {
    const known = tables.get(dataset) ?? load(dataset);
    tables.set(dataset, known);
    return known;
  };

  async function load(dataset: string): Promise<Table> {
    const contract = lake.contract(dataset);
    const table = await (vintage === undefined ? lake.read(dataset) : lake.readVintage(dataset, vintage));
    if (vintage !== undefined && table.rows === 0 && (await lake.manifest(dataset))) {
      throw new RangeError(
        `Cannot read ${dataset} as of ${vintage}: the lake held nothing of it then; name a later vintage`,
      );
    }
    return day === undefined ? table : knownBy(contract, table, until);
  }

  const read: LakeReader["read"] = async (dataset, {equals} = {}) => {
    const table = await tableOf(dataset);
    return equals ? rowsThatEqual(table, equals) : table;
  };

  // The snapshots that `query` reads, of what was known: by their content in the cache that buckets' files use. Each is
  // written once, whatever is asked of it.
  const cache = fileCache(undefined, {bytes: CACHE_BYTES});
  const snapshots = new Map<string, Uint8Array>();
  const written = new Map<string, Promise<Manifest | undefined>>();
  const manifest: LakeReader["manifest"] = (dataset) => {
    const known = written.get(dataset) ?? manifestOf(dataset);
    written.set(dataset, known);
    return known;
  };

  async function manifestOf(dataset: string): Promise<Manifest | undefined> {
    const whole = await lake.manifest(dataset);
    if (!whole) return undefined;
    const table = await tableOf(dataset);
    const bytes = encodeParquet(lake.contract(dataset), table);
    const hash = sha256(bytes);
    snapshots.set(hash, bytes);
    const days = "date" in table.columns ? integers(table, "date") : new Int32Array(0);
    const snapshot = {path: `as-of/${dataset}.parquet`, rows: table.rows, bytes: bytes.length, sha256: hash};
    const newest = days.reduce((latest, date) => Math.max(latest, date), Number.NEGATIVE_INFINITY);
    return {
      ...whole,
      rows: table.rows,
      last_date: Number.isFinite(newest) ? isoDate(newest) : null,
      snapshot,
    };
  }

  const localFile: LakeFolder["store"]["localFile"] = async (key, hash) =>
    snapshots.has(hash) ? cache.path(hash, async () => snapshots.get(hash)) : lake.store.localFile(key, hash);

  return {...lake, manifest, read, store: {...lake.store, localFile}};
}

function knownBy(contract: Contract, table: Table, until: number): Table {
  const {dataset, mode} = contract;
  const by = KNOWN_BY.find((name) => name in table.columns);
  if (mode === "replace" || by === undefined) {
    throw new RangeError(
      `Cannot read ${dataset} as of ${isoDate(until)}: it is made from all days at once; read it from the whole lake, or rank the forecasts of that day with rankForecasts`,
    );
  }
  const kept = filterRows(table, by, (value) => value <= until);
  if (kept.rows === 0 && table.rows > 0) {
    const first = integers(table, by).reduce((earliest, value) => Math.min(earliest, value));
    throw new RangeError(
      `Cannot read ${dataset} as of ${isoDate(until)}: nothing of it was known by then; it begins on ${isoDate(first)}`,
    );
  }
  const outcomes = Object.keys(kept.columns).filter(
    (name) => dataset === "labels_daily" && OUTCOME.test(name),
  );
  return outcomes.length === 0 ? kept : {...kept, columns: {...kept.columns, ...unpassed(kept, outcomes)}};
}

// The outcome of the last h sessions lies after them.
function unpassed({rows, columns}: Table, names: readonly string[]): Record<string, Float64Array> {
  return Object.fromEntries(
    names.map((name) => {
      const ahead = Number(OUTCOME.exec(name)![1]);
      const values = (columns[name] as Float64Array).slice();
      return [name, values.fill(Number.NaN, Math.max(0, rows - ahead))];
    }),
  );
}
