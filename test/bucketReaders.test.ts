// Do those who only read a lake read one in a bucket: the server as a process, its follower, the library?
import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {rawTable} from "../pipeline/marketTables.ts";
import {listBars} from "../src/market/bars.ts";
import {
  artifacts,
  bars,
  fittedArtifact,
  NEWEST,
  newestBars,
  predictionsTable,
  storeArtifact,
  writeTestLake,
} from "../src/server/server.fixture.ts";
import {followLake} from "../src/server/serving.ts";
import {openLake} from "../src/store/lake.ts";
import {findLake} from "../src/store/lakeFolder.ts";
import {storeAt} from "../src/store/lakeRoot.ts";
import {query} from "../src/store/query.ts";
import {type S3Server, startS3Server} from "./s3Server.ts";

const DATA = "s3://lakes/volbook";
const COMMITTED_AT = "2024-01-02T12:00:00.000Z";
const ROOT = `${DATA}/csv`;
const repository = fileURLToPath(new URL("..", import.meta.url));
const saved = {...process.env};

let folder: string;
let bucket: S3Server;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "volbook-readers-"));
  bucket = await startS3Server();
  variables = {
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
    AWS_EC2_METADATA_DISABLED: "true",
    VOLBOOK_CACHE: join(folder, "cache"),
  };
  Object.assign(process.env, variables);
  await writeTestLake(ROOT);
  const raw = rawTable(listBars(newestBars(bars[0]!, 2)), {source: "csv", now: COMMITTED_AT});
  const commit = {committedAt: COMMITTED_AT, run: "test", inputs: {}};
  await openLake({store: storeAt(ROOT)}).append("raw.market", raw, commit);
}, 60_000);
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  await bucket.close();
  rmSync(folder, {recursive: true, force: true});
});

async function listening(child: ChildProcess): Promise<string> {
  let log = "";
  for await (const chunk of child.stdout!) {
    log += chunk;
    const found = /Server listening at (http:[^"]+)/.exec(log);
    if (found) return found[1]!;
  }
  throw new Error(`the server ended: ${log}`);
}

describe("a lake in a bucket", () => {
  it("is served as one in a folder is, the fits of tickers too, and nothing is written into it", async () => {
    const before = bucket.requests.length;
    const child = spawn(process.execPath, ["src/server/main.ts"], {
      cwd: repository,
      env: {PATH: process.env.PATH, ...variables, DATA_DIR: DATA, PORT: "0"},
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const base = await listening(child);
      const ask = async (body: object) => {
        const headers = {"content-type": "application/json"};
        const answer = await fetch(`${base}/predict`, {method: "POST", headers, body: JSON.stringify(body)});
        return (await answer.json()) as Record<string, unknown>;
      };
      expect((await ask({as_of_date: NEWEST, feature_vector: {}})).rv_5d_hat).toBe(
        predictionsTable().columns.rv_5d_hat!.at(-1),
      );
      const fitted = await ask({ticker: "SPY", model_type: "GARCH", horizon: 2});
      expect(fitted).toMatchObject({ticker: "SPY", trained_through: NEWEST, observations: 119});
      const page = await fetch(`${base}/predictions/SPY?limit=1`);
      expect(await page.json()).toMatchObject({total: 60, predictions: [{date: NEWEST}]});
      expect(await (await fetch(`${base}/ready`)).json()).toMatchObject({source: "csv", status: "ready"});
    } finally {
      child.kill("SIGTERM");
      expect((await once(child, "exit"))[0]).toBe(0);
    }
    const methods = new Set(bucket.requests.slice(before).map(({method}) => method));
    expect([...methods].filter((method) => !["GET", "HEAD"].includes(method))).toEqual([]);
  }, 60_000);

  it("gives its new champion to a server that follows it; while it cannot be reached the old one stays", async () => {
    const failed: string[] = [];
    const served = {lake: openLake({store: storeAt(ROOT)}), source: "csv" as const, symbol: "SPY"};
    const log = {loaded: () => {}, failed: (error: Error) => void failed.push(error.message)};
    const follower = followLake(async () => served, log);
    const version = () => follower.current()!.predictor.manifests[0]!.version;
    await follower.refresh();
    expect(version()).toBe(artifacts[0]!.manifest.version);
    const other = fittedArtifact(5, "gbdt");
    await storeArtifact(ROOT, other);
    bucket.fault = () => ({status: 403, code: "AccessDenied"});
    await follower.refresh();
    expect(version()).toBe(artifacts[0]!.manifest.version);
    expect(failed).toEqual([
      expect.stringMatching(/^Cannot list registry.* in the bucket lakes: access is denied/),
    ]);
    bucket.fault = () => undefined;
    await follower.refresh();
    expect(version()).toBe(other.manifest.version);
  }, 60_000);

  it("is opened by findLake(), as one in a folder is, for columns and for SQL", async () => {
    const lake = await findLake(DATA);
    expect(lake).toMatchObject({source: "csv", folder: ROOT});
    expect((await lake.read("predictions_daily")).rows).toBe(60);
    expect(await query(lake, "SELECT max(date) AS newest FROM features_daily")).toEqual([{newest: NEWEST}]);
    await expect(lake.store.replace("x", new Uint8Array())).rejects.toThrow("was opened for reading");
    await expect(findLake(DATA, "yahoo")).rejects.toThrow(
      `Cannot open the lake of yahoo in ${DATA}: it has none`,
    );
  }, 60_000);
});
