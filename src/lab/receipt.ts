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

/** What in two receipts of one result is not the same, in words. */
export function compareReceipts(before: Receipt, now: Receipt): string[] {
  const differing = (
    what: string,
    a: Readonly<Record<string, string>>,
    b: Readonly<Record<string, string>>,
  ): string[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => a[key] !== b[key])
      .map((key) => `${what} ${key}`);
  return [
    ...(before.source === now.source ? [] : [`source ${before.source}`]),
    ...differing("data", before.data, now.data),
    ...differing("code", before.code, now.code),
    ...(before.config_sha256 === now.config_sha256 ? [] : ["config"]),
    ...(before.seed === now.seed ? [] : [`seed ${before.seed}`]),
    ...(before.result_sha256 === now.result_sha256 ? [] : ["result"]),
  ];
}

/** JSON with every number written out: NaN is null, as JSON has none; typed arrays are lists. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_, entry: unknown) => (ArrayBuffer.isView(entry) ? Array.from(entry as Float64Array) : entry),
    1,
  );
}

function sourceOf(value: unknown): string {
  if (typeof value === "function") return String(value);
  return (
    JSON.stringify(value, (_, entry: unknown) => (typeof entry === "function" ? String(entry) : entry)) ?? ""
  );
}
