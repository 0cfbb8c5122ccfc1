// A copy of a lake whose champion can be changed: what a server serves while it is being measured.
import {cpSync} from "node:fs";
import {basename, join} from "node:path";
import {artifactVersion, readArtifact, type UnwrittenArtifact} from "../src/registry/artifact.ts";
import {readHistory, registeredNames} from "../src/registry/history.ts";
import {promoteVersion} from "../src/registry/promotion.ts";
import {registerArtifact} from "../src/registry/registration.ts";
import {rollBack} from "../src/registry/rollback.ts";
import {rowForecast, rowFrame} from "../src/registry/selfTest.ts";
import {findLake} from "../src/store/lakeFolder.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";
import {sessionDate} from "../src/units.ts";

const OTHER_FACTOR = 1.001; // of the second champion's forecasts: another model to the registry, the same work

export interface SwappedLake {
  readonly dataDir: string;
  /** yahoo, csv or sample */
  readonly source: string;
  /** Makes the other of two versions the champion; gives its name. */
  swap(): Promise<string>;
}

/** Copies what a server reads, the partitions of single days left out, and registers a second version of the champion. */
export async function swappedLake(from: string, to: string): Promise<SwappedLake> {
  const {folder, source} = await findLake(from, process.env.SOURCE || "auto");
  const root = join(to, source);
  cpSync(folder, root, {recursive: true, filter: (path) => !/^(date=.*|_lock)$/.test(basename(path))});
  const store = localDirectory(root);
  const name = (await registeredNames(store)).find((known) => known.endsWith("_rv_5d"));
  if (name === undefined) throw new Error(`Cannot serve ${folder}: it has no model; run make train`);
  const other = await registerOther(store, name);
  return {
    dataDir: to,
    source,
    async swap() {
      const before = (await readHistory(store, name)).champion;
      if (before === other) await rollBack(store, name, {reason: "bench", ...recording()});
      else
        await promoteVersion(
          store,
          {name, version: other},
          {...recording(), by: "promote", profile: "standard", judge: () => [], reason: "bench"},
        );
      return (await readHistory(store, name)).champion!;
    },
  };
}

async function registerOther(store: ObjectStore, name: string): Promise<string> {
  const {manifest, fit} = (await readArtifact(store, name))!;
  const {variance, volatility} = fit.retransformation;
  const retransformation = {variance: OTHER_FACTOR ** 2 * variance, volatility: OTHER_FACTOR * volatility};
  const other = {...fit, retransformation};
  const forecast = rowForecast(other);
  const version = artifactVersion(manifest.trained_through, other);
  const artifact: UnwrittenArtifact = {
    fit: other,
    manifest: {
      ...manifest,
      version,
      retransformation,
      examples: manifest.examples.map((example) => ({
        ...example,
        ...forecast(rowFrame(sessionDate(example.date), example.features)),
      })),
    },
  };
  await registerArtifact(store, artifact, {parents: [], ...recording()});
  return version;
}

function recording() {
  return {createdAt: new Date().toISOString(), run: "bench"};
}
