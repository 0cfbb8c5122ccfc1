// Where is a lake? In a folder, or under a prefix of a bucket: s3://bucket/prefix.
import {join} from "node:path";
import {localDirectory} from "./localDirectory.ts";
import type {ObjectStore} from "./objectStore.ts";
import {s3Settings} from "./s3Settings.ts";
import {s3Store} from "./s3Store.ts";

const SCHEME = "s3://";

export interface BucketRoot {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

/**
 * The store of a root such as DATA_DIR names. Nothing is asked of a bucket yet.
 *
 * @throws {RangeError} if an s3:// root names no bucket
 */
export function storeAt(root: string): ObjectStore {
  const place = bucketRoot(root);
  return place ? s3Store(place, s3Settings(process.env)) : localDirectory(root);
}

/** The bucket and prefix of an s3:// root; undefined for a folder. */
export function bucketRoot(root: string): BucketRoot | undefined {
  if (!root.startsWith(SCHEME)) return undefined;
  const [bucket = "", ...names] = root.slice(SCHEME.length).split("/");
  const prefix = names.filter((name) => name !== "").join("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new RangeError(
      `Cannot use DATA_DIR=${root}: ${JSON.stringify(bucket)} is not a bucket's name; write s3://bucket or s3://bucket/prefix`,
    );
  }
  return {bucket, prefix};
}

/** A root inside another. */
export function rootBelow(root: string, ...names: readonly string[]): string {
  if (!bucketRoot(root)) return join(root, ...names);
  return [root.replace(/\/+$/, ""), ...names].join("/");
}
