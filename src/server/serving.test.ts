import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {artifactName} from "../registry/artifact.ts";
import {latestVersion} from "../registry/history.ts";
import {openLake} from "../store/lake.ts";
import {localDirectory} from "../store/localDirectory.ts";
import {sessionDate} from "../units.ts";
import {chooseLake} from "./chooseLake.ts";
import {
  artifacts,
  fittedArtifact,
  NEWEST,
  predictionsTable,
  storeArtifact,
  writeTestLake,
} from "./server.fixture.ts";
import {type FollowerLog, followLake, loadServing, type Serving} from "./serving.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "volbook-server-"));
});

afterEach(() => rmSync(root, {recursive: true, force: true}));

const lakeAt = (folder: string) => openLake({store: localDirectory(folder)});
const servedAt = (folder: string) => ({lake: lakeAt(folder), source: "csv" as const, symbol: "SPY"});

function recorder() {
  const loaded: Serving[] = [];
  const failed: string[] = [];
  const log: FollowerLog = {
    loaded: (serving) => loaded.push(serving),
    failed: (error) => failed.push(error.message),
  };
  return {loaded, failed, log};
}

describe("loadServing()", () => {
  it("answers from a lake as predictions_daily does, to the last bit", async () => {
    await writeTestLake(root);
    const serving = await loadServing(servedAt(root));
    const answer = serving!.predictor.predict({day: sessionDate(NEWEST), sent: {}, at: ""});
    const table = predictionsTable().columns;
    expect(answer.rv_5d_hat).toBe(table.rv_5d_hat!.at(-1));
    expect(answer.rv_1d_hat).toBe(table.rv_1d_hat!.at(-1));
    expect(answer.rv_22d_hat).toBe(table.rv_22d_hat!.at(-1));
    expect(answer.top_drivers).toEqual(table.top_drivers!.at(-1));
    expect(serving!.predictions.rows).toBe(60);
  });

  it("serves without the other horizons", async () => {
    await writeTestLake(root);
    for (const name of [1, 22].map((horizon) => artifactName("SPY", horizon)))
      for (const folder of ["artifacts/model", "registry"])
        rmSync(join(root, folder, name), {recursive: true});
    const serving = await loadServing(servedAt(root));
    const answer = serving!.predictor.predict({day: sessionDate(NEWEST), sent: {}, at: ""});
    expect(answer).not.toHaveProperty("rv_1d_hat");
  });

  it("has nothing to serve before there is a model", async () => {
    expect(await loadServing(servedAt(root))).toBeUndefined();
  });

  it("refuses a model file that was changed", async () => {
    await writeTestLake(root);
    const name = artifactName("SPY", 5);
    const version = await latestVersion(localDirectory(root), name);
    const file = join(root, "artifacts/model", name, version!, "model.json");
    writeFileSync(file, readFileSync(file, "utf8").replace("0", "1"));
    await expect(loadServing(servedAt(root))).rejects.toThrow("train again");
  });
});

describe("followLake()", () => {
  it("serves a lake as soon as there is one, and does not load the same content again", async () => {
    const {loaded, failed, log} = recorder();
    const follower = followLake(async () => servedAt(root), log);
    await follower.refresh();
    expect(follower.current()).toBeUndefined();
    await writeTestLake(root);
    await Promise.all([follower.refresh(), follower.refresh()]);
    await follower.refresh();
    expect(loaded).toHaveLength(1);
    expect(follower.current()).toBe(loaded[0]);
    expect(failed).toEqual([]);
  });

  it("takes a newer model's place only after it is loaded, and keeps the old one where it cannot be", async () => {
    const {loaded, failed, log} = recorder();
    await writeTestLake(root);
    const follower = followLake(async () => servedAt(root), log);
    await follower.refresh();
    const first = follower.current();

    const newer = fittedArtifact(5, "gbdt");
    const {manifest} = newer;
    await storeArtifact(root, newer);
    const file = join(root, "artifacts/model/spy_rv_5d", manifest.version, "model.json");
    const good = readFileSync(file);
    writeFileSync(file, "{}");
    await follower.refresh();
    await follower.refresh();
    expect(follower.current()).toBe(first);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain(manifest.version);
    expect(follower.failure()).toBe(failed[0]);

    writeFileSync(file, good);
    await follower.refresh();
    expect(follower.current()!.predictor.manifests[0]!.version).toBe(manifest.version);
    expect(follower.failure()).toBeUndefined();
    expect(loaded).toHaveLength(2);
  });

  it("writes nothing into a lake whose snapshot is behind its manifest, when its store does not", async () => {
    await writeTestLake(root);
    const snapshot = join(root, "snapshots/features_daily.parquet");
    writeFileSync(snapshot, "behind");
    const lake = openLake({store: {...localDirectory(root), replace: async () => {}}});
    const serving = await loadServing({lake, source: "csv", symbol: "SPY"});
    expect(serving!.predictor.newestSession).toBe(NEWEST);
    expect(readFileSync(snapshot, "utf8")).toBe("behind");
    expect(readdirSync(root)).toContain("snapshots");
  });
});

describe("chooseLake()", () => {
  const open = (source: string) => lakeAt(join(root, source));

  it("takes the newest of those that are there, yahoo before the others", async () => {
    expect(await chooseLake("auto", open)).toBeUndefined();
    await writeTestLake(join(root, "sample"), {committedAt: "2024-01-02T12:00:00.000Z"});
    expect((await chooseLake("auto", open))!.source).toBe("sample");
    await writeTestLake(join(root, "yahoo"), {committedAt: "2024-01-02T12:00:00.000Z"});
    expect((await chooseLake("auto", open))!.source).toBe("yahoo");
    await writeTestLake(join(root, "csv"), {committedAt: "2024-01-03T12:00:00.000Z"});
    expect((await chooseLake("auto", open))!.source).toBe("csv");
  });

  it("takes the one asked for, and no other", async () => {
    await writeTestLake(join(root, "sample"));
    expect(await chooseLake("yahoo", open)).toBeUndefined();
    expect((await chooseLake("sample", open))!.source).toBe("sample");
  });
});

it("the fixture's artifacts are versions of one model at three horizons", () => {
  expect(artifacts.map(({manifest}) => manifest.name)).toEqual(["spy_rv_5d", "spy_rv_1d", "spy_rv_22d"]);
});
