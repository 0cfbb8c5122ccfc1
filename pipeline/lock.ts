// May this run write the lake? One writer at a time; the lock of a writer that died is taken over.
import {readFileSync, readlinkSync} from "node:fs";
import {hostname} from "node:os";
import {bucketRoot} from "../src/store/bucketRoot.ts";
import {storeAt} from "../src/store/lakeRoot.ts";
import {LeaseHeld, type LeaseOwner, takeLease} from "../src/store/lease.ts";
import {discardUnfinished} from "../src/store/localDirectory.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";

const QUIET_MS = 60_000; // longer than any stretch without a turn of the event loop
const BEAT_MS = 10_000;

interface Owner extends LeaseOwner {
  /** The space in which the pid counts: two containers may have one host's name and each a process 1. */
  readonly space: string;
  /** When the process started, in the kernel's ticks: a pid is given again. Empty where that cannot be told. */
  readonly started: string;
}

export interface LakeLock {
  /** The lake's objects; a write throws once another run has taken over. */
  readonly store: ObjectStore;
  release(): Promise<void>;
}

/**
 * Takes the writer's lock of a lake and throws away what a writer that died left half written.
 *
 * @param root its folder, or s3://bucket/prefix
 * @param now ISO time, for whoever meets the lock
 * @throws {Error} if another run holds it, or the lake cannot be written
 */
export async function lockLake(root: string, {now}: {readonly now: string}): Promise<LakeLock> {
  const store = storeAt(root);
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    since: now,
    space: processSpace(),
    started: startOf(process.pid) ?? "",
  };
  const {check, release} = await takeLease(store, {
    owner,
    fateOf,
    quietMs: QUIET_MS,
    beatMs: BEAT_MS,
  }).catch((error: Error) => {
    const why =
      error instanceof LeaseHeld
        ? `another run is writing it (${error.message}). Run again when it has ended`
        : error.message.replace(/^Cannot write /, "");
    throw new Error(`Cannot write ${root}: ${why}`, {cause: error});
  });
  if (!bucketRoot(root)) discardUnfinished(root);
  return {store: guarded(store, check), release};
}

function guarded(store: ObjectStore, check: () => Promise<void>): ObjectStore {
  const held = async <T>(write: () => Promise<T>): Promise<T> => {
    await check().catch((error: Error) => {
      throw new Error(`Cannot go on writing: ${error.message}. What was committed stays, run again to go on`);
    });
    return write();
  };
  return {
    ...store,
    putIfAbsent: (key, bytes) => held(() => store.putIfAbsent(key, bytes)),
    putAllIfAbsent: (objects) => held(() => store.putAllIfAbsent(objects)),
    replace: (key, bytes) => held(() => store.replace(key, bytes)),
    remove: (key) => held(() => store.remove(key)),
  };
}

/** Whether an owner lives, which can be told on its own machine alone. */
function fateOf({pid, host, space, started}: Owner): "alive" | "dead" | "unknown" {
  if (host !== hostname() || space !== processSpace()) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "dead";
  }
  if (started === "") return "unknown";
  return startOf(pid) === started ? "alive" : "dead";
}

function processSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux
  }
}

function startOf(pid: number): string | undefined {
  try {
    // proc_pid_stat(5): the state is the third field, after the name in brackets; starttime is the 22nd.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
