// What do runs leave in the registry and the live ledger, day after day?
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {aliasKey, readHistory} from "../src/registry/history.ts";
import {readLedger} from "../src/registry/ledger.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {integers, numbers} from "../src/store/table.ts";
import {isoDate, sessionDate} from "../src/units.ts";
import {changesOf, distinctChanges, runUntil} from "./killedRuns.ts";
import {
  contents,
  REPOSITORY,
  type RunResult,
  runPipeline,
  startScript,
  writeMarketCsv,
} from "./runPipeline.ts";

const NAME = "spy_rv_5d";
const LONGER = {first: "2019-07-01", last: "2022-03-03"};

let folder: string;
beforeAll(() => {
  // Memory where there is some: thousands of small files.
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "volbook-registry-runs-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const lakeAt = (name: string) => openLake({store: localDirectory(join(folder, name, "csv"))});
const told = ({stdout}: RunResult, stage: string): Record<string, unknown>[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter((line) => line.stage === stage);

/** A run on bars up to a day, at a time; the price of the last one may be another. */
async function infer(
  name: string,
  {
    last,
    now,
    closes = 1,
    more = {},
  }: {last: string; now: string; closes?: number; more?: Record<string, string>},
): Promise<RunResult> {
  const market = join(folder, `market-${name}`);
  rmSync(market, {recursive: true, force: true});
  writeMarketCsv(market, {
    ...LONGER,
    change: (rows, symbol) =>
      rows
        .filter((row) => row.split(",")[1]! <= last)
        .map((row, i, all) => (symbol === "SPY" && i === all.length - 1 ? scaled(row, closes) : row)),
  });
  const result = await runPipeline(["infer"], {
    CONFIG: "test/crash.yaml",
    SOURCE: "csv",
    CSV_DIR: market,
    DATA_DIR: join(folder, name),
    NOW: now,
    ...more,
  });
  expect(result).toMatchObject({code: 0, stderr: ""});
  return result;
}

function scaled(row: string, by: number): string {
  const fields = row.split(",");
  for (const i of [5, 6]) fields[i] = String(Number(fields[i]) * by); // close, adj_close
  fields[3] = String(Math.max(Number(fields[3]), Number(fields[5])));
  fields[4] = String(Math.min(Number(fields[4]), Number(fields[5])));
  return fields.join(",");
}

describe("the live ledger", {timeout: 240_000}, () => {
  const days = async (name: string) =>
    (await readLedger(lakeAt(name).store)).map(({date, supersedes}) => [date, supersedes]);

  it("has each day's forecast before its outcome, once; a corrected one beside it; scores when they are known", async () => {
    const name = "daily";
    await infer(name, {last: "2022-02-28", now: "2022-03-01T02:00:00Z"});
    const [first] = await readLedger(lakeAt(name).store);
    expect(first).toMatchObject({
      date: "2022-02-28",
      created_at: "2022-03-01T02:00:00.000Z",
      supersedes: null,
    });
    const predictions = await lakeAt(name).read("predictions_daily");
    expect(isoDate(integers(predictions, "date").at(-1)!)).toBe("2022-02-28");
    for (const {horizon, rv_hat, lo} of first!.forecasts) {
      expect(rv_hat).toBe(numbers(predictions, `rv_${horizon}d_hat`).at(-1));
      expect(lo ?? Number.NaN).toBe(numbers(predictions, `rv_${horizon}d_lo`).at(-1));
    }
    expect(first!.forecasts).toHaveLength(3);

    await infer(name, {last: "2022-02-28", now: "2022-03-01T03:00:00Z"});
    expect(await days(name)).toEqual([["2022-02-28", null]]);

    await infer(name, {last: "2022-02-28", now: "2022-03-01T04:00:00Z", closes: 1.004});
    expect(await days(name)).toEqual([
      ["2022-02-28", null],
      ["2022-02-28", 1],
    ]);

    await infer(name, {last: "2022-03-01", now: "2022-03-02T02:00:00Z", closes: 1});
    await infer(name, {last: "2022-03-02", now: "2022-03-03T02:00:00Z"});
    expect((await days(name)).slice(2)).toEqual([
      ["2022-03-01", null],
      ["2022-03-02", null],
    ]);
    const table = await lakeAt(name).read("live_ledger");
    const labels = await lakeAt(name).read("labels_daily");
    const row = integers(labels, "date").indexOf(sessionDate("2022-02-28"));
    const outcome = numbers(labels, "rv_1d")[row]!;
    const scores = Array.from({length: table.rows}, (_, i) => i)
      .filter((i) => integers(table, "horizon")[i] === 1)
      .map((i) => [numbers(table, "outcome")[i], Number.isFinite(numbers(table, "qlike")[i]!)]);
    expect(scores).toEqual([
      [outcome, true],
      [outcome, false], // the first stays the one that is scored
      [expect.any(Number), true],
      [Number.NaN, false],
    ]);
    // Nothing of the walk-forward is in it: its first session is the day it began.
    expect(isoDate(integers(table, "date")[0]!)).toBe("2022-02-28");
  });

  it("has no forecast whose outcome was known when it was made: of late bars, of a day before, of a vintage", async () => {
    const name = "late";
    const late = await infer(name, {last: "2022-02-25", now: "2022-03-01T02:00:00Z"});
    expect(await days(name)).toEqual([]);
    expect(told(late, "ledger").map(({msg}) => msg)).toContain(
      "not recorded: a session has closed whose bar is not there, so the outcome is not in the future",
    );
    const now = "2022-03-01T03:00:00Z";
    await infer(name, {last: "2022-02-28", now, more: {AS_OF: "2022-02-25"}});
    expect(await days(name)).toEqual([]);
    await infer(name, {last: "2022-02-28", now: "2022-03-01T03:30:00Z"});
    expect(await days(name)).toEqual([["2022-02-28", null]]);
    await infer(name, {last: "2022-02-28", now: "2022-03-01T04:00:00Z", more: {VINTAGE: now}});
    expect(await days(name)).toEqual([["2022-02-28", null]]);
  });

  it("that was edited stops the next run, which names the record", async () => {
    const name = "edited";
    await infer(name, {last: "2022-02-28", now: "2022-03-01T02:00:00Z"});
    const file = join(folder, name, "csv/ledger/00000001.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"lo":0.0', '"lo":0.1'));
    const market = {CSV_DIR: join(folder, `market-${name}`), SOURCE: "csv", CONFIG: "test/crash.yaml"};
    writeMarketCsv(market.CSV_DIR, {first: LONGER.first, last: "2022-03-01"});
    const {code, stderr} = await runPipeline(["infer"], {
      ...market,
      DATA_DIR: join(folder, name),
      NOW: "2022-03-02T02:00:00Z",
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot trust ledger: record 1 was changed\. Restore the file from a copy/);
  });
});

describe("a champion that was rolled back", {timeout: 240_000}, () => {
  it("is not promoted by the next run; the ledger has what the champion says, not what the newest fit says", async () => {
    const name = "rolled";
    await infer(name, {last: "2022-02-28", now: "2022-03-01T02:00:00Z"});
    const {champion: newest} = await readHistory(lakeAt(name).store, NAME);
    const older = join(folder, "older.yaml");
    const crash = join(REPOSITORY, "test/crash.yaml");
    writeFileSync(older, `extends: ${crash}\nchampion: log_har_gamma\n`);
    await infer(name, {last: "2022-02-28", now: "2022-03-01T03:00:00Z", more: {CONFIG: older}});
    const {champion: other} = await readHistory(lakeAt(name).store, NAME);
    expect(other).not.toBe(newest);
    for (const horizon of [1, 5, 22]) {
      const words = ["pipeline/volbook.ts", "models", "rollback", `spy_rv_${horizon}d`];
      const environment = {
        CONFIG: older,
        SOURCE: "csv",
        DATA_DIR: join(folder, name),
        NOW: "2022-03-01T04:00:00Z",
      };
      expect(await startScript(words, environment).result).toMatchObject({code: 0});
    }
    const next = await infer(name, {last: "2022-03-01", now: "2022-03-02T02:00:00Z", more: {CONFIG: older}});
    expect((await readHistory(lakeAt(name).store, NAME)).champion).toBe(newest);
    expect(told(next, "train").map(({msg}) => msg)).toContain(
      "not promoted: it was rolled back; volbook models promote brings it back",
    );
    const record = (await readLedger(lakeAt(name).store)).at(-1)!;
    expect(record).toMatchObject({date: "2022-03-01"});
    expect(record.forecasts.find(({horizon}) => horizon === 5)!.model_version).toBe(newest);
  });
});

describe("a run that dies while it publishes", {timeout: 240_000}, () => {
  it("ends, run again, with the registry and the ledger of an undisturbed one", async () => {
    const shared = {CONFIG: "test/crash.yaml", SOURCE: "sample", NOW: "2022-03-01T12:00:00Z"};
    const lake = (name: string) => ({...shared, DATA_DIR: join(folder, name)});
    const changes = distinctChanges(await changesOf(["infer"], lake("undisturbed")));
    const undisturbed = contents(join(folder, "undisturbed"));
    expect(Object.keys(undisturbed)).toContain(`sample/${aliasKey(NAME)}`);
    // One of each kind.
    const steps = [
      /^create registry\/spy_rv_5d\/00000001/,
      /^create registry\/spy_rv_5d\/00000002/,
      /^replace artifacts\/model\/spy_rv_5d\/latest/,
      /^replace state\/train/,
      /^create ledger\//,
      /^replace state\/ledger/,
    ].map((pattern) => changes.find((change) => pattern.test(change))!);
    expect(steps).not.toContain(undefined);
    for (const step of steps)
      expect(await runUntil(step, ["infer"], lake("killed")), step).toMatchObject({killed: true});
    expect(await runPipeline(["infer"], lake("killed"))).toMatchObject({code: 0, stderr: ""});
    const found = contents(join(folder, "killed"));
    const paths = new Set([...Object.keys(found), ...Object.keys(undisturbed)]);
    expect([...paths].filter((path) => found[path] !== undisturbed[path])).toEqual([]);
  });
});
