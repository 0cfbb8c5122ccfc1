import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {toJson} from "./lake.ts";
import {type Lease, LeaseHeld, type LeaseOptions, type LeaseOwner, takeLease} from "./lease.ts";
import {localDirectory} from "./localDirectory.ts";
import type {ObjectStore} from "./objectStore.ts";

const QUIET_MS = 600;
const BEAT_MS = 60;

let root: string;
let store: ObjectStore;
const taken: Lease[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lease-"));
  store = localDirectory(root);
});
afterEach(async () => {
  for (const lease of taken.splice(0)) await lease.release();
  rmSync(root, {recursive: true});
});

async function take(pid: number, more: Partial<LeaseOptions<LeaseOwner>> = {}): Promise<Lease> {
  const lease = await takeLease(store, {
    owner: {pid, host: "here", since: "2024-01-08T22:00:00Z"},
    fateOf: () => "unknown",
    quietMs: QUIET_MS,
    beatMs: BEAT_MS,
    ...more,
  });
  taken.push(lease);
  return lease;
}

/** What an owner that gives no more signs of life has left. */
async function leaveBehind(pid: number): Promise<void> {
  const owner = {pid, host: "there", since: "2024-01-08T21:00:00Z"};
  await store.putIfAbsent("_lock/000000000007.json", toJson({owner, beat: 3, released: false}));
}

const numbers = (): string[] =>
  readdirSync(join(root, "_lock")).map((name) => name.replace(/^0*|\.json$/g, ""));

describe("takeLease()", {timeout: 20_000}, () => {
  it("goes to exactly one of 16 that want it, and the others hear who has it", async () => {
    const outcomes = await Promise.allSettled(Array.from({length: 16}, (_, pid) => take(pid)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused).toHaveLength(15);
    const winner = outcomes.findIndex(({status}) => status === "fulfilled");
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(LeaseHeld);
      expect(reason.message).toBe(`process ${winner} on here, since 2024-01-08T22:00:00Z`);
    }
  });

  it("comes to the next at once when it is given back, under a number of its own", async () => {
    for (const number of ["1", "2", "3"]) {
      const lease = await take(1);
      await lease.check();
      expect(numbers()).toEqual([number]);
      await lease.release();
    }
  });

  it("waits for a sign of life of an owner it knows nothing about, and takes over after long silence", async () => {
    await leaveBehind(9);
    const started = performance.now();
    await take(1);
    expect(performance.now() - started).toBeGreaterThan(QUIET_MS);
    expect(numbers()).toEqual(["8"]);
  });

  it("does not wait for the dead, nor for those it sees alive", async () => {
    await leaveBehind(9);
    const started = performance.now();
    await expect(take(1, {fateOf: () => "alive"})).rejects.toThrow("process 9 on there");
    await take(1, {fateOf: () => "dead"});
    expect(performance.now() - started).toBeLessThan(QUIET_MS);
  });

  it("of several that find a dead owner goes to exactly one", async () => {
    for (let round = 0; round < 5; round++) {
      await leaveBehind(9);
      const outcomes = await Promise.allSettled(
        Array.from({length: 8}, (_, pid) =>
          take(pid, {fateOf: ({host}) => (host === "there" ? "dead" : "alive")}),
        ),
      );
      expect(outcomes.filter(({status}) => status === "fulfilled")).toHaveLength(1);
      for (const lease of taken.splice(0)) await lease.release();
      rmSync(join(root, "_lock"), {recursive: true});
    }
  });

  it("tells an owner that slept too long, which then leaves the new one's lease alone", async () => {
    const sleeper = await take(1);
    const successor = await take(2, {fateOf: () => "dead"});
    await wait(3 * BEAT_MS);
    await expect(sleeper.check()).rejects.toThrow("another run has taken over");
    await sleeper.release();
    await successor.check();
    expect(numbers()).toEqual(["2"]);
  });

  it("is kept by an owner whose timer had no turn for long, where nobody came", async () => {
    const lease = await take(1);
    const until = performance.now() + 2 * QUIET_MS;
    while (performance.now() < until); // no turn of the event loop
    await lease.check();
    await expect(take(2)).rejects.toThrow(LeaseHeld);
  });
});
