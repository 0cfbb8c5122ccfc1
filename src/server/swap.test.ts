// Does a new champion take over without a dropped request, and a bad one not at all? Asked over a real socket.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {FastifyInstance} from "fastify";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {Artifact} from "../registry/artifact.ts";
import {promoteVersion} from "../registry/promotion.ts";
import {rollBack} from "../registry/rollback.ts";
import {frameTable} from "../store/frameTable.ts";
import {openLake} from "../store/lake.ts";
import {localDirectory} from "../store/localDirectory.ts";
import {createApp} from "./app.ts";
import {
  artifacts,
  fittedArtifact,
  NEWEST,
  now,
  storeArtifact,
  stored,
  writeTestLake,
} from "./server.fixture.ts";
import {type Follower, followLake} from "./serving.ts";

const old = artifacts[0]!.manifest.version;
const other = fittedArtifact(5, "gbdt");
const recording = {createdAt: "2024-01-03T12:00:00.000Z", run: "test"};
const CLIENTS = 4;

let root: string;
let app: FastifyInstance;
let base: string;
let follower: Follower;
let failed: string[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "volbook-swap-"));
  await writeTestLake(root);
  failed = [];
  const served = {lake: openLake({store: localDirectory(root)}), source: "csv" as const, symbol: "SPY"};
  const log = {loaded: () => undefined, failed: (error: Error) => void failed.push(error.message)};
  follower = followLake(async () => served, log);
  await follower.refresh();
  app = await createApp({serving: follower.current, failure: follower.failure, version: "1", now});
  await app.listen({host: "127.0.0.1", port: 0});
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await app.close();
  rmSync(root, {recursive: true, force: true});
});

/** Versions that clients were answered with, in the order of each, while something went on; half of them send batches. */
async function versionsDuring(work: () => Promise<void>): Promise<string[][]> {
  let isDone = false;
  const begun: Promise<void>[] = [];
  const row = {as_of_date: NEWEST, feature_vector: {}};
  const clients = Array.from({length: CLIENTS}, async (_, client) => {
    const isBatch = client % 2 === 1;
    const versions: string[] = [];
    const {promise, resolve} = Promise.withResolvers<void>();
    begun.push(promise);
    for (let after = 0; after < 5; isDone ? after++ : 0) {
      const answer = await fetch(`${base}/predict${isBatch ? "/batch" : ""}`, {
        method: "POST",
        headers: {"content-type": "application/json"},
        body: JSON.stringify(isBatch ? [row, row] : row),
      });
      expect(answer.status).toBe(200);
      const answers = [await answer.json()].flat() as {model_version: string}[];
      const [version, ...others] = answers.map(({model_version}) => model_version);
      expect(others).toEqual(isBatch ? [version] : []);
      versions.push(version!);
      resolve();
    }
    return versions;
  });
  await Promise.all(begun);
  await work();
  isDone = true;
  return Promise.all(clients);
}

const get = async (path: string): Promise<string> => (await fetch(base + path)).text();
const gauge = async (): Promise<string | undefined> =>
  /^volbook_model_rejected (\d)$/m.exec(await get("/metrics"))?.[1];

async function refreshThrice(): Promise<void> {
  for (let i = 0; i < 3; i++) await follower.refresh();
}

describe("a new champion", () => {
  it("takes over between two requests: every one is answered, by the old or then by the new", async () => {
    const answers = await versionsDuring(async () => {
      await storeArtifact(root, other);
      await follower.refresh();
    });
    for (const versions of answers) {
      expect(new Set(versions)).toEqual(new Set([old, other.manifest.version]));
      expect(versions.lastIndexOf(old)).toBeLessThan(versions.indexOf(other.manifest.version));
    }
    expect(await get("/metrics")).toContain(`version="${other.manifest.version}"`);
    expect(await gauge()).toBe("0");
    const back = await versionsDuring(async () => {
      await rollBack(localDirectory(root), other.manifest.name, {reason: "test", ...recording});
      await follower.refresh();
    });
    for (const versions of back) expect(versions.at(-1)).toBe(old);
  }, 60_000);

  const wrongExamples = ({manifest, fit}: Artifact): Artifact => ({
    fit,
    manifest: {
      ...manifest,
      examples: manifest.examples.map((example) => ({
        ...example,
        volatility: example.volatility * (1 + 1e-9),
      })),
    },
  });
  const corrupt = async (): Promise<void> => {
    await storeArtifact(root, other);
    const file = join(root, "artifacts/model/spy_rv_5d", other.manifest.version, "model.json");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(/"split_conditions":\[[^\]]*\]/, '"split_conditions":[0.0]'),
    );
  };

  it.each([
    ["fails its self-test", () => storeArtifact(root, wrongExamples(other)), /the model .*; train again/],
    ["has a corrupt file", corrupt, /model\.json is not the file that manifest\.json names/],
    [
      "has an edited history",
      async () => {
        await storeArtifact(root, other);
        const file = join(root, "registry/spy_rv_5d/00000004.json");
        writeFileSync(file, readFileSync(file, "utf8").replace("promoted", "promotes"));
      },
      /Cannot trust registry\/spy_rv_5d: record 4 was changed/,
    ],
  ])(
    "that %s never takes the old one's place; that is logged once and told",
    async (_, publish, reason) => {
      const answers = await versionsDuring(async () => {
        await publish();
        await refreshThrice();
      });
      expect(new Set(answers.flat())).toEqual(new Set([old]));
      expect(failed).toEqual([expect.stringMatching(reason)]);
      const ready = JSON.parse(await get("/ready"));
      expect(ready).toMatchObject({status: "ready", model_version: old, rejected: failed[0]});
      expect(await gauge()).toBe("1");
    },
    60_000,
  );

  it("that fails does not keep new sessions from being served by the old one; a good one after it is taken", async () => {
    await storeArtifact(root, wrongExamples(other));
    await follower.refresh();
    const lake = openLake({store: localDirectory(root)});
    const day = stored.sessions.at(-1)! + 4; // 2024-01-02
    const next = {
      sessions: Int32Array.of(...stored.sessions, day),
      columns: {} as Record<string, Float64Array>,
    };
    for (const [name, values] of Object.entries(stored.columns))
      next.columns[name] = Float64Array.of(...values, values.at(-1)!);
    await lake.append("features_daily", frameTable(next), {
      ...recording,
      committedAt: recording.createdAt,
      inputs: {},
    });
    await follower.refresh();
    expect(JSON.parse(await get("/ready"))).toMatchObject({newest_session: "2024-01-02", model_version: old});
    const listed = JSON.parse(await get("/models")) as {artifact: string; version: string; stage: string}[];
    const stages = listed
      .filter(({artifact}) => artifact === other.manifest.name)
      .map(({version, stage}) => [version, stage]);
    expect(stages).toEqual([
      [old, "Production"],
      [other.manifest.version, "Staging"],
    ]);

    const third = fittedArtifact(5, "log_har_gamma");
    await storeArtifact(root, {...third, manifest: {...third.manifest, created_at: recording.createdAt}});
    await follower.refresh();
    expect(JSON.parse(await get("/ready"))).toMatchObject({model_version: third.manifest.version});
    expect(JSON.parse(await get("/ready"))).not.toHaveProperty("rejected");
    expect(await gauge()).toBe("0");
  }, 60_000);

  it("is looked for by the names of records: nothing is read while there is none", async () => {
    let reads = 0;
    const store = localDirectory(root);
    const counted = {
      ...store,
      get(key: string) {
        reads++;
        return store.get(key);
      },
    };
    const lake = openLake({store: counted});
    const log = {loaded: () => undefined, failed: (error: Error) => void failed.push(error.message)};
    const watching = followLake(async () => ({lake, source: "csv", symbol: "SPY"}), log);
    await watching.refresh();
    expect(reads).toBeGreaterThan(0);
    reads = 0;
    for (let i = 0; i < 5; i++) await watching.refresh();
    expect(reads).toBe(0);
    await promoteVersion(store, artifacts[0]!.manifest, {
      ...recording,
      by: "promote",
      profile: "standard",
      judge: () => [],
      reason: "it is the champion: no record, no reading",
    });
    await watching.refresh();
    expect(reads).toBe(0);
  });
});
