// May this run write the lake? One writer at a time; the lock of a writer that died is taken over.
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname} from "node:os";
import {join} from "node:path";
import lockfile from "proper-lockfile";

const STALE_MILLISECONDS = 60_000; // longer than any stretch without a turn of the event loop

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Takes the writer's lock of a lake's folder; call the answer to give it back.
 *
 * @throws {Error} if another run holds it, or the folder cannot be written
 */
export async function lockLake(root: string, {now}: {readonly now: string}): Promise<() => Promise<void>> {
  const lock = join(root, "_lock");
  const ownerFile = join(root, "_owner.json");
  try {
    mkdirSync(root, {recursive: true});
  } catch (error) {
    throw new Error(
      `Cannot write ${root}: ${(error as Error).message}. Choose a DATA_DIR that can be written`,
    );
  }
  const owner = readOwner(ownerFile);
  if (owner && owner.host === hostname() && !isAlive(owner.pid)) rmSync(lock, {recursive: true, force: true});
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(root, {lockfilePath: lock, stale: STALE_MILLISECONDS, realpath: false});
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code !== "ELOCKED")
      throw new Error(`Cannot write ${root}: ${message}. Choose a DATA_DIR that can be written`);
    const who = owner ? `process ${owner.pid} on ${owner.host}, since ${owner.since}` : "another process";
    throw new Error(`Cannot write ${root}: another run is writing it (${who}). Run again when it has ended`);
  }
  try {
    writeFileSync(
      ownerFile,
      `${JSON.stringify({pid: process.pid, host: hostname(), since: now} satisfies Owner)}\n`,
    );
  } catch (error) {
    await release();
    throw new Error(`Cannot write ${root}: ${(error as Error).message}`);
  }
  return async () => {
    rmSync(ownerFile, {force: true});
    await release();
  };
}

function readOwner(path: string): Owner | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined; // half written by a run that died: the lock's age decides
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
