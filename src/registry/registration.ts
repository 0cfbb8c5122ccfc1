// What is recorded of a trained model when it is first kept?
import {readJson} from "../store/lake.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {sha256} from "../store/sha256.ts";
import {
  type ArtifactManifest,
  artifactFolder,
  readArtifact,
  type UnwrittenArtifact,
  type WrittenArtifact,
  writeArtifact,
} from "./artifact.ts";
import {appendToChain} from "./chain.ts";
import {
  type Actor,
  type Alias,
  aliasKey,
  type HistoryEvent,
  historyFolder,
  type Registration,
  readHistory,
  restoreAlias,
} from "./history.ts";
import type {Recording} from "./promotion.ts";

/** The fits a model is put together from, and their weights. */
export type Parents = Registration["parents"];

/**
 * Keeps a model's files and records it as a candidate; does nothing where that was done before. A champion that was
 * published before there was a history is recorded as such first.
 *
 * @returns the manifest that is kept
 */
export async function registerArtifact(
  store: ObjectStore,
  artifact: UnwrittenArtifact,
  {parents, ...recording}: Recording & {readonly parents: Parents},
): Promise<ArtifactManifest> {
  const {name} = artifact.manifest;
  await adoptChampion(store, name, recording);
  const written = await writeArtifact(store, artifact);
  await record(store, registrationOf(written, {parents, by: "train", ...recording}), recording);
  await restoreAlias(store, name);
  return written.manifest;
}

async function adoptChampion(store: ObjectStore, name: string, recording: Recording): Promise<void> {
  const {records} = await readHistory(store, name);
  const alias = records.length === 0 ? await readJson<Alias>(store, aliasKey(name)) : undefined;
  if (!alias) return;
  const {version} = alias;
  const {manifest} = (await readArtifact(store, name, version))!;
  const bytes = await store.get(`${artifactFolder(name, version)}/manifest.json`);
  const written = {manifest, manifestHash: sha256(bytes!)};
  await record(store, registrationOf(written, {parents: [], by: "import", ...recording}), recording);
  await appendToChain<HistoryEvent>(store, historyFolder(name), {
    createdAt: recording.createdAt,
    decide: (known) =>
      known.length > 1
        ? undefined
        : {
            event: "promoted",
            version,
            previous: null,
            run: recording.run,
            by: "import",
            reason: "it was the champion before this history began",
          },
  });
}

function registrationOf(
  {manifest, manifestHash}: WrittenArtifact,
  {run, by, parents}: {readonly run: string; readonly by: Actor; readonly parents: Parents},
): Registration & {readonly name: string} {
  const {name, version, model, symbol, horizon, trained_from, trained_through, metrics, gates} = manifest;
  const hashes = {...manifest.hashes, manifest: manifestHash};
  const spans = {trained_from, trained_through, parents};
  return {
    event: "registered",
    name,
    version,
    run,
    by,
    model,
    symbol,
    horizon,
    ...spans,
    metrics,
    gates,
    hashes,
  };
}

async function record(
  store: ObjectStore,
  {name, ...registration}: Registration & {readonly name: string},
  {createdAt}: Recording,
): Promise<void> {
  await appendToChain<HistoryEvent>(store, historyFolder(name), {
    createdAt,
    decide: (records) =>
      records.some((known) => known.event === "registered" && known.version === registration.version)
        ? undefined
        : registration,
  });
}
