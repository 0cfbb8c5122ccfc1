import {spawn} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {Contract} from "./contract.ts";
import {type Lake, openLake} from "./lake.ts";
import {discardUnfinished, localDirectory} from "./localDirectory.ts";
import type {ObjectStore} from "./objectStore.ts";
import {numbers} from "./table.ts";
import {daily, dailyTable, ranking} from "./testLake.ts";

const at = (committedAt: string) => ({committedAt, run: "test", inputs: {}});
const MONDAY = "2024-01-08T22:00:00.000Z";
const TUESDAY = "2024-01-09T22:00:00.000Z";
const DAY = 19_700;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lake-"));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const lakeAt = (folder: string, contracts: readonly Contract[] = [daily, ranking]) =>
  openLake({store: localDirectory(folder), contracts});

function filesUnder(folder: string): Record<string, string> {
  const names = readdirSync(folder, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), readFileSync(path, "base64")];
    }),
  );
}

describe("openLake()", () => {
  it("reads back what was appended, NULL, lists, whole numbers and times included", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [1, Number.NaN, -3.5]), at(MONDAY));
    const table = {
      rows: 2,
      columns: {
        name: ["a", "b"],
        count: Float64Array.of(2 ** 52, 0),
        seen_at: Float64Array.of(1.7e12, Number.NaN),
      },
    };
    await lake.append("ranking", table, at(MONDAY));
    expect(await lake.read("daily")).toEqual(dailyTable(DAY, [1, Number.NaN, -3.5]));
    expect(await lake.read("ranking")).toEqual(table);
  });

  it("answers readers that ask at the same time", async () => {
    const lake = lakeAt(root);
    const table = dailyTable(
      DAY,
      Array.from({length: 3000}, (_, i) => i),
    );
    await lake.append("daily", table, at(MONDAY));
    const answers = await Promise.all(Array.from({length: 8}, () => lake.read("daily")));
    for (const answer of answers) expect(answer).toEqual(table);
  });

  it("reads the same when it keeps tables: its own writes, another writer's, NULLs of every kind", async () => {
    const keeper = openLake({
      store: localDirectory(root),
      contracts: [daily, ranking],
      keepsTables: true,
    });
    const ranks = {
      rows: 2,
      columns: {name: ["b", "a"], count: Float64Array.of(1, 2), seen_at: Float64Array.of(Number.NaN, 1.7e12)},
    };
    const sameAsFiles = async () => {
      const numbersOf = async (lake: Lake) =>
        new Uint8Array(numbers(await lake.read("daily"), "value").buffer);
      for (const name of ["daily", "ranking"])
        expect(await keeper.read(name)).toEqual(await lakeAt(root).read(name));
      if (await keeper.manifest("daily"))
        expect(await numbersOf(keeper)).toEqual(await numbersOf(lakeAt(root))); // the same NaN too
    };
    await sameAsFiles();
    const oddNaN = new Float64Array(new BigUint64Array([0xfff8000000000001n]).buffer)[0]!;
    await keeper.append("daily", dailyTable(DAY, [1, oddNaN, 0]), at(MONDAY));
    await keeper.append("ranking", ranks, at(MONDAY));
    await sameAsFiles();
    expect((await keeper.read("ranking", {equals: {name: "a"}})).columns.count).toEqual(Float64Array.of(2));
    await keeper.append("daily", dailyTable(DAY + 1, [5, 0, -7]), at(TUESDAY));
    await sameAsFiles();
    await lakeAt(root).append("daily", dailyTable(DAY + 4, [8]), at(TUESDAY));
    await sameAsFiles();
    const {rows} = await keeper.append("daily", dailyTable(DAY + 5, [9]), at(TUESDAY));
    expect(rows).toBe(6);
    await sameAsFiles();
    expect(await keeper.verify()).toEqual([]);
  });

  it("keeps one file a day under date=YYYY-MM-DD and names each in the manifest by its hash", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [1, 2]), at(MONDAY));
    expect(readdirSync(join(root, "daily")).filter((name) => name.startsWith("date="))).toEqual([
      "date=2023-12-09",
      "date=2023-12-10",
    ]);
    const manifest = (await lake.manifest("daily"))!;
    expect(manifest.files).toHaveLength(2);
    expect(await lake.verify()).toEqual([]);
  });

  it("writes nothing when the same rows come again, and leaves every file as it was", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [1, Number.NaN]), at(MONDAY));
    const before = filesUnder(root);
    const again = await lake.append("daily", dailyTable(DAY, [1, Number.NaN]), at(TUESDAY));
    expect(again).toMatchObject({added: 0, revised: 0, rows: 2});
    expect(filesUnder(root)).toEqual(before);
  });

  it("keeps a revised value as a new vintage: the latest by default, the old one as of its day", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [1, 2, 3]), at(MONDAY));
    const before = filesUnder(root);
    const appended = await lake.append("daily", dailyTable(DAY + 1, [2.5, 3, 4]), at(TUESDAY));
    expect(appended).toMatchObject({added: 1, revised: 1, rows: 4});
    expect((await lake.read("daily")).columns.value).toEqual(Float64Array.of(1, 2.5, 3, 4));
    expect((await lake.readVintage("daily", MONDAY)).columns.value).toEqual(Float64Array.of(1, 2, 3));
    expect((await lake.readVintage("daily", "2023-01-01T00:00:00Z")).rows).toBe(0);
    const after = filesUnder(root);
    const partitions = Object.keys(before).filter((path) => path.includes("date="));
    for (const path of partitions) expect(after[path]).toBe(before[path]);
    expect(await lake.verify()).toEqual([]);
  });

  it("does not call a vendor's rounding a revision", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [100]), at(MONDAY));
    const {columns, rows} = dailyTable(DAY, [100]);
    const nudged = {rows, columns: {...columns, value: Float64Array.of(100.00001)}};
    expect(await lake.append("daily", nudged, {...at(TUESDAY), tolerance: 1e-6})).toMatchObject({revised: 0});
    expect(await lake.append("daily", nudged, {...at(TUESDAY), tolerance: 1e-8})).toMatchObject({revised: 1});
  });

  it("replaces a dataset of mode replace whole and can still tell what it was", async () => {
    const lake = lakeAt(root);
    const table = (names: string[]) => ({
      rows: names.length,
      columns: {name: names, count: new Float64Array(names.length), seen_at: new Float64Array(names.length)},
    });
    await lake.append("ranking", table(["a", "b"]), at(MONDAY));
    expect((await lake.read("ranking", {equals: {name: "b"}})).columns.name).toEqual(["b"]);
    rmSync(join(root, "snapshots/ranking.parquet"));
    expect((await lake.read("ranking", {equals: {name: "b"}})).columns.name).toEqual(["b"]);
    await lake.append("ranking", table(["b"]), at(TUESDAY));
    expect((await lake.read("ranking")).columns.name).toEqual(["b"]);
    expect((await lake.readVintage("ranking", MONDAY)).columns.name).toEqual(["a", "b"]);
  });

  it("opens an old lake with a newer schema: new columns are NULL and nothing is dropped", async () => {
    await lakeAt(root).append("daily", dailyTable(DAY, [1, 2]), at(MONDAY));
    const newer: Contract = {
      ...daily,
      schemaVersion: 2,
      columns: [...daily.columns, {name: "extra", type: "DOUBLE", description: "new", nullable: true}],
    };
    const lake = lakeAt(root, [newer]);
    expect((await lake.read("daily")).columns.extra).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    const {columns} = dailyTable(DAY + 2, [3]);
    await lake.append("daily", {rows: 1, columns: {...columns, extra: Float64Array.of(7)}}, at(TUESDAY));
    const both = {...dailyTable(DAY, [1, 2, 3])};
    expect(await lake.read("daily")).toEqual({
      rows: 3,
      columns: {...both.columns, extra: Float64Array.of(Number.NaN, Number.NaN, 7)},
    });
    expect(await lake.verify()).toEqual([]);
    // And the other way: a program that does not know the column yet keeps it.
    const old = lakeAt(root);
    await old.append("daily", dailyTable(DAY + 3, [4]), at(TUESDAY));
    expect((await old.read("daily")).columns.extra).toEqual(
      Float64Array.of(Number.NaN, Number.NaN, 7, Number.NaN),
    );
  });

  it.each([
    [
      "a missing column",
      {rows: 1, columns: {date: Int32Array.of(DAY), value: Float64Array.of(1)}},
      /column names is missing/,
    ],
    [
      "two rows of one key",
      {
        ...dailyTable(DAY, [1, 2]),
        columns: {...dailyTable(DAY, [1, 2]).columns, date: Int32Array.of(DAY, DAY)},
      },
      /two rows have the key/,
    ],
    [
      "a value out of range",
      dailyTable(DAY, [2e6]),
      /value must be a number in \[-Infinity, 1000000\], current value is 2000000 in row 0/,
    ],
    ["an infinite value", dailyTable(DAY, [Number.POSITIVE_INFINITY]), /current value is Infinity/],
    [
      "the wrong type",
      {rows: 1, columns: {...dailyTable(DAY, [1]).columns, value: ["1"]}},
      /column value is not DOUBLE/,
    ],
  ])("refuses %s and leaves the lake as it was", async (_, table, message) => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY - 1, [0]), at(MONDAY));
    const before = filesUnder(root);
    await expect(lake.append("daily", table, at(TUESDAY))).rejects.toThrow(message);
    expect(filesUnder(root)).toEqual(before);
  });

  it("derives a damaged snapshot again and names a damaged partition", async () => {
    const lake = lakeAt(root);
    await lake.append("daily", dailyTable(DAY, [1, 2]), at(MONDAY));
    const snapshot = join(root, "snapshots/daily.parquet");
    const whole = readFileSync(snapshot);
    truncateSync(snapshot, 100);
    expect(await lake.read("daily")).toEqual(dailyTable(DAY, [1, 2]));
    expect(await lake.recover()).toEqual(["daily: derived the snapshot again, it was damaged"]);
    expect(readFileSync(snapshot)).toEqual(whole);

    const partition = join(root, (await lake.manifest("daily"))!.files[0]!.path);
    truncateSync(partition, 20);
    expect(await lake.verify({content: false})).toEqual([
      expect.stringMatching(/date=2023-12-09.* has 20 bytes/),
    ]);
    rmSync(snapshot);
    await expect(lake.read("daily")).rejects.toThrow(/has 20 bytes and other content.*Restore the file/);
  });

  it("lets exactly one of two writers commit, and the other change nothing", async () => {
    await lakeAt(root).append("daily", dailyTable(DAY, [1]), at(MONDAY));
    const first = lakeAt(root);
    const racing: ObjectStore = {
      ...localDirectory(root),
      async putAllIfAbsent(objects) {
        await first.append("daily", dailyTable(DAY + 1, [2]), at(MONDAY)); // wins while the other one writes
        await localDirectory(root).putAllIfAbsent(objects);
      },
    };
    const second = openLake({store: racing, contracts: [daily, ranking]});
    await expect(second.append("daily", dailyTable(DAY + 1, [9]), at(TUESDAY))).rejects.toThrow(
      /another run has written/,
    );
    expect((await first.read("daily")).columns.value).toEqual(Float64Array.of(1, 2));
    expect(await first.verify()).toEqual([]);
  });

  it("is after a fault at any write what it was before, or what it should become", async () => {
    const before = dailyTable(DAY, [1, 2]);
    const after = dailyTable(DAY, [1, 2.5, 3]);
    for (let fault = 0; ; fault++) {
      const folder = mkdtempSync(join(root, "fault-"));
      await lakeAt(folder).append("daily", before, at(MONDAY));
      const store = localDirectory(folder);
      let writes = 0;
      // Nothing after the fault happens: not even the clean-up of the writer that died.
      const unlessDead = <T>(write: () => Promise<T>): Promise<T> => {
        if (writes++ >= fault) return Promise.reject(new Error("the power went"));
        return write();
      };
      const dying: ObjectStore = {
        ...store,
        putIfAbsent: (key, bytes) => unlessDead(() => store.putIfAbsent(key, bytes)),
        replace: (key, bytes) => unlessDead(() => store.replace(key, bytes)),
        remove: (key) => unlessDead(() => store.remove(key)),
        putAllIfAbsent: async (objects) => {
          for (const {key, bytes} of objects) await unlessDead(() => store.putIfAbsent(key, bytes));
        },
      };
      let died = false;
      await openLake({store: dying, contracts: [daily]})
        .append("daily", after, at(TUESDAY))
        .catch(() => {
          died = true;
        });
      const lake = lakeAt(folder);
      await lake.recover();
      expect([before, after]).toContainEqual(await lake.read("daily"));
      expect(await lake.verify()).toEqual([]);
      const named = new Set((await lake.manifest("daily"))!.files.map(({path}) => path));
      const visible = Object.keys(filesUnder(folder)).filter((path) => path.includes("date="));
      expect(visible.map((path) => path.slice(1)).sort()).toEqual([...named].sort());
      await lake.append("daily", after, at(TUESDAY));
      expect(await lake.read("daily")).toEqual(after);
      if (!died) break;
    }
  });

  it("survives kill -9 at any instant of a backfill and of a daily append", {timeout: 60_000}, async () => {
    const writer = fileURLToPath(new URL("./killedWriter.fixture.ts", import.meta.url));
    for (const delay of [0, 5, 15, 30, 60, 120, 250]) {
      const folder = mkdtempSync(join(root, "kill-"));
      const child = spawn(process.execPath, [writer, folder], {stdio: ["ignore", "pipe", "inherit"]});
      await new Promise<void>((resolve) => child.stdout.once("data", () => setTimeout(resolve, delay)));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      discardUnfinished(folder);
      const lake = lakeAt(folder);
      await lake.recover();
      const rows = (await lake.read("daily")).rows;
      expect([0, 600, 601, 602, 603, 604, 605, 606, 607, 608, 609, 610]).toContain(rows);
      expect(await lake.verify()).toEqual([]);
      expect(Object.keys(filesUnder(folder)).filter((path) => path.includes("_aside"))).toEqual([]);
      await lake.append(
        "daily",
        dailyTable(
          DAY,
          Array.from({length: 600}, (_, i) => i),
        ),
        at(MONDAY),
      );
      expect((await lake.read("daily")).rows).toBe(Math.max(600, rows));
    }
  });

  it("says what to do when the folder cannot be written", async () => {
    writeFileSync(join(root, "daily"), "a file where the folder should be");
    await expect(lakeAt(root).append("daily", dailyTable(DAY, [1]), at(MONDAY))).rejects.toThrow();
  });
});
