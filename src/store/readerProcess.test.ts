import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openLake} from "./lake.ts";
import {localDirectory} from "./localDirectory.ts";
import {createReaderProcess} from "./readerProcess.ts";

const root = mkdtempSync(join(tmpdir(), "volbook-reader-"));
const here = openLake({store: localDirectory(root)});
const there = createReaderProcess().reading(here, root);
const commit = {committedAt: "2024-01-02T00:00:00Z", run: "test", inputs: {}};

beforeAll(async () => {
  const dates = Int32Array.of(19_000, 19_001, 19_002);
  const values = Float64Array.of(0.01, Number.NaN, 1 / 3);
  const names = here.contract("labels_daily").columns.map(({name}) => name);
  const columns = Object.fromEntries(names.map((name) => [name, name === "date" ? dates : values]));
  await here.append("labels_daily", {rows: 3, columns}, commit);
});

afterAll(() => rmSync(root, {recursive: true, force: true}));

describe("createReaderProcess()", () => {
  it("reads what the lake reads, several tables at once, and again after its process has ended", async () => {
    const expected = await here.read("labels_daily");
    const [once, again, none] = await Promise.all(
      ["labels_daily", "labels_daily", "features_daily"].map((dataset) => there.read(dataset)),
    );
    expect(once).toEqual(expected);
    expect(again).toEqual(expected);
    expect(none!.rows).toBe(0);
    await new Promise((resume) => setTimeout(resume, 800));
    expect(await there.read("labels_daily")).toEqual(expected);
  });

  it("fails as the lake does, and goes on", async () => {
    await expect(there.read("nothing")).rejects.toThrow("Cannot find dataset nothing");
    writeFileSync(join(root, "labels_daily/_manifest.json"), "{");
    await expect(there.read("labels_daily")).rejects.toThrow("it is not JSON");
    expect((await there.read("features_daily")).rows).toBe(0);
  });
});
