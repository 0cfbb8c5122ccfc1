// The registry's command, as a person or a script runs it.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {historyTable, versionsTable, versionText} from "../pipeline/modelTables.ts";
import {artifactFolder} from "../src/registry/artifact.ts";
import {aliasKey} from "../src/registry/history.ts";
import {startFakeMlflow} from "../src/registry/mlflow/server.fixture.ts";
import {NAME, promote, recording, register, smallArtifact} from "../src/registry/registry.fixture.ts";
import {columnTypes} from "../src/store/contract.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {startScript} from "./runPipeline.ts";

const NOW = "2024-01-03T12:00:00Z";

let data: string;
let lake: Lake;
let a: string;
let b: string;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "volbook-command-"));
  lake = openLake({store: localDirectory(join(data, "sample"))});
  a = await register(lake.store, smallArtifact(-4));
  b = await register(lake.store, smallArtifact(-4.1, "anchored"));
  await promote(lake.store, a);
});
afterEach(() => rmSync(data, {recursive: true, force: true}));

async function run(words: readonly string[], variables: Record<string, string> = {}) {
  const {code, stdout, stderr} = await startScript(["pipeline/volbook.ts", ...words], {
    DATA_DIR: data,
    SOURCE: "sample",
    CONFIG: "test/small.yaml",
    NOW,
    ...variables,
  }).result;
  return {
    code,
    stderr,
    stdout,
    json: stdout.startsWith("{") || stdout.startsWith("[") ? JSON.parse(stdout) : undefined,
  };
}

/** The records of both models on one session: anchored has `loss` of the champion's forecast error. */
async function writeRecord(gain: number, forecast: number): Promise<void> {
  const commit = {committedAt: recording.createdAt, run: "test", inputs: {}};
  const tableOf = (dataset: string, rows: readonly Record<string, unknown>[]) =>
    tableFromRows(columnTypes(lake.contract(dataset)), rows);
  const date = sessionDate("2023-12-01");
  const line = {horizon: 5, model: "anchored", period: "all", n: 1, n_effective: 0.2};
  const gains = {gain_rmse_rv20: gain, gain_qlike_rv20: gain, bias: 1};
  await lake.append("leaderboard", tableOf("leaderboard", [{...line, ...gains}]), commit);
  const forecasts = [
    ["log_har_vix", 0.0004],
    ["anchored", forecast],
  ] as const;
  const rows = forecasts.map(([model, var_hat]) => ({
    date,
    horizon: 5,
    model,
    var_hat,
    rv_hat: Math.sqrt(var_hat),
    trained_through: date,
  }));
  await lake.append("walkforward_daily", tableOf("walkforward_daily", rows), commit);
  const label = {
    date,
    rv_1d: 0.01,
    rv_5d: 0.03,
    rv_22d: 0.05,
    range_rv_1d: 0.01,
    range_rv_5d: 0.02,
    range_rv_22d: 0.04,
  };
  await lake.append("labels_daily", tableOf("labels_daily", [label]), commit);
}

describe("volbook models", {timeout: 60_000}, () => {
  it("lists versions and their stages, shows one with all that is recorded, and the history", async () => {
    const {code, json} = await run(["models", "list"]);
    expect(code).toBe(0);
    expect(json.map(({name, version, stage}: Record<string, string>) => [name, version, stage])).toEqual([
      [NAME, a, "champion"],
      [NAME, b, "candidate"],
    ]);
    const shown = (await run(["models", "show", NAME])).json;
    expect(shown).toMatchObject({
      version: a,
      stage: "champion",
      metrics: {qlike: 0.35},
      decisions: [{event: "promoted"}],
    });
    const history = (await run(["models", "history", NAME])).json;
    expect(history.map(({event}: {event: string}) => event)).toEqual([
      "registered",
      "registered",
      "promoted",
    ]);
    expect(versionsTable(json)).toContain(`${NAME}  ${a}  champion   log_har_vix  2023-12-11`);
    expect(versionText(shown)).toContain(`${NAME} ${a}: champion`);
    expect(historyTable(history).split("\n")).toHaveLength(5);
  });

  it("promotes through the gates of the record as it is now, with the reason", async () => {
    await writeRecord(0.3, 0.0009);
    const {code, json, stderr} = await run(["models", "promote", NAME, b, "--reason", "better in crises"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(json).toMatchObject({
      event: "promoted",
      version: b,
      previous: a,
      by: "promote",
      created_at: "2024-01-03T12:00:00.000Z",
      reason: "better in crises: gain_rmse 0.3000, 0.02 asked; gain_qlike 0.3000, 0.02 asked",
    });
    const again = await run(["models", "promote", NAME, b]);
    expect(again).toMatchObject({code: 0, json: {event: "none", reason: "it is the champion already"}});
  });

  it("refuses what does not pass: exit code 1, the figures, and a record of it", async () => {
    await writeRecord(0.019, 0.0009);
    const {code, stdout, stderr} = await run(["models", "promote", NAME, b]);
    expect({code, stdout}).toEqual({code: 1, stdout: ""});
    expect(stderr).toBe(
      `Cannot promote ${NAME} ${b}: refused, gain_rmse 0.0190, 0.02 asked; gain_qlike 0.0190, 0.02 asked. The champion stays\n`,
    );
    expect((await run(["models", "history", NAME])).json.at(-1)).toMatchObject({
      event: "refused",
      version: b,
    });
  });

  it("asks in the strict profile for a gain on the champion too", async () => {
    const config = join(data, "strict.yaml");
    const small = new URL("small.yaml", import.meta.url).pathname;
    writeFileSync(config, `extends: ${small}\ngates: {profile: strict}\n`);
    await writeRecord(0.3, 0.0004);
    const {code, stderr} = await run(["models", "promote", NAME, b], {CONFIG: config});
    expect(code).toBe(1);
    expect(stderr).toContain("gain_champion 0.0000, 0.05 asked");
  });

  it("rolls back to the bytes of before", async () => {
    await promote(lake.store, b);
    const files = () =>
      ["model.json", "manifest.json"].map((file) =>
        readFileSync(join(data, "sample", artifactFolder(NAME, a), file)),
      );
    const before = files();
    const {code, json} = await run(["models", "rollback", NAME, "--reason", "worse on Monday"]);
    expect(code).toBe(0);
    expect(json).toMatchObject({event: "rolled_back", version: a, previous: b, reason: "worse on Monday"});
    expect(files()).toEqual(before);
    expect(JSON.parse(readFileSync(join(data, "sample", aliasKey(NAME)), "utf8"))).toMatchObject({
      version: a,
    });
  });

  it("tells MLflow of a rollback where MLFLOW_TRACKING_URI names one; one that is down costs a warning", async () => {
    await promote(lake.store, b);
    const server = await startFakeMlflow();
    const MLFLOW_TRACKING_URI = server.uri;
    expect(await run(["models", "rollback", NAME], {MLFLOW_TRACKING_URI})).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(server.aliases.get(`${NAME} champion`)).toBe("1");
    await server.close();
    const config = join(data, "quick.yaml");
    const small = new URL("small.yaml", import.meta.url).pathname;
    writeFileSync(config, `extends: ${small}\ntracking: {attempts: 1}\n`);
    const {code, stderr} = await run(["models", "rollback", NAME, "--to", b], {
      MLFLOW_TRACKING_URI,
      CONFIG: config,
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: Cannot reach MLflow at http:/);
  });

  it.each([
    [["models", "show", "spy_rv_9d"], /^Cannot find the model spy_rv_9d: the models are spy_rv_5d/],
    [["models", "show", NAME, "2020"], /^Cannot find spy_rv_5d 2020: the versions are/],
    [["models", "rollback", NAME], /^Cannot roll back spy_rv_5d: no champion came before/],
    [["models", "promote", NAME, "2020"], /^Cannot find spy_rv_5d 2020/],
  ])("%j fails with 1 and says why", async (words, message) => {
    const {code, stderr, stdout} = await run(words);
    expect({code, stdout}).toEqual({code: 1, stdout: ""});
    expect(stderr).toMatch(message);
  });

  it.each([
    [[], /begin with volbook models list/],
    [["models"], /the commands are models list, models show/],
    [["model", "list"], /the commands are models list/],
    [["models", "constructor"], /the commands are models list/],
    [["models", "promote", NAME], /with 1 arguments/],
    [["models", "list", "--to", "x"], /with --to: it takes no such option/],
    [["models", "list", "--force"], /Unknown option '--force'/],
    [["models", "list", "--source", "elsewhere"], /SOURCE=elsewhere/],
  ])("%j is wrong usage: 2", async (words, message) => {
    const {code, stderr} = await run(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("names the record that was edited, and promotes nothing after it", async () => {
    const file = join(data, "sample/registry", NAME, "00000001.json");
    writeFileSync(file, readFileSync(file, "utf8").replace("0.35", "0.05"));
    for (const words of [["list"], ["history", NAME], ["promote", NAME, b], ["rollback", NAME]]) {
      const {code, stderr} = await run(["models", ...words]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Cannot trust registry\/spy_rv_5d: record 1 was changed/);
    }
  });

  it("takes the lake from its options before the environment, and shows its usage", async () => {
    const {json} = await run(["models", "list", "--data-dir", data, "--source", "auto"], {
      DATA_DIR: "/nowhere",
      SOURCE: "csv",
    });
    expect(json).toBeUndefined(); // no lake there holds features: nothing was written last
    const listed = await run(["models", "list", "--data-dir", data, "--source", "sample"], {
      DATA_DIR: "/nowhere",
      SOURCE: "csv",
    });
    expect(listed.json).toHaveLength(2);
    const help = await run(["--help"]);
    expect(help).toMatchObject({code: 0, stderr: ""});
    expect(help.stdout).toContain("volbook models promote NAME VERSION");
  });
});
