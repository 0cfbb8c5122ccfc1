import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {readConfig} from "../src/config.ts";
import {type FakeMlflow, startFakeMlflow} from "../src/registry/mlflow/server.fixture.ts";
import {mlflowVariables} from "../src/registry/mlflow/settings.ts";
import {NAME, register, smallArtifact} from "../src/registry/registry.fixture.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {readEnvironment} from "./environment.ts";
import {trackModels} from "./tracking.ts";

const config = readConfig("test/small.yaml", (path) => readFileSync(path, "utf8"));
const required = {...config, tracking: {required: true, attempts: 1, timeout_seconds: 1}};

let root: string;
let server: FakeMlflow;
let warned: string[];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "volbook-tracking-"));
  server = await startFakeMlflow();
  warned = [];
  await register(localDirectory(root), smallArtifact(-4));
});
afterEach(async () => {
  await server.close();
  rmSync(root, {recursive: true, force: true});
});

function track(variables: Record<string, string>, withConfig = config): Promise<void> {
  const log = {info: () => undefined, warn: ({reason}: {reason: string}) => void warned.push(reason)};
  const mlflow = mlflowVariables((name) => variables[name]);
  return trackModels({config: withConfig, environment: {mlflow}, store: localDirectory(root), log}, [NAME]);
}

describe("trackModels()", () => {
  it("tells the server that MLFLOW_TRACKING_URI names, with the run's configuration where it can be known", async () => {
    await track({MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "vol"});
    expect([...server.experiments.keys()]).toEqual(["vol"]);
    expect(server.versions).toHaveLength(1);
    expect(server.runs[0]!.params.has("champion")).toBe(false); // registered under another configuration
    expect(warned).toEqual([]);
  });

  it("asks nobody anything where it is not set, or is empty", async () => {
    const before = globalThis.fetch;
    globalThis.fetch = () => {
      throw new Error("something was asked");
    };
    try {
      await track({MLFLOW_EXPERIMENT_NAME: "vol", MLFLOW_TRACKING_TOKEN: "t"}, required);
    } finally {
      globalThis.fetch = before;
    }
    const plain = {CONFIG: "test/small.yaml", SOURCE: "sample", NOW: "2023-06-01T12:00:00Z"};
    expect(readEnvironment(plain).mlflow).toBeUndefined();
    expect(readEnvironment({...plain, MLFLOW_TRACKING_URI: " "}).mlflow).toBeUndefined();
    expect(readEnvironment({...plain, MLFLOW_TRACKING_URI: server.uri}).mlflow?.uri).toBe(server.uri);
  });

  it("warns of a server that cannot be told, and fails where the configuration requires it", async () => {
    await server.close();
    const down = {...config, tracking: {required: false, attempts: 1, timeout_seconds: 1}};
    await track({MLFLOW_TRACKING_URI: server.uri}, down);
    expect(warned).toEqual([expect.stringMatching(/^Cannot reach MLflow at http:/)]);
    await expect(track({MLFLOW_TRACKING_URI: server.uri}, required)).rejects.toThrow(
      /^Cannot reach MLflow .* What the registry holds stays; tracking\.required is set/,
    );
  });

  it("warns of a store that is not a server, and does not say what follows its scheme", async () => {
    await track({MLFLOW_TRACKING_URI: "postgresql://ann:s3cr3t@db/mlflow"});
    expect(warned).toEqual([
      "Cannot use MLFLOW_TRACKING_URI, which begins with postgresql: and must begin with http:// or https://",
    ]);
  });
});
