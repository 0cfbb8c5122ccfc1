// From which data, code, settings and seed did a result come?

import type {LakeFolder} from "../store/lakeFolder.ts";
import {sha256} from "../store/sha256.ts";

/** Enough to tell whether a result would come out the same today. Hashes are SHA-256, hexadecimal. */
export interface Receipt {
  readonly name: string;
  /** The lake's source, and each dataset read by the hash of its snapshot. */
  readonly source: string;
  readonly data: Readonly<Record<string, string>>;
  /** The library by the hash of its files, and each function or model of one's own by that of its source text. */
  readonly code: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly config_sha256: string;
  readonly seed: number;
  readonly result_sha256: string;
}

export interface ReceiptOptions {
  readonly name: string;
  readonly lake: LakeFolder;
  /** Datasets that the result was made from. */
  readonly reads: readonly string[];
  /** Functions, features and models of one's own, by name: the source text of all functions in them is hashed. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** What was chosen, as JSON: periods, models, refits. */
  readonly config?: unknown;
  readonly seed?: number;
}

/**
 * The receipt of a result.
 *
 * @param result plain JSON
 * @param options.library hash of the library's files
 * @throws {RangeError} if the lake has nothing of a dataset that was read
 */
export async function makeReceipt(
  result: unknown,
  {name, lake, reads, own = {}, config = {}, seed = 1, library}: ReceiptOptions & {readonly library: string},
): Promise<Receipt> {
  const data: Record<string, string> = {};
  for (const dataset of [...reads].sort()) {
    const manifest = await lake.manifest(dataset);
    if (!manifest) {
      throw new RangeError(
        `Cannot write the receipt of ${name}: the lake has no ${dataset}; leave it out of reads`,
      );
    }
    data[dataset] = manifest.snapshot.sha256;
  }
  const ownCode = Object.entries(own).map(([key, value]) => [key, sha256(sourceOf(value))]);
  return {
    name,
    source: lake.source,
    data,
    code: {volbook: library, ...Object.fromEntries(ownCode)},
    config,
    config_sha256: sha256(JSON.stringify(config)),
    seed,
    result_sha256: sha256(jsonOf(result)),
  };
}

/**
 * What in two receipts of one result is not the same, in words: "data labels_daily: 3f2a…, now 91bc…",
 * "config.halfLife: 2520, now 1260". None where nothing differs.
 */
export function compareReceipts(before: Receipt, now: Receipt): string[] {
  return [
    ...differences("source", before.source, now.source),
    ...differingHashes("data", before.data, now.data),
    ...differingHashes("code", before.code, now.code),
    ...differences("config", before.config, now.config),
    ...differences("seed", before.seed, now.seed),
    ...differingHashes("result", {"": before.result_sha256}, {"": now.result_sha256}),
  ];
}

type Hashes = Readonly<Record<string, string>>;

function differingHashes(what: string, before: Hashes, now: Hashes): string[] {
  const short = (hash: string | undefined): string => (hash ? `${hash.slice(0, 12)}…` : "none");
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => before[key] !== now[key])
    .map((key) => `${key === "" ? what : `${what} ${key}`}: ${short(before[key])}, now ${short(now[key])}`);
}

// Settings one by one, down to the values that differ.
function differences(path: string, before: unknown, now: unknown): string[] {
  const [a, b] = [before, now].map((value) => JSON.stringify(value) ?? "none");
  if (a === b) return [];
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(before) || !isRecord(now)) return [`${path}: ${a}, now ${b}`];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) =>
    differences(`${path}.${key}`, before[key], now[key]),
  );
}

/**
 * JSON with every number written out: NaN is null, as JSON has none; typed arrays are lists.
 *
 * @throws {TypeError} if the value has a bigint, or contains itself
 */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(
      value,
      (_, entry: unknown) => (ArrayBuffer.isView(entry) ? Array.from(entry as Float64Array) : entry),
      1,
    );
  } catch (error) {
    const problem = /BigInt/.test(String(error))
      ? "it has a bigint; use Number(…) or String(…)"
      : "it contains itself; keep the figures and leave the object out";
    throw new TypeError(`Cannot write the result as JSON: ${problem}`, {cause: error});
  }
}

function sourceOf(value: unknown): string {
  if (typeof value === "function") return String(value);
  return (
    JSON.stringify(value, (_, entry: unknown) => (typeof entry === "function" ? String(entry) : entry)) ?? ""
  );
}
