// An object store that is a directory: write aside, make durable, then link, which fails where the name is taken.
import {execFileSync} from "node:child_process";
import {randomUUID} from "node:crypto";
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
import {ASIDE, checkKey} from "./objectKey.ts";
import type {ObjectStore, StoredObject} from "./objectStore.ts";
import {sha256} from "./sha256.ts";

export function localDirectory(root: string): ObjectStore {
  const base = resolve(root);

  function pathOf(key: string): string {
    checkKey(key);
    return join(base, key);
  }

  function writeAside(bytes: Uint8Array, {durable}: {durable: boolean}): string {
    const folder = join(base, ASIDE);
    mkdirSync(folder, {recursive: true});
    const path = join(folder, randomUUID());
    const file = openSync(path, "wx");
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      if (durable) fsyncSync(file);
    } catch (error) {
      rmSync(path, {force: true});
      throw error;
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

  function sizeOf(path: string): number | undefined {
    const stat = reading(path, () => statSync(path, {throwIfNoEntry: false}));
    return stat?.isFile() ? stat.size : undefined;
  }

  // A folder or a file may go while this looks: then it is not there, and the others still are.
  function* filesIn(folder: string): Generator<{key: string; size: number}> {
    for (const entry of reading(folder, () => readdirSync(folder, {withFileTypes: true})) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* filesIn(path);
      const size = entry.isFile() ? sizeOf(path) : undefined;
      if (size !== undefined) yield {key: path.slice(base.length + 1).replaceAll(sep, "/"), size};
    }
  }

  return {
    async get(key) {
      const path = pathOf(key);
      return reading(key, () => readFileSync(path));
    },
    async sizes(keys) {
      return new Map(
        keys.flatMap((key) => {
          const size = sizeOf(pathOf(key));
          return size === undefined ? [] : [[key, size]];
        }),
      );
    },
    async list(folder) {
      return [...filesIn(pathOf(folder))].sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async putIfAbsent(key, bytes) {
      return writing(key, () => {
        const path = pathOf(key);
        makeFolder(dirname(path));
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
        makeFolder(dirname(path));
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
    async localFile(key, hash) {
      const path = pathOf(key);
      const bytes = reading(key, () => readFileSync(path));
      return bytes && sha256(bytes) === hash ? path : undefined;
    },
  };
}

/** Throws away what writers that died left unfinished. */
export function discardUnfinished(root: string): void {
  rmSync(join(root, ASIDE), {recursive: true, force: true});
}

// A folder is as durable as its name in the folder above.
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, {recursive: true});
  if (!first) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
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
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw new Error(`Cannot read ${key}: ${(error as Error).message}`, {cause: error});
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free space and run again",
  EDQUOT: "the disk quota is used up; free space and run again",
  EROFS: "the file system is read-only; mount it for writing or choose another DATA_DIR",
  EACCES: "permission is missing; make the folder writable or choose another DATA_DIR",
  ENOTDIR: "a file is where a folder should be; choose another DATA_DIR",
  EEXIST: "a file is where a folder should be; choose another DATA_DIR",
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
