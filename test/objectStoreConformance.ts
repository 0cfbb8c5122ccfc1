// What must every object store do? The suite that each adapter passes.
import {randomBytes} from "node:crypto";
import {readFileSync} from "node:fs";
import {Worker} from "node:worker_threads";
import {expect, it} from "vitest";
import {storeAt} from "../src/store/lakeRoot.ts";
import {sha256} from "../src/store/sha256.ts";
import type {Race} from "./storeRacer.fixture.ts";
import type {Replacing} from "./storeReplacer.fixture.ts";

export interface ConformanceOptions {
  /** A root that nothing has written to. */
  readonly newRoot: () => string;
  readonly rounds: number;
  /** More than a page of a listing, which has 1000. */
  readonly many: number;
  readonly largeBytes: number;
}

const WRITERS = 16;
const THREADS = 4;
const READS = 30;

/** Declares the tests of one adapter; call it inside `describe`. */
export function conformance({newRoot, rounds, many, largeBytes}: ConformanceOptions): void {
  it(`lets exactly one of ${WRITERS} writers create an object, ${rounds} times, and keeps the winner's bytes`, async () => {
    const root = newRoot();
    const wins = await race({root, rounds});
    for (let round = 0; round < rounds; round++) {
      const winners = wins.flatMap((thread) => thread[round]!);
      expect(winners, `round ${round}`).toHaveLength(1);
      expect(Buffer.from((await storeAt(root).get(`race/${round}`))!).toString()).toBe(winners[0]);
    }
  });

  it("shows a reader the old or the new bytes of an object that is being replaced, whole", async () => {
    const root = newRoot();
    const store = storeAt(root);
    const contents = [new Uint8Array(300_000).fill(1), new Uint8Array(500_000).fill(2)];
    await store.replace("a/object", contents[0]!);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const writing = answerOf("storeReplacer", {root, key: "a/object", contents, stop} satisfies Replacing);
    const seen: number[] = [];
    try {
      while (new Set(seen).size < 2 || seen.length < READS) {
        const bytes = (await store.get("a/object"))!;
        expect(bytes.length).toBe(contents[bytes[0]! - 1]!.length);
        expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
        const [listed] = await store.list("a");
        expect([300_000, 500_000]).toContain(listed?.size);
        seen.push(bytes[0]!);
        await new Promise((resolve) => setImmediate(resolve)); // a directory answers without a turn of the loop
      }
    } finally {
      Atomics.store(stop, 0, 1);
    }
    await writing;
  });

  it("leaves an object as it is where it exists, alone and in a batch, and tells so", async () => {
    const store = storeAt(newRoot());
    const [one, two] = [Buffer.from("one"), Buffer.from("two")];
    expect(await store.putIfAbsent("k", one)).toBe(true);
    expect(await store.putIfAbsent("k", two)).toBe(false);
    expect(await store.putIfAbsent("k", one)).toBe(false); // the same bytes are no excuse
    await store.putAllIfAbsent([
      {key: "k", bytes: two},
      {key: "l", bytes: two},
    ]);
    expect(await texts(store, ["k", "l"])).toEqual(["one", "two"]);
    await store.replace("k", two);
    await store.replace("m", one);
    expect(await texts(store, ["k", "m"])).toEqual(["two", "one"]);
  });

  it("lists at once what a batch has written, past a page, in the order of the keys", async () => {
    const root = newRoot();
    const keys = Array.from({length: many}, (_, i) => `days/date=${String(i).padStart(5, "0")}/f.parquet`);
    const objects = keys.map((key, i) => ({key, bytes: new Uint8Array(i % 7)}));
    await storeAt(root).putAllIfAbsent(objects);
    const store = storeAt(root);
    const listed = await store.list("days");
    expect(listed).toEqual(objects.map(({key, bytes}) => ({key, size: bytes.length})));
    expect(await store.list("days/date=00007")).toEqual([listed[7]]);
    const sizes = await store.sizes([...keys.slice(0, 20), "days/none"]);
    expect([...sizes.keys()].sort()).toEqual(keys.slice(0, 20));
    expect(sizes.get(keys[6]!)).toBe(6);
    await store.remove(keys[3]!);
    expect((await store.list("days")).map(({key}) => key)).not.toContain(keys[3]);
    expect((await store.list("days")).length).toBe(many - 1);
  });

  it("has nothing where there is nothing", async () => {
    const store = storeAt(newRoot());
    expect(await store.get("none/at/all")).toBeUndefined();
    expect(await store.list("none")).toEqual([]);
    expect(await store.sizes(["none"])).toEqual(new Map());
    expect(await store.localFile("none", sha256("x"))).toBeUndefined();
    await store.remove("none");
    await store.putAllIfAbsent([]);
    await store.replace("folder/object", Buffer.from("x"));
    expect(await store.get("folder")).toBeUndefined();
    expect(await store.list("fold")).toEqual([]); // a folder is not a beginning of names
  });

  it.each([
    "a b",
    "plus+and%20percent%2F",
    "sign=?#&;:@!$'()*,[]{}|^~`\"<>",
    "ünï/çødé/日本語/🦊",
    " leading and trailing ",
    "0017",
    "..hidden...",
    `${"long".repeat(50)}/x`,
  ])("keeps an object under the odd name %j", async (key) => {
    const store = storeAt(newRoot());
    const bytes = Buffer.from(key);
    expect(await store.putIfAbsent(`odd/${key}`, bytes)).toBe(true);
    expect(await store.list("odd")).toEqual([{key: `odd/${key}`, size: bytes.length}]);
    expect(await texts(store, [`odd/${key}`])).toEqual([key]);
    expect((await store.sizes([`odd/${key}`])).get(`odd/${key}`)).toBe(bytes.length);
    await store.remove(`odd/${key}`);
    expect(await store.list("odd")).toEqual([]);
  });

  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../../b",
    "a/.",
    "a\\b",
    "a\u0000b",
    "a\nb",
    "\ud800",
    "_aside/x",
  ])("refuses the name %j in every operation", async (key) => {
    const store = storeAt(newRoot());
    const bytes = Buffer.from("x");
    const message = /^Cannot use the key ".*": /;
    await expect(store.get(key)).rejects.toThrow(message);
    await expect(store.sizes([key])).rejects.toThrow(message);
    await expect(store.list(key)).rejects.toThrow(message);
    await expect(store.putIfAbsent(key, bytes)).rejects.toThrow(message);
    await expect(store.putAllIfAbsent([{key, bytes}])).rejects.toThrow(message);
    await expect(store.replace(key, bytes)).rejects.toThrow(message);
    await expect(store.remove(key)).rejects.toThrow(message);
    await expect(store.localFile(key, sha256(bytes))).rejects.toThrow(message);
  });

  it("gives large objects back byte for byte, and as a file only where the bytes are those asked for", async () => {
    const store = storeAt(newRoot());
    const large = randomBytes(largeBytes);
    const hash = sha256(large);
    expect(await store.putIfAbsent("large", large)).toBe(true);
    expect(sha256((await store.get("large"))!)).toBe(hash);
    const path = (await store.localFile("large", hash))!;
    expect(sha256(readFileSync(path))).toBe(hash);
    await store.replace("large", large.subarray(1));
    expect(await store.localFile("large", sha256(large.subarray(2)))).toBeUndefined();
    expect(sha256(readFileSync((await store.localFile("large", sha256(large.subarray(1))))!))).toBe(
      sha256(large.subarray(1)),
    );
    await store.replace("empty", new Uint8Array());
    expect(await store.get("empty")).toHaveLength(0);
  });
}

async function texts(store: ReturnType<typeof storeAt>, keys: readonly string[]): Promise<string[]> {
  const found = await Promise.all(keys.map((key) => store.get(key)));
  return found.map((bytes) => Buffer.from(bytes!).toString());
}

async function race({root, rounds}: {readonly root: string; readonly rounds: number}): Promise<string[][][]> {
  const arrived = new Int32Array(new SharedArrayBuffer(4 * rounds));
  const shared = {root, writers: WRITERS / THREADS, threads: THREADS, rounds, arrived};
  return Promise.all(
    Array.from({length: THREADS}, (_, thread) =>
      answerOf<string[][]>("storeRacer", {...shared, thread} satisfies Race),
    ),
  );
}

/** What the thread of a fixture says, started with these data. */
function answerOf<Answer>(fixture: string, workerData: unknown): Promise<Answer> {
  const worker = new Worker(new URL(`./${fixture}.fixture.ts`, import.meta.url), {
    workerData,
    env: process.env as Record<string, string>,
  });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
