import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {readJson, toJson} from "../store/lake.ts";
import {localDirectory} from "../store/localDirectory.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {artifactFolder, readArtifact} from "./artifact.ts";
import {aliasKey, latestVersion, readHistory, registeredNames, restoreAlias} from "./history.ts";
import {promoteVersion} from "./promotion.ts";
import {CREATED_AT, gate, NAME, promote, recording, register, smallArtifact} from "./registry.fixture.ts";
import {rollBack} from "./rollback.ts";

let root: string;
let store: ObjectStore;
let a: string;
let b: string;
let c: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "volbook-registry-"));
  store = localDirectory(root);
  [a, b, c] = [
    await register(store, smallArtifact(-4)),
    await register(store, smallArtifact(-4.1)),
    await register(store, smallArtifact(-4.2)),
  ];
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const record = (number: number): string => join(root, `registry/${NAME}/0000000${number}.json`);
const alias = () => readJson<{version: string; sequence: number}>(store, aliasKey(NAME));
const stages = async (): Promise<string[]> =>
  (await readHistory(store, NAME)).versions.map(({stage}) => stage);
const events = async (): Promise<string[]> =>
  (await readHistory(store, NAME)).records.map(({event}) => event);

describe("registerArtifact()", () => {
  it("records name, version, model, spans, metrics, gates, hashes and time of a candidate", async () => {
    const {records, versions, champion} = await readHistory(store, NAME);
    expect(champion).toBeUndefined();
    expect(versions.map(({version, stage}) => [version, stage])).toEqual(
      [a, b, c].map((v) => [v, "candidate"]),
    );
    expect(records[0]).toMatchObject({
      event: "registered",
      version: a,
      created_at: CREATED_AT,
      run: recording.run,
      model: "log_har_vix",
      trained_through: "2023-12-11",
      metrics: {qlike: 0.35},
      gates: [{name: "gain_qlike", value: 0.3, passed: true}],
      hashes: {
        model: expect.stringMatching(/^[0-9a-f]{64}$/),
        manifest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(await registeredNames(store)).toEqual([NAME]);
  });

  it("records a version once, and keeps its first manifest", async () => {
    const again = smallArtifact(-4);
    await register(store, {...again, manifest: {...again.manifest, created_at: "2024-02-01T00:00:00.000Z"}});
    expect(await events()).toHaveLength(3);
    expect((await readArtifact(store, NAME, a))!.manifest.created_at).toBe(CREATED_AT);
  });

  it("takes up the champion of a lake from before there was a history", async () => {
    rmSync(join(root, "registry"), {recursive: true});
    writeFileSync(join(root, aliasKey(NAME)), toJson({version: b}));
    expect(await latestVersion(store, NAME)).toBe(b);
    await register(store, smallArtifact(-5));
    const {champion, records} = await readHistory(store, NAME);
    expect(champion).toBe(b);
    expect(records.map(({event, by}) => `${event} by ${by}`)).toEqual([
      "registered by import",
      "promoted by import",
      "registered by train",
    ]);
  });
});

describe("promoteVersion()", () => {
  it("makes a candidate the champion where it passes its gates, and archives the one before", async () => {
    await promote(store, a);
    expect((await promote(store, b)).outcome).toBe("promoted");
    expect(await stages()).toEqual(["archived", "champion", "candidate"]);
    expect((await readHistory(store, NAME)).records.at(-1)).toMatchObject({
      event: "promoted",
      version: b,
      previous: a,
      run: recording.run,
      by: "train",
      profile: "standard",
      reason: "the newest fit: gain_qlike 0.3000, 0.02 asked",
    });
    expect(await alias()).toMatchObject({version: b, sequence: 5});
    expect((await readArtifact(store, NAME))!.manifest.version).toBe(b);
  });

  it("records a refusal with the gate and its figure; the champion stays", async () => {
    await promote(store, a);
    const {outcome, record: refusal} = await promote(store, b, [
      gate("gain_qlike", 0.3),
      gate("gain_champion", 0.049, 0.05),
    ]);
    expect(outcome).toBe("refused");
    expect(refusal).toMatchObject({
      event: "refused",
      version: b,
      previous: a,
      reason: "the newest fit: gain_champion 0.0490, 0.05 asked",
      gates: [{name: "gain_qlike"}, {name: "gain_champion", value: 0.049, threshold: 0.05}],
    });
    expect(await latestVersion(store, NAME)).toBe(a);
    expect(await stages()).toEqual(["champion", "candidate", "candidate"]);
  });

  it("records one refusal of one reason, however often it is tried, and another of another", async () => {
    await promote(store, a);
    for (const value of [0.01, 0.01, 0.01, 0.011]) await promote(store, b, [gate("gain_qlike", value)]);
    expect((await events()).filter((event) => event === "refused")).toHaveLength(2);
  });

  it("does not count a gate that informs, or whose figure a short history lacks", async () => {
    const informs = {...gate("worst_year", -0.1), blocking: false};
    expect((await promote(store, a, [informs, gate("diebold_mariano", null)])).outcome).toBe("promoted");
  });

  it("has nothing to decide of the champion, and names the versions where there is none such", async () => {
    await promote(store, a);
    expect(await promote(store, a)).toEqual({
      outcome: "already the champion",
      reason: "",
      record: undefined,
    });
    await expect(promote(store, "2020-01-01-00000000")).rejects.toThrow(
      `Cannot find ${NAME} 2020-01-01-00000000: the versions are ${a}, ${b}, ${c}`,
    );
    expect(await events()).toHaveLength(4);
  });

  it("lets one of two racing promotions win, and judges the other against the winner", async () => {
    await promote(store, a);
    const against: (string | undefined)[] = [];
    const race = (version: string) =>
      promoteVersion(
        localDirectory(root),
        {name: NAME, version},
        {
          ...recording,
          by: "promote",
          profile: "strict",
          reason: "race",
          // Both are better than a; neither is better than the other.
          judge({champion}) {
            against.push(champion);
            return [gate("gain_champion", champion === a ? 0.06 : 0, 0.05)];
          },
        },
      );
    const results = await Promise.all([race(b), race(c)]);
    expect(results.map(({outcome}) => outcome).sort()).toEqual(["promoted", "refused"]);
    const winner = results[0]!.outcome === "promoted" ? b : c;
    expect(against).toEqual([a, a, winner]);
    expect(await latestVersion(store, NAME)).toBe(winner);
    expect(await alias()).toMatchObject({version: winner, sequence: 6});
  });
});

describe("rollBack()", () => {
  const files = (version: string): Buffer[] =>
    ["model.json", "manifest.json"].map((file) =>
      readFileSync(join(root, artifactFolder(NAME, version), file)),
    );

  it("brings the champion of before back to the byte, and is itself recorded", async () => {
    await promote(store, a);
    const before = [...files(a), ...files(b)];
    await promote(store, b);
    await rollBack(store, NAME, {reason: "worse on Monday", ...recording});
    expect([...files(a), ...files(b)]).toEqual(before);
    expect(await alias()).toMatchObject({version: a, sequence: 6});
    expect((await readArtifact(store, NAME))!.manifest.version).toBe(a);
    const history = await readHistory(store, NAME);
    expect(history.records.at(-1)).toMatchObject({
      event: "rolled_back",
      version: a,
      previous: b,
      by: "rollback",
      reason: "worse on Monday",
    });
    expect([...history.withdrawn]).toEqual([b]);
  });

  it("goes one champion further back each time, or to the one named", async () => {
    for (const version of [a, b, c]) await promote(store, version);
    const go = (to?: string) => rollBack(store, NAME, {...(to ? {to} : {}), reason: "r", ...recording});
    await go();
    expect(await latestVersion(store, NAME)).toBe(b);
    await go();
    expect(await latestVersion(store, NAME)).toBe(a);
    await expect(go()).rejects.toThrow(`Cannot roll back ${NAME}: no champion came before ${a}`);
    await go(c);
    expect(await latestVersion(store, NAME)).toBe(c);
  });

  it("refuses a version that never was champion, and one that is", async () => {
    await promote(store, a);
    const to = (version: string) => rollBack(store, NAME, {to: version, reason: "r", ...recording});
    await expect(to(b)).rejects.toThrow("it was never champion. Use promote");
    await expect(to(a)).rejects.toThrow("it is the champion");
  });

  it.each(["model.json", "manifest.json"])(
    "refuses one whose %s is not what was registered",
    async (file) => {
      await promote(store, a);
      await promote(store, b);
      const path = join(root, artifactFolder(NAME, a), file);
      writeFileSync(
        path,
        readFileSync(path, "utf8")
          .replace("2023-12-11", "2023-12-12")
          .replace("spy", "SPY")
          .replace("0.0", "0.1"),
      );
      await expect(rollBack(store, NAME, {reason: "r", ...recording})).rejects.toThrow(
        /Cannot load .* is not the file/,
      );
      expect(await latestVersion(store, NAME)).toBe(b);
    },
  );

  it("stops where another became champion meanwhile", async () => {
    for (const version of [a, b]) await promote(store, version);
    let isFirst = true;
    const slow: ObjectStore = {
      ...store,
      async putIfAbsent(key, bytes) {
        if (isFirst) await promote(store, c);
        isFirst = false;
        return store.putIfAbsent(key, bytes);
      },
    };
    await expect(rollBack(slow, NAME, {reason: "r", ...recording})).rejects.toThrow(
      `Cannot roll back ${NAME} from ${b}: ${c} became the champion meanwhile`,
    );
    expect(await latestVersion(store, NAME)).toBe(c);
  });
});

describe("readHistory()", () => {
  beforeEach(async () => {
    await promote(store, a);
    await promote(store, b);
  });

  it("names a record that was edited, and nothing reads or adds after it", async () => {
    writeFileSync(record(4), readFileSync(record(4), "utf8").replace("the newest fit", "because I say so"));
    const message = `Cannot trust registry/${NAME}: record 4 was changed`;
    await expect(latestVersion(store, NAME)).rejects.toThrow(message);
    await expect(readArtifact(store, NAME)).rejects.toThrow(message);
    await expect(promote(store, c)).rejects.toThrow(message);
    await expect(rollBack(store, NAME, {reason: "r", ...recording})).rejects.toThrow(message);
    expect(readdirSync(join(root, "registry", NAME))).toHaveLength(5);
  });

  it("names a record that was removed, also the newest", async () => {
    rmSync(record(5));
    await expect(readHistory(store, NAME)).rejects.toThrow("record 5 is missing, which latest.json names");
    rmSync(record(2));
    await expect(readHistory(store, NAME)).rejects.toThrow("record 2 is missing");
  });

  it("names the history where all of it was written anew", async () => {
    const other = localDirectory(join(root, "other"));
    for (const intercept of [-4, -4.1, -4.2]) await register(other, smallArtifact(intercept));
    await promote(other, a);
    await promote(other, c);
    for (const number of [1, 2, 3, 4, 5])
      writeFileSync(record(number), (await other.get(`registry/${NAME}/0000000${number}.json`))!);
    await expect(readHistory(store, NAME)).rejects.toThrow("record 5 is not the one that latest.json names");
  });

  it("does without the alias, which is derived again", async () => {
    const before = readFileSync(join(root, aliasKey(NAME)));
    rmSync(join(root, aliasKey(NAME)));
    expect(await latestVersion(store, NAME)).toBe(b);
    await restoreAlias(store, NAME);
    expect(readFileSync(join(root, aliasKey(NAME)))).toEqual(before);
  });
});
