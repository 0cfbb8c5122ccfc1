import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {forecastLog} from "../models/logFit.ts";
import {features, fittedArtifact} from "../server/server.fixture.ts";
import {localDirectory} from "../store/localDirectory.ts";
import {horizon} from "../units.ts";
import {artifactFolder, readArtifact, writeArtifact} from "./artifact.ts";

const folder = mkdtempSync(join(tmpdir(), "volbook-artifact-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const store = localDirectory(folder);
const request = {features, rows: {start: 1000, end: features.sessions.length}, horizon: horizon(22)};

describe("writeArtifact() and readArtifact()", () => {
  it.each(["anchored", "log_har_gamma"])(
    "bring %s back to the bit, with trees and without",
    async (model) => {
      const artifact = fittedArtifact(22, model);
      await writeArtifact(store, artifact);
      const read = await readArtifact(store, artifact.manifest.name, artifact.manifest.version);
      expect(read!.fit.boosted === null).toBe(model === "log_har_gamma");
      expect(forecastLog(read!.fit, request)).toEqual(forecastLog(artifact.fit, request));
    },
  );

  it("refuse a model.json that is not the one the manifest names", async () => {
    const {manifest, fit} = fittedArtifact(22, "log_har_gamma");
    await writeArtifact(store, {manifest: {...manifest, name: "other"}, fit});
    await store.replace(
      `${artifactFolder("other", manifest.version)}/model.json`,
      new TextEncoder().encode("{}"),
    );
    await expect(readArtifact(store, "other", manifest.version)).rejects.toThrow(
      "model.json is not the file that manifest.json names",
    );
  });
});
