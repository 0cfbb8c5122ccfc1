// An object store that is a directory: write aside, make durable, then link, which fails where the name is taken.
import {execFileSync} from "node:child_process";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import {dirname, join, resolve, sep} from "node:path";
import type {ObjectStore, StoredObject} from "./objectStore.ts";

const ASIDE = "_aside"; // unfinished writes; emptied when the store opens for writing

export function localDirectory(root: string): ObjectStore {
  const base = resolve(root);
  let serial = 0;

  function pathOf(key: string): string {
    const path = resolve(base, key);
    if (!path.startsWith(base + sep))
      throw new RangeError(`Cannot use the key ${JSON.stringify(key)}: it leaves the store`);
    return path;
  }

  function writeAside(bytes: Uint8Array, {durable}: {durable: boolean}): string {
    const folder = join(base, ASIDE);
    mkdirSync(folder, {recursive: true});
    const path = join(folder, `${process.pid}-${serial++}`);
    const file = openSync(path, "wx");
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return path;
  }

  function linkNew(aside: string, path: string): boolean {
    try {
      linkSync(aside, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      unlinkSync(aside);
    }
  }

  return {
    async get(key) {
      return reading(key, () => readFileSync(pathOf(key)));
    },
    async size(key) {
      return statSync(pathOf(key), {throwIfNoEntry: false})?.size;
    },
    async list(prefix) {
      const folder = pathOf(prefix);
      const entries =
        reading(prefix, () => readdirSync(folder, {recursive: true, withFileTypes: true})) ?? [];
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return {key: path.slice(base.length + 1).replaceAll(sep, "/"), size: statSync(path).size};
        })
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async putIfAbsent(key, bytes) {
      return writing(key, () => {
        const path = pathOf(key);
        mkdirSync(dirname(path), {recursive: true});
        const created = linkNew(writeAside(bytes, {durable: true}), path);
        syncFolder(dirname(path));
        return created;
      });
    },
    async putAllIfAbsent(objects: Iterable<StoredObject>) {
      // Thousands of fsyncs take minutes; one sync of the file system before the names appear makes all durable.
      writing("a batch of files", () => {
        const staged: {aside: string; path: string}[] = [];
        try {
          for (const {key, bytes} of objects) {
            staged.push({aside: writeAside(bytes, {durable: false}), path: pathOf(key)});
          }
          if (staged.length === 0) return;
          syncFileSystem(base);
          const made = new Set<string>();
          while (staged.length > 0) {
            const {aside, path} = staged[staged.length - 1]!;
            const folder = dirname(path);
            if (!made.has(folder)) mkdirSync(folder, {recursive: true});
            made.add(folder);
            linkNew(aside, path);
            staged.pop();
          }
          syncFileSystem(base);
        } finally {
          for (const {aside} of staged) rmSync(aside, {force: true});
        }
      });
    },
    async replace(key, bytes) {
      writing(key, () => {
        const path = pathOf(key);
        mkdirSync(dirname(path), {recursive: true});
        const aside = writeAside(bytes, {durable: true});
        try {
          renameSync(aside, path);
        } catch (error) {
          rmSync(aside, {force: true});
          throw error;
        }
        syncFolder(dirname(path));
      });
    },
    async remove(key) {
      writing(key, () => {
        rmSync(pathOf(key), {force: true});
        const folder = dirname(pathOf(key));
        try {
          if (folder !== base && readdirSync(folder).length === 0) rmdirSync(folder);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        }
      });
    },
    async localPath(key) {
      return pathOf(key);
    },
  };
}

/** Throws away what writers that died left unfinished. */
export function discardUnfinished(root: string): void {
  rmSync(join(root, ASIDE), {recursive: true, force: true});
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFileSystem(path: string): void {
  execFileSync("sync", ["-f", path], {stdio: "ignore"}); // syncfs(2), which Node does not offer
}

function reading<T>(key: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new Error(`Cannot read ${key}: ${(error as Error).message}`, {cause: error});
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free space and run again",
  EDQUOT: "the disk quota is used up; free space and run again",
  EROFS: "the file system is read-only; mount it for writing or choose another DATA_DIR",
  EACCES: "permission is missing; make the folder writable or choose another DATA_DIR",
  EPERM: "permission is missing; make the folder writable or choose another DATA_DIR",
};

function writing<T>(key: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const remedy = REMEDIES[code];
    if (!remedy) throw error;
    throw new Error(`Cannot write ${key}: ${remedy} (${code}). Nothing was committed`, {cause: error});
  }
}
