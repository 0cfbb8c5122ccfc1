// Where is a lake? In a folder, or under a prefix of a bucket: s3://bucket/prefix.
import {join} from "node:path";
import {bucketRoot} from "./bucketRoot.ts";
import {localDirectory} from "./localDirectory.ts";
import type {ObjectStore} from "./objectStore.ts";
import {s3Settings} from "./s3Settings.ts";
import {s3Store} from "./s3Store.ts";

/**
 * The store of a root such as DATA_DIR names. Nothing is asked of a bucket yet.
 *
 * @throws {RangeError} if an s3:// root names no bucket
 */
export function storeAt(root: string): ObjectStore {
  const place = bucketRoot(root);
  return place ? s3Store(place, s3Settings(process.env)) : localDirectory(root);
}

/**
 * A root that can be opened with these variables.
 *
 * @throws {RangeError} naming the variable that makes no sense
 */
export function checkRoot(root: string, variables: Readonly<Record<string, string | undefined>>): string {
  if (bucketRoot(root)) s3Settings(variables);
  return root;
}

/** A root inside another. */
export function rootBelow(root: string, ...names: readonly string[]): string {
  if (!bucketRoot(root)) return join(root, ...names);
  return [root.replace(/\/+$/, ""), ...names].join("/");
}
