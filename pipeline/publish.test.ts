import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import pino from "pino";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {type Config, readConfig} from "../src/config.ts";
import type {ScoredForecasts} from "../src/evaluation/scoredForecasts.ts";
import {readHistory} from "../src/registry/history.ts";
import {gate, NAME, recording, smallArtifact} from "../src/registry/registry.fixture.ts";
import {rollBack} from "../src/registry/rollback.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {type Candidate, publishCandidates} from "./publish.ts";
import type {StageContext} from "./stage.ts";

const standard = readConfig("test/small.yaml", (path) => readFileSync(path, "utf8"));
const strict: Config = {...standard, gates: {...standard.gates, profile: "strict"}};

let root: string;
let lake: Lake;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "volbook-publish-"));
  lake = openLake({store: localDirectory(root)});
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const publish = (candidates: readonly Candidate[], config = standard) =>
  publishCandidates(
    {
      config,
      lake,
      log: pino({level: "silent"}),
      runId: recording.run,
      environment: {now: recording.createdAt, mlflow: undefined},
    } as unknown as StageContext,
    candidates,
  );

const lossOf = (f: number): number => 1 / f - Math.log(1 / f) - 1;

/** The forecast of an outcome of 1 whose QLIKE is given, by halving. */
function forecastOfLoss(loss: number) {
  let [low, high] = [1e-9, 1];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (lossOf(middle) > loss) low = middle;
    else high = middle;
  }
  return {variance: Float64Array.of(high), volatility: Float64Array.of(Math.sqrt(high))};
}

/** Forecasts of one session by two models whose losses on it are 1 and `ratio`. */
function scoredAt(ratio: number): ScoredForecasts {
  const forecasts = {old: forecastOfLoss(1), new: forecastOfLoss(ratio)};
  return {sessions: Int32Array.of(1), horizon: 5, actual: Float64Array.of(1), forecasts};
}

function candidate(
  intercept: number,
  {model = "old", ratio = 1, gates = [gate("gain_qlike", 0.3)]} = {},
): Candidate {
  const {manifest, fit} = smallArtifact(intercept, model);
  return {manifest: {...manifest, gates}, fit, parents: [], scored: scoredAt(ratio)};
}

const events = async (): Promise<string[]> =>
  (await readHistory(lake.store, NAME)).records.map(({event}) => event);

describe("publishCandidates()", () => {
  it("registers the newest fit and promotes it where it passes", async () => {
    const [published] = await publish([candidate(-4)]);
    expect(published).toMatchObject({
      name: NAME,
      stage: "champion",
      champion: published!.candidate,
      records: 2,
    });
    const {records} = await readHistory(lake.store, NAME);
    expect(published!.head).toBe(records.at(-1)!.hash);
    await publish([candidate(-4)]);
    expect(await events()).toEqual(["registered", "promoted"]);
  });

  it("leaves a candidate that does not pass a candidate, the champion the champion, and records the figures", async () => {
    const [before] = await publish([candidate(-4)]);
    const weak = candidate(-4.1, {gates: [gate("gain_qlike", 0.0199)]});
    expect(await publish([weak])).toMatchObject([{stage: "candidate", champion: before!.champion}]);
    const {records} = await readHistory(lake.store, NAME);
    expect(records.at(-1)).toMatchObject({
      event: "refused",
      reason: "the newest fit of old: gain_qlike 0.0199, 0.02 asked",
    });
  });

  it("promotes no horizon where one does not pass", async () => {
    const other = candidate(-4.2);
    const elsewhere = {...other, manifest: {...other.manifest, name: "spy_rv_1d"}};
    await publish([elsewhere, candidate(-4.1, {gates: [gate("gain_rmse", 0)]})]);
    expect((await readHistory(lake.store, "spy_rv_1d")).champion).toBeUndefined();
    expect((await readHistory(lake.store, "spy_rv_1d")).records.map(({event}) => event)).toEqual([
      "registered",
    ]);
  });

  it.each([
    [0.951, "candidate"],
    [0.95, "champion"],
    [0.8, "champion"],
  ])("in the strict profile a loss of %s of the champion's makes it %s", async (ratio, stage) => {
    await publish([candidate(-4)], strict);
    expect(await publish([candidate(-4.1, {model: "new", ratio})], strict)).toMatchObject([{stage}]);
    const last = (await readHistory(lake.store, NAME)).records.at(-1)!;
    expect(last).toMatchObject({profile: "strict", event: stage === "champion" ? "promoted" : "refused"});
    if (last.event === "registered") return;
    const gain = last.gates!.find(({name}) => name === "gain_champion")!;
    expect(gain).toMatchObject({threshold: 0.05, blocking: true});
    expect(gain.value).toBeCloseTo(1 - ratio, 12);
  });

  it("in the strict profile promotes a newer fit of the champion's model, which its own gates judge", async () => {
    await publish([candidate(-4)], strict);
    expect(await publish([candidate(-4.1)], strict)).toMatchObject([{stage: "champion"}]);
    const last = (await readHistory(lake.store, NAME)).records.at(-1)!;
    expect(last).toMatchObject({
      profile: "strict",
      reason: "the newest fit of old: gain_qlike 0.3000, 0.02 asked",
      gates: [{name: "gain_qlike"}, {name: "gain_champion", value: 0, blocking: false}],
    });
    const weak = candidate(-4.2, {gates: [gate("gain_qlike", 0.0199)]});
    expect(await publish([weak], strict)).toMatchObject([{stage: "candidate"}]);
  });

  it("in the strict profile refuses a model without a session in common with the champion's", async () => {
    await publish([candidate(-4)], strict);
    expect(await publish([candidate(-4.1, {model: "unknown"})], strict)).toMatchObject([
      {stage: "candidate"},
    ]);
    expect((await readHistory(lake.store, NAME)).records.at(-1)).toMatchObject({
      reason: "the newest fit of unknown: gain_champion unknown, 0.05 asked",
    });
  });

  it("in the standard profile tells the gain over the champion and does not ask for it", async () => {
    await publish([candidate(-4)]);
    expect(await publish([candidate(-4.1, {model: "new", ratio: 2})])).toMatchObject([{stage: "champion"}]);
    const last = (await readHistory(lake.store, NAME)).records.at(-1)!;
    expect(last.event !== "registered" && last.gates?.at(-1)).toMatchObject({
      name: "gain_champion",
      passed: false,
      blocking: false,
    });
  });

  it("does not promote again what was rolled back, and promotes the fit after it", async () => {
    const [first] = await publish([candidate(-4)]);
    await publish([candidate(-4.1)]);
    await rollBack(lake.store, NAME, {reason: "test", ...recording});
    expect(await publish([candidate(-4.1)])).toMatchObject([{stage: "archived", champion: first!.champion}]);
    expect(await events()).toHaveLength(5);
    expect(await publish([candidate(-4.2)])).toMatchObject([{stage: "champion"}]);
  });
});
