import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {localDirectory} from "../../store/localDirectory.ts";
import type {ObjectStore} from "../../store/objectStore.ts";
import {artifactFolder} from "../artifact.ts";
import {gate, NAME, promote, recording, register, smallArtifact} from "../registry.fixture.ts";
import {rollBack} from "../rollback.ts";
import {createMlflowClient} from "./client.ts";
import {mirrorModel} from "./mirror.ts";
import {type FakeMlflow, startFakeMlflow} from "./server.fixture.ts";
import {mlflowSettings} from "./settings.ts";

let root: string;
let store: ObjectStore;
let server: FakeMlflow;
let waits: number[];
let a: string;
let b: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "volbook-mlflow-"));
  store = localDirectory(root);
  server = await startFakeMlflow({pageSize: 1});
  waits = [];
  a = await register(store, smallArtifact(-4));
  await promote(store, a);
  b = await register(store, smallArtifact(-4.1));
});
afterEach(async () => {
  await server.close();
  rmSync(root, {recursive: true, force: true});
});

function clientOf(uri = server.uri, more: Partial<Parameters<typeof mlflowSettings>[0]> = {}) {
  const variables = {uri, experiment: "volbook", username: undefined, password: undefined, token: undefined};
  return createMlflowClient(mlflowSettings({...variables, ...more}), {
    attempts: 3,
    timeoutMs: 500,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
}

const configuration = {hash: "d".repeat(64), values: {seed: "1", champion: "selected"}};
const mirror = (client = clientOf()) => mirrorModel(client, store, {name: NAME, configuration});
const stages = () =>
  server.versions.map(({tags}) => [tags.get("volbook.version"), tags.get("volbook.stage")]);

describe("mirrorModel()", () => {
  it("logs a run with params, metrics, tags and files for every version, and registers it", async () => {
    await mirror();
    expect(server.runs).toHaveLength(2);
    const [run] = server.runs;
    expect(Object.fromEntries(run!.params)).toMatchObject({
      model: "log_har_vix",
      horizon: "5",
      trained_through: "2023-12-11",
      seed: "1",
      champion: "selected",
    });
    expect(Object.fromEntries(run!.metrics)).toEqual({qlike: 0.35, rmse_pct: 1, "gate.gain_qlike": 0.3});
    expect(run!.tags.get("volbook.hash.training")).toBe("t".repeat(64));
    expect(run!.status).toBe("FINISHED");
    for (const file of ["model.json", "manifest.json"])
      expect(server.files.get(`1/run1/artifacts/model/${file}`)).toEqual(
        readFileSync(join(root, artifactFolder(NAME, a), file)),
      );
    expect(server.versions.map(({source}) => source)).toEqual([
      "mlflow-artifacts:/1/run1/artifacts/model",
      "mlflow-artifacts:/1/run2/artifacts/model",
    ]);
    expect(stages()).toEqual([
      [a, "champion"],
      [b, "candidate"],
    ]);
    expect(Object.fromEntries(server.aliases)).toEqual({
      [`${NAME} champion`]: "1",
      [`${NAME} candidate`]: "2",
    });
  });

  it("adds nothing the second time, and follows promotion, refusal and rollback", async () => {
    await mirror();
    const before = server.requests.length;
    await mirror();
    expect(
      server.requests.slice(before).filter((what) => /log-batch|runs|set-tag|files|alias/.test(what)),
    ).toEqual([]);
    await promote(store, b, [gate("gain_qlike", 0.01)]);
    await mirror();
    expect(server.versions[1]!.tags.get("volbook.decision")).toContain("refused");
    await promote(store, b);
    await mirror();
    expect(Object.fromEntries(server.aliases)).toEqual({[`${NAME} champion`]: "2"});
    expect(stages()).toEqual([
      [a, "archived"],
      [b, "champion"],
    ]);
    await rollBack(store, NAME, {reason: "worse", ...recording});
    await mirror();
    expect(server.aliases.get(`${NAME} champion`)).toBe("1");
    expect(server.versions[0]!.tags.get("volbook.decision")).toContain("rolled back");
    expect([server.runs.length, server.versions.length]).toEqual([2, 2]);
  });

  it("stays within the limits: many and long params, odd keys, figures that JSON has not", async () => {
    const values = Object.fromEntries(
      Array.from({length: 250}, (_, i) => [`calendars/^V${i} ${"x".repeat(i)}`, "é".repeat(40 * i)]),
    );
    await mirrorModel(clientOf(), store, {name: NAME, configuration: {...configuration, values}});
    const {params} = server.runs[0]!;
    expect(params.size).toBe(255);
    const longest = [...params.values()].reduce((x, y) => (x.length > y.length ? x : y));
    expect(longest).toHaveLength(6000);
    expect(longest.endsWith("é…")).toBe(true);
    expect(server.runs[0]!.metrics.has("r2")).toBe(false);
  });

  it("puts the place and the hashes into tags where the server has no artifact proxy", async () => {
    await server.close();
    server = await startFakeMlflow({artifactRoot: "s3://bucket"});
    await mirror();
    expect(server.files.size).toBe(0);
    expect(server.runs[0]!.tags.get("volbook.files")).toBe(artifactFolder(NAME, a));
    expect(server.runs[0]!.tags.get("volbook.hash.model")).toMatch(/^[0-9a-f]{64}$/);
    expect(server.versions).toHaveLength(2);
  });

  it("does without uploads where the proxy is switched off, and sends none to another host", async () => {
    server.fail({at: /^PUT/, times: 99, status: 503, body: "disabled"});
    await mirror();
    expect(server.runs[0]!.tags.get("volbook.files")).toBe(artifactFolder(NAME, a));
    await server.close();
    server = await startFakeMlflow({artifactRoot: "mlflow-artifacts://elsewhere.example:5000"});
    await mirror();
    expect(server.requests.some((what) => what.startsWith("PUT"))).toBe(false);
  });
});

describe("the client", () => {
  it("waits as long as a busy server asks, and twice as long each time where it does not say", async () => {
    server.fail({at: /runs\/log-batch/, times: 1, status: 429, headers: {"retry-after": "7"}});
    server.fail({at: /experiments\/get-by-name/, times: 2, status: 503, body: "<html>busy</html>"});
    await mirror();
    expect(waits).toEqual([250, 500, 7000]);
    expect(server.versions).toHaveLength(2);
  });

  it("takes a date for an answer, and does not wait for a server that asks for long", async () => {
    const soon = new Date(Date.now() + 5000).toUTCString();
    server.fail({at: /runs\/update/, times: 1, status: 429, headers: {"retry-after": soon}});
    await mirror();
    expect(waits[0]).toBeGreaterThan(2000);
    expect(waits[0]).toBeLessThanOrEqual(5000);
    server.fail({at: /registered-models\/get/, times: 1, status: 503, headers: {"retry-after": "3600"}});
    await expect(mirror()).rejects.toThrow("503");
  });

  it("gives up after its attempts, and at once where the request itself is wrong", async () => {
    server.fail({
      at: /runs\/create/,
      times: 99,
      status: 500,
      body: '{"error_code":"INTERNAL_ERROR","message":"boom"}',
    });
    await expect(mirror()).rejects.toThrow(
      "Cannot tell MLflow (POST /api/2.0/mlflow/runs/create): 500 INTERNAL_ERROR, boom",
    );
    expect(server.requests.filter((what) => what === "POST runs/create")).toHaveLength(3);
    server.fail({
      at: /registered-models\/create/,
      times: 1,
      status: 403,
      body: '{"error_code":"PERMISSION_DENIED"}',
    });
    const before = server.requests.length;
    await expect(mirror()).rejects.toThrow("403 PERMISSION_DENIED");
    expect(
      server.requests.slice(before).filter((what) => what === "POST registered-models/create"),
    ).toHaveLength(1);
  });

  it("makes no second run or version where the answer to a creation was lost", async () => {
    server.fail({at: /runs\/create/, times: 1, losesAnswer: true});
    server.fail({at: /model-versions\/create/, times: 1, losesAnswer: true});
    server.fail({at: /experiments\/create/, times: 1, losesAnswer: true});
    await mirror();
    expect([server.experiments.size, server.runs.length, server.versions.length]).toEqual([1, 2, 2]);
  });

  it("goes on with a run that was begun and broken off", async () => {
    server.fail({at: /runs\/log-batch/, times: 99, status: 400, body: "{}"});
    await expect(mirror()).rejects.toThrow("400");
    expect(server.runs).toHaveLength(1);
    await server.close();
    server = await startFakeMlflow();
    server.fail({at: /runs\/log-batch/, times: 1, status: 400, body: "{}"});
    await expect(mirror()).rejects.toThrow("400");
    await mirror();
    expect(server.runs).toHaveLength(2);
  });

  it("takes the experiment of another run that created it meanwhile, and refuses a deleted one", async () => {
    await mirror();
    const gone = JSON.stringify({error_code: "RESOURCE_DOES_NOT_EXIST", message: "no"});
    server.fail({at: /experiments\/get-by-name/, times: 1, status: 404, body: gone});
    await mirror();
    expect(server.experiments.size).toBe(1);
    server.experiments.get("volbook")!.isDeleted = true;
    await expect(mirror()).rejects.toThrow(
      "it is deleted. Restore it, or name another in MLFLOW_EXPERIMENT_NAME",
    );
  });

  it("does not wait for ever, and names what is no MLflow", async () => {
    server.fail({at: /experiments/, times: 99, hangs: true});
    await expect(mirror()).rejects.toThrow("there was no answer within 0.5 s");
    await expect(mirror(clientOf("http://127.0.0.1:9"))).rejects.toThrow(
      /Cannot reach MLflow at http:\/\/127\.0\.0\.1:9/,
    );
  });

  it("says so where the server sends elsewhere, or answers with a page", async () => {
    server.fail({at: /experiments/, times: 1, status: 302, headers: {location: "https://login.example"}});
    await expect(mirror()).rejects.toThrow("it sends elsewhere: name the final address");
    server.fail({at: /experiments/, times: 1, status: 200, body: "<html>"});
    await expect(mirror()).rejects.toThrow(/it is not JSON\. Is .* an MLflow server\?/);
  });

  it("tells who it is, and no message says it", async () => {
    const secret = "s3cr3t-pass";
    const withUser = clientOf(server.uri.replace("http://", `http://ann:${secret}@`));
    server.fail({at: /runs\/create/, times: 99, status: 403, body: "{}"});
    const {message} = (await mirror(withUser).catch((error) => error)) as Error;
    expect(server.authorizations).toContain(`Basic ${Buffer.from(`ann:${secret}`).toString("base64")}`);
    expect(message).toContain("403");
    expect(message).not.toContain(secret);
    await mirror(clientOf(server.uri, {token: "t0k3n"})).catch(() => undefined);
    expect(server.authorizations).toContain("Bearer t0k3n");
    const {message: down} = (await mirror(clientOf(`http://ann:${secret}@127.0.0.1:9`)).catch(
      (error) => error,
    )) as Error;
    expect(down).not.toContain(secret);
  });
});
