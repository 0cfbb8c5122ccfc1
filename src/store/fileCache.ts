// Which objects of a bucket are on this machine already? Files named by their content, the least used thrown away.
import {randomUUID} from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import {tmpdir, userInfo} from "node:os";
import {join} from "node:path";
import {sha256} from "./sha256.ts";

const IN_USE_MS = 3_600_000; // a file used this recently may be open in a reader

export interface FileCache {
  /** The path of a file with this content, fetched where there is none yet; undefined where `fetch` finds another. */
  path(hash: string, fetch: () => Promise<Uint8Array | undefined>): Promise<string | undefined>;
}

/**
 * A folder of files by the SHA-256 of their content, which is compared at each use. It is made for this user alone and
 * thinned out to `bytes` once, at the first use.
 */
export function fileCache(folder = defaultFolder(), {bytes}: {readonly bytes: number}): FileCache {
  let isReady = false;

  function prepare(): void {
    if (isReady) return;
    mkdirSync(folder, {recursive: true, mode: 0o700});
    const owner = statSync(folder).uid;
    const me = process.getuid?.() ?? owner;
    if (owner !== me) throw new Error("it belongs to another user");
    thinOut(folder, bytes);
    isReady = true;
  }

  function keep(path: string, content: Uint8Array): void {
    const aside = `${path}.${randomUUID()}`;
    try {
      writeFileSync(aside, content);
      renameSync(aside, path);
    } catch (error) {
      rmSync(aside, {force: true});
      throw error;
    }
  }

  return {
    async path(hash, fetch) {
      const path = join(folder, `${hash}.parquet`);
      writing(folder, prepare);
      if (holds(path, hash)) return path;
      const content = await fetch();
      if (!content || sha256(content) !== hash) return undefined;
      writing(folder, () => keep(path, content));
      return path;
    },
  };
}

function defaultFolder(): string {
  return join(tmpdir(), `volbook-cache-${userInfo().uid}`);
}

function holds(path: string, hash: string): boolean {
  try {
    if (sha256(readFileSync(path)) !== hash) return false;
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch {
    return false; // not there, or not readable: it is fetched
  }
}

function thinOut(folder: string, bytes: number): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => {
      const stat = statSync(path, {throwIfNoEntry: false});
      return stat?.isFile() ? [{path, size: stat.size, used: stat.mtimeMs}] : [];
    })
    .sort((a, b) => a.used - b.used);
  let total = files.reduce((sum, {size}) => sum + size, 0);
  for (const {path, size, used} of files) {
    if (total <= bytes || Date.now() - used < IN_USE_MS) return;
    rmSync(path, {force: true});
    total -= size;
  }
}

function writing(folder: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Error(
      `Cannot keep files in the cache ${folder}: ${(error as Error).message}. Name another folder with VOLBOOK_CACHE`,
      {cause: error},
    );
  }
}
