// Whose turn is it to write a store? Numbered objects, each created once; the newest one's owner, while it gives signs of life.
import {setTimeout as wait} from "node:timers/promises";
import {concurrently} from "./concurrently.ts";
import {readJson, toJson} from "./lake.ts";
import type {ObjectStore} from "./objectStore.ts";

const FOLDER = "_lock";

/** Who holds a lease, in words for whoever does not get it. */
export interface LeaseOwner {
  readonly pid: number;
  readonly host: string;
  /** ISO time. */
  readonly since: string;
}

export interface LeaseOptions<Owner extends LeaseOwner> {
  readonly owner: Owner;
  /** What is known of an owner without watching it. */
  readonly fateOf: (owner: Owner) => "alive" | "dead" | "unknown";
  /** Silence after which an owner counts as dead. */
  readonly quietMs: number;
  /** Between two signs of life. */
  readonly beatMs: number;
}

export interface Lease {
  /** @throws {Error} if another has taken over meanwhile; call it before a write */
  check(): Promise<void>;
  release(): Promise<void>;
}

interface LeaseState<Owner> {
  readonly owner: Owner;
  readonly beat: number;
  readonly released: boolean;
}

/**
 * Takes the lease of a store. Where it is not known whether the owner lives, watches until its next sign of life, or
 * takes over after `quietMs` without any: no clock is compared with another machine's.
 *
 * A number is never created twice, and the newest object stays when the lease is given back: so a taker that was
 * stopped at any point finds its number taken.
 *
 * @throws {LeaseHeld} if another holds it
 */
export async function takeLease<Owner extends LeaseOwner>(
  store: ObjectStore,
  options: LeaseOptions<Owner>,
): Promise<Lease> {
  for (;;) {
    const newest = await newestNumber(store);
    if (newest > 0) await waitUntilFree(store, newest, options);
    const mine = newest + 1;
    const state: LeaseState<Owner> = {owner: options.owner, beat: 0, released: false};
    const since = clock();
    if (await store.putIfAbsent(keyOf(mine), toJson(state))) {
      const older = (await store.list(FOLDER)).filter(({key}) => key < keyOf(mine));
      await concurrently(older, 4, ({key}) => store.remove(key));
      return keepLease(store, {mine, since, options});
    }
  }
}

/** Another run holds the lease. */
export class LeaseHeld extends Error {
  readonly owner: LeaseOwner;
  constructor(owner: LeaseOwner) {
    super(`process ${owner.pid} on ${owner.host}, since ${owner.since}`);
    this.name = "LeaseHeld";
    this.owner = owner;
  }
}

async function waitUntilFree<Owner extends LeaseOwner>(
  store: ObjectStore,
  number: number,
  {fateOf, quietMs, beatMs}: LeaseOptions<Owner>,
): Promise<void> {
  const read = (): Promise<LeaseState<Owner> | undefined> => readJson(store, keyOf(number));
  const first = await read();
  const started = clock();
  for (let state = first; state && !state.released; state = await read()) {
    const fate = fateOf(state.owner);
    if (fate === "dead") return;
    if (fate === "alive" || state.beat !== first?.beat) throw new LeaseHeld(state.owner);
    if (clock() - started > quietMs) return;
    await wait(beatMs / 10);
  }
}

function keepLease<Owner extends LeaseOwner>(
  store: ObjectStore,
  {
    mine,
    since,
    options,
  }: {readonly mine: number; readonly since: number; readonly options: LeaseOptions<Owner>},
): Lease {
  const {owner, beatMs} = options;
  let alive = since; // when the newest sign of life that arrived was sent
  let beat = 0;
  let isLost = false;

  async function giveSign(): Promise<void> {
    const sent = clock();
    isLost ||= (await newestNumber(store)) > mine;
    if (isLost) return;
    await store.replace(keyOf(mine), toJson({owner, beat: ++beat, released: false}));
    alive = sent;
  }

  let signing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    signing = signing.then(giveSign).catch(() => {}); // what fails here `check` tries again
  }, beatMs);
  timer.unref();

  return {
    async check() {
      if (clock() - alive > 2 * beatMs) await giveSign(); // the timer had no turn for long
      if (isLost) throw new Error("another run has taken over, since this one gave no sign of life");
    },
    async release() {
      clearInterval(timer);
      await signing;
      try {
        isLost ||= (await newestNumber(store)) > mine;
        if (!isLost) await store.replace(keyOf(mine), toJson({owner, beat, released: true}));
      } catch {
        // A full disk, a server that is gone: this process ends, and what ended it is what the caller should hear.
      }
    },
  };
}

async function newestNumber(store: ObjectStore): Promise<number> {
  const newest = (await store.list(FOLDER)).at(-1)?.key;
  return newest === undefined ? 0 : Number.parseInt(newest.slice(FOLDER.length + 1), 10);
}

function keyOf(number: number): string {
  return `${FOLDER}/${String(number).padStart(12, "0")}.json`;
}

// Neither a stopped process, a sleeping machine nor a clock set back makes time stand still in both.
function clock(): number {
  return Math.max(performance.now(), Date.now() - performance.timeOrigin);
}
