import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {localDirectory} from "../store/localDirectory.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {sha256} from "../store/sha256.ts";
import {appendToChain, chainHead, hashOfRecord, inspectChain, NO_HASH, readChain} from "./chain.ts";

interface Note {
  readonly text: string;
}

let root: string;
let store: ObjectStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "volbook-chain-"));
  store = localDirectory(root);
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const createdAt = "2024-01-02T12:00:00.000Z";
const add = (text: string, at = createdAt, to = store) =>
  appendToChain<Note>(to, "notes", {createdAt: at, decide: () => ({text})});
const file = (number: number): string => join(root, `notes/0000000${number}.json`);
const texts = async (): Promise<string[]> => (await readChain<Note>(store, "notes")).map(({text}) => text);

async function five(): Promise<void> {
  for (const text of ["a", "b", "c", "d", "e"]) await add(text);
}

describe("appendToChain()", () => {
  it("numbers records and puts the hash of each into the next", async () => {
    await five();
    const records = await readChain<Note>(store, "notes");
    expect(records.map(({sequence, text}) => `${sequence}${text}`)).toEqual(["1a", "2b", "3c", "4d", "5e"]);
    expect(records[0]!.previous_hash).toBe(NO_HASH);
    expect(records.slice(1).map((record) => record.previous_hash)).toEqual(
      records.slice(0, -1).map(({hash}) => hash),
    );
    expect(await chainHead(store, "notes")).toBe("notes/00000005.json");
    // Without this code: the hash is that of the file's text without its own last key.
    const text = readFileSync(file(2), "utf8");
    expect(sha256(text.replace(/,"hash":"[0-9a-f]{64}"}\n$/, "}"))).toBe(records[1]!.hash);
  });

  it("adds nothing where there is nothing to record", async () => {
    await add("a");
    expect(await appendToChain<Note>(store, "notes", {createdAt, decide: () => undefined})).toBeUndefined();
    expect(await texts()).toEqual(["a"]);
  });

  it("gives every racing writer its own number, each having seen all before its own", async () => {
    const writers = Array.from({length: 8}, (_, i) =>
      appendToChain<Note>(localDirectory(root), "notes", {
        createdAt,
        decide: (records) => ({text: `${i} after ${records.length}`}),
      }),
    );
    await Promise.all(writers);
    const found = await texts();
    expect(found).toHaveLength(8);
    expect(found.map((text) => text.split(" after ")[1])).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect(new Set(found.map((text) => text[0])).size).toBe(8);
  });

  it("lets a writer that lost decide anew, also that there is nothing left to do", async () => {
    let asked = 0;
    const late = await appendToChain<Note>(store, "notes", {
      createdAt,
      async decide(records) {
        if (asked++ === 0) await add("first"); // between this one's reading and its writing
        return records.some(({text}) => text === "first") ? undefined : {text: "second"};
      },
    });
    expect(late).toBeUndefined();
    expect(asked).toBe(2);
    expect(await texts()).toEqual(["first"]);
  });

  it("refuses a clock that went backwards", async () => {
    await add("a");
    await expect(add("b", "2024-01-02T11:59:59.000Z")).rejects.toThrow(
      "Cannot record in notes at 2024-01-02T11:59:59.000Z: its newest record is of 2024-01-02T12:00:00.000Z. Correct the clock",
    );
    expect(await texts()).toEqual(["a"]);
  });
});

describe("readChain()", () => {
  const rewrite = (number: number, text: string, {rehash = false} = {}): void => {
    const record = {...JSON.parse(readFileSync(file(number), "utf8")), text};
    writeFileSync(
      file(number),
      `${JSON.stringify(rehash ? {...record, hash: hashOfRecord(record)} : record)}\n`,
    );
  };

  it.each([
    ["an edited record", () => rewrite(3, "x"), "record 3 was changed"],
    [
      "one edited with a new hash",
      () => rewrite(3, "x", {rehash: true}),
      "record 3 is not the one that record 4 was written after",
    ],
    ["a removed record", () => rmSync(file(2)), "record 2 is missing"],
    ["the first one removed", () => rmSync(file(1)), "record 1 is missing"],
    ["an edited newest record", () => rewrite(5, "x"), "record 5 was changed"],
    ["a record that is no JSON", () => writeFileSync(file(4), "{"), "record 4 was changed"],
    [
      "white space",
      () => writeFileSync(file(4), `${readFileSync(file(4), "utf8")} `),
      "record 4 was changed",
    ],
    ["two that changed places", () => swap(2, 3), "record 2 was changed"],
    [
      "a file that is no record",
      () => writeFileSync(join(root, "notes/extra.json"), "{}"),
      "notes/extra.json is no record",
    ],
  ])("names %s, and nothing is added after it", async (_, tamper, message) => {
    await five();
    tamper();
    await expect(readChain(store, "notes")).rejects.toThrow(`Cannot trust notes: ${message}`);
    await expect(add("f")).rejects.toThrow(message);
  });

  function swap(a: number, b: number): void {
    const [first, second] = [readFileSync(file(a)), readFileSync(file(b))];
    writeFileSync(file(a), second);
    writeFileSync(file(b), first);
  }

  it("names all of several", async () => {
    await five();
    rewrite(2, "x");
    rmSync(file(4));
    const {problems, records} = await inspectChain<Note>(store, "notes");
    expect(problems.map(({sequence}) => sequence)).toEqual([2, 4]);
    expect(records.map(({text}) => text)).toEqual(["a", "c", "e"]);
  });
});
