import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {countTrials} from "../pipeline/trials.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {REPOSITORY, runPipeline, startPipeline} from "./runPipeline.ts";

const PATIENCE = 400_000; // ms: two cores may be shared with other tests
const WRITES = ["multiverse", "multiverse_claims", "trials"];
const folder = mkdtempSync(join(tmpdir(), "volbook-multiverse-"));
const lake = join(folder, "sample");
const small = readFileSync(join(REPOSITORY, "test/small.yaml"), "utf8");
const variables = (config = "test/small.yaml") => ({
  CONFIG: config,
  SOURCE: "sample",
  DATA_DIR: folder,
  NOW: "2023-06-01T12:00:00Z",
});
const rowsOf = async (dataset: string) =>
  tableRows(await openLake({store: localDirectory(lake)}).read(dataset));

async function run(config?: string): Promise<Record<string, unknown>> {
  const {code, stdout, stderr} = await runPipeline(["multiverse"], variables(config));
  expect({code, stderr}).toEqual({code: 0, stderr: ""});
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.find(({stage}) => stage === "multiverse")!;
}

// What the stage left, so that it starts from nothing.
function forget(): void {
  for (const dataset of WRITES)
    for (const path of [dataset, `snapshots/${dataset}.parquet`, "state/multiverse.json"])
      rmSync(join(lake, path), {recursive: true, force: true});
}

beforeAll(async () => {
  expect(await run()).toMatchObject({universes: 2, scored: 2});
}, PATIENCE);
afterAll(() => rmSync(folder, {recursive: true, force: true}), PATIENCE);

describe("the multiverse stage", {timeout: PATIENCE}, () => {
  it("leaves a cell for every combination of choices, ranked by gain", async () => {
    const cells = await rowsOf("multiverse");
    // Three refits in one universe, two in the other; 2 models, references, proxies, losses, ways out of logs each.
    expect(cells).toHaveLength((3 + 2) * 2 ** 5);
    expect(new Set(cells.map(({model}) => model))).toEqual(new Set(["selected", "anchored"]));
    const curve = cells
      .filter(({model, reference}) => model === "selected" && reference === "rv20")
      .toSorted((a, b) => (a.rank as number) - (b.rank as number));
    expect(curve.map(({rank}) => rank)).toEqual(curve.map((_, i) => i + 1));
    const gains = curve.map(({gain}) => gain as number);
    expect(gains).toEqual(gains.toSorted((a, b) => a - b));
  });

  it("calls robust what holds in 95 % of its cells, as counted again from the cells", async () => {
    const cells = await rowsOf("multiverse");
    const claims = await rowsOf("multiverse_claims");
    for (const reference of ["rv20", "log_har_vix"]) {
      const own = cells.filter((cell) => cell.model === "selected" && cell.reference === reference);
      const holding = own.filter(({gain}) => (gain as number) > 0).length;
      expect(
        claims.find(({claim, model}) => model === "selected" && claim === `beats_${reference}`),
      ).toMatchObject({
        cells: own.length,
        holding,
        share: holding / own.length,
        robust: holding / own.length >= 0.95 ? 1 : 0,
      });
    }
  });

  it("scores the leaderboard's own choices as the leaderboard does, and counts them once", async () => {
    expect(await runPipeline(["evaluate"], variables())).toMatchObject({code: 0, stderr: ""});
    const leaderboard = await rowsOf("leaderboard");
    const cells = await rowsOf("multiverse");
    const published = leaderboard.find(
      (row) => row.model === "anchored" && row.horizon === 5 && row.period === "2021-2022",
    )!;
    const cell = cells.find(
      (row) =>
        row.model === "anchored" &&
        row.reference === "rv20" &&
        row.refit_sessions === 126 &&
        row.features === "all" &&
        row.proxy === "squared returns" &&
        row.loss === "qlike" &&
        row.retransformation === "smearing",
    )!;
    expect(cell.n).toBe(published.n);
    expect(cell.loss_model).toBeCloseTo(published.qlike as number, 12);
    expect(cell.gain).toBeCloseTo(published.gain_qlike_rv20 as number, 12);
    const trials = (await rowsOf("trials")).filter(({name, horizon}) => name === "anchored" && horizon === 5);
    const own = trials.filter(({settings}) => {
      const {refit_sessions, features, retransformation} = JSON.parse(settings as string);
      return refit_sessions === 126 && features === "all" && retransformation === "smearing";
    });
    expect(own).toHaveLength(1);
    expect(own[0]!.first_evaluated).toBe(Date.parse("2023-06-01T12:00:00Z"));
  });

  it("does only what is missing: nothing on the same choices, two universes for one more window", async () => {
    expect(await run()).toMatchObject({skipped: true});
    const more = join(folder, "more.yaml");
    writeFileSync(more, small.replace("window_sessions: []", "window_sessions: [700]"));
    expect(await run(more)).toMatchObject({universes: 4, scored: 2});
    expect(await run()).toMatchObject({universes: 2, scored: 0, cells: 160});
  });

  it("arrives where an undisturbed run does after kill -9", async () => {
    const many = join(folder, "many.yaml");
    writeFileSync(
      many,
      small
        .replace("models: [selected, anchored]", "models: [log_har_gamma]")
        .replace("purge_sessions: [5]", "purge_sessions: [5, 10, 22, 44]"),
    );
    const read = () => Promise.all(WRITES.map(rowsOf));
    forget();
    expect(await run(many)).toMatchObject({universes: 8, scored: 8});
    const whole = await read();
    forget();
    for (const delay of [2000, 4000]) {
      const {child, result} = startPipeline(["multiverse"], variables(many));
      const timer = setTimeout(() => child.kill("SIGKILL"), delay);
      await result;
      clearTimeout(timer);
    }
    await run(many);
    expect(await read()).toEqual(whole);
  });
});

describe("countTrials()", () => {
  const trials = {
    rows: 4,
    columns: {
      name: ["har", "har", "har", "vix"],
      settings: ["{}", "{}", "{}", "{}"],
      code: ["a", "a", "b", "a"],
      horizon: Int32Array.of(5, 1, 5, 5),
    },
  };

  it("counts what the same code scored on more days once", () => {
    const {rows, columns} = trials;
    const twice = (values: readonly string[]) => [...values, ...values];
    const longer = {
      rows: 2 * rows,
      columns: {
        name: twice(columns.name),
        settings: twice(columns.settings),
        code: twice(columns.code),
        horizon: Int32Array.of(...columns.horizon, ...columns.horizon),
      },
    };
    expect(countTrials(longer, "")).toEqual({lake: 4, committed: 0, total: 4});
  });

  it("adds the committed searches to those of the lake", () => {
    const ledger =
      "date,question,configurations,span,outcome\n" +
      '2023-01-02,"does VIX help, and at which lag?",498,2005-2023,yes\n2023-02-03,refits,12,2005-2023,no\n';
    expect(countTrials(trials, ledger)).toEqual({lake: 4, committed: 510, total: 514});
    expect(countTrials(trials, "")).toEqual({lake: 4, committed: 0, total: 4});
  });

  it("refuses a line that does not say how many", () => {
    expect(() => countTrials(trials, "date,question,configurations\n2023-01-02,x,many\n")).toThrow(
      'configurations of line 2 of docs/trials.csv must be a whole number, current value is "many"',
    );
  });
});
