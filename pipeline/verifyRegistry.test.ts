import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {artifactFolder} from "../src/registry/artifact.ts";
import {aliasKey} from "../src/registry/history.ts";
import {appendForecasts, type LiveForecast, readLedger} from "../src/registry/ledger.ts";
import {ledgerTable} from "../src/registry/ledgerTable.ts";
import {NAME, promote, recording, register, smallArtifact} from "../src/registry/registry.fixture.ts";
import {columnTypes} from "../src/store/contract.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {type Table, tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {registryProblems} from "./verifyRegistry.ts";

const DAY = sessionDate("2023-12-29");
const FORECAST: LiveForecast = {
  horizon: 5,
  model: "selected",
  model_version: "v",
  rv_hat: 0.02,
  var_hat: 0.0005,
  lo: null,
  hi: null,
  coverage: null,
};
const commit = {committedAt: recording.createdAt, run: "test", inputs: {}};

let folder: string;
let published: Lake;
let derived: Lake;
let version: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "volbook-verify-registry-"));
  [published, derived] = ["published", "derived"].map((name) =>
    openLake({store: localDirectory(join(folder, name))}),
  ) as [Lake, Lake];
  version = await register(published.store, smallArtifact(-4));
  await promote(published.store, version);
  for (const lake of [published, derived])
    await appendForecasts(lake.store, {day: DAY, forecasts: [FORECAST]}, recording);
  await published.append("labels_daily", labels(0.03), commit);
  await publish();
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function labels(rv_5d: number): Table {
  const row = {
    date: DAY,
    rv_1d: 0.01,
    rv_5d,
    rv_22d: 0.05,
    range_rv_1d: 0.01,
    range_rv_5d: 0.02,
    range_rv_22d: 0.05,
  };
  return tableFromRows(columnTypes(published.contract("labels_daily")), [row]);
}

async function publish(): Promise<void> {
  const contract = published.contract("live_ledger");
  const records = await readLedger(published.store);
  const table = ledgerTable(contract, {records, labels: await published.read("labels_daily")});
  await published.append("live_ledger", table, commit);
}

function edit(key: string, from: string, to: string): void {
  const file = join(folder, "published", key);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

const problems = (): Promise<string[]> => registryProblems(published, derived);

describe("registryProblems()", () => {
  it("finds none where nothing was touched", async () => {
    expect(await problems()).toEqual([]);
  });

  it.each([
    [
      "a decision",
      () => edit(`registry/${NAME}/00000002.json`, "newest", "oldest"),
      `registry/${NAME}/2: record 2 was changed`,
    ],
    [
      "a manifest",
      () => edit(`${artifactFolder(NAME, version)}/manifest.json`, '"seed": 1', '"seed": 2'),
      `artifacts/model/${NAME}/`,
    ],
    [
      "the alias",
      () => edit(aliasKey(NAME), version, "2020-01-01-00000000"),
      `${aliasKey(NAME)}: it names 2020-01-01`,
    ],
    [
      "a forecast",
      () => edit("ledger/00000001.json", '"rv_hat":0.02', '"rv_hat":0.03'),
      "ledger/1: record 1 was changed",
    ],
  ])("names %s that was edited", async (_, tamper, message) => {
    tamper();
    expect(await problems()).toEqual([expect.stringContaining(message)]);
  });

  it("names the row of the published ledger that is not what was recorded, or whose outcome is not the label", async () => {
    const table = await published.read("live_ledger");
    const change = async (name: string): Promise<void> => {
      await published.append(
        "live_ledger",
        {...table, columns: {...table.columns, [name]: Float64Array.of(0.04)}},
        commit,
      );
    };
    await change("rv_hat");
    expect(await problems()).toEqual(["live_ledger/2023-12-29/5: rv_hat is 0.04, record 1 says 0.02"]);
    await change("outcome");
    expect(await problems()).toEqual(["live_ledger/2023-12-29/5: its outcome is not that of labels_daily"]);
  });

  it("names a recorded forecast that the model of that version does not make", async () => {
    rmSync(join(folder, "derived"), {recursive: true});
    const other = {...FORECAST, rv_hat: 0.021};
    await appendForecasts(derived.store, {day: DAY, forecasts: [other]}, recording);
    expect(await problems()).toEqual([
      "live_ledger/2023-12-29/5: it is not what its model says of that session",
    ]);
    rmSync(join(folder, "derived"), {recursive: true});
    await appendForecasts(derived.store, {day: DAY, forecasts: [{...other, model_version: "w"}]}, recording);
    expect(await problems()).toEqual([]); // another version counted when it was recorded
  });
});
