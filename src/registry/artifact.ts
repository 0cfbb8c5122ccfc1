// What is a trained model, as files? model.json for any XGBoost, manifest.json for the rest: enough to predict alone.
import type {LogFit} from "../models/logFit.ts";
import {sha256} from "../store/lake.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {type JudgedGate, readHistory} from "./history.ts";
import {fitOfFiles, modelJson} from "./modelFile.ts";

/** Everything about a trained model but its trees. Volatilities are over the horizon, as fractions. */
export interface ArtifactManifest {
  readonly name: string; // spy_rv_5d
  readonly version: string; // <trained through>-<hash of the fit>
  readonly model: string; // in docs/models.md
  readonly symbol: string;
  readonly horizon: number;
  readonly created_at: string; // ISO time
  /** Sessions, YYYY-MM-DD: the first training row, and the last return that entered a training label. */
  readonly trained_from: string;
  readonly trained_through: string;
  readonly seed: number;
  /** Columns of model.json, in its order. */
  readonly feature_order: readonly string[];
  /** Every feature the model reads. */
  readonly features: readonly string[];
  readonly anchor: LogFit["linear"];
  readonly retransformation: LogFit["retransformation"];
  /**
   * Bounds of the outcome as multiples of the forecast volatility, as they stood when this was written; null before
   * enough outcomes were known. They move from session to session: predictions_daily has each session's own.
   */
  readonly interval: {readonly coverage: number; readonly lower: number; readonly upper: number} | null;
  /** Smallest and largest value of each feature over the training rows. */
  readonly support: Readonly<Record<string, readonly [number, number]>>;
  /** The model's line of the leaderboard, and its gates. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly gates: readonly JudgedGate[];
  /** SHA-256 of model.json, of the training rows, of the code and of the configuration. */
  readonly hashes: {
    readonly model: string;
    readonly training: string;
    readonly code: string;
    readonly configuration: string;
  };
  /** Rows and what the model says of them, for whoever loads it. */
  readonly examples: readonly ArtifactExample[];
}

export interface ArtifactExample {
  readonly date: string;
  readonly features: Readonly<Record<string, number>>;
  /** Output of model.json alone (XGBoost's output_margin). */
  readonly tree_margin: number;
  readonly variance: number;
  readonly volatility: number;
}

export interface Artifact {
  readonly manifest: ArtifactManifest;
  readonly fit: LogFit;
}

export const artifactFolder = (name: string, version: string): string => `artifacts/model/${name}/${version}`;

/** The name of a symbol's model at a horizon: spy_rv_5d. */
export function artifactName(symbol: string, horizon: number): string {
  return `${symbol.toLowerCase().replaceAll(/[^a-z0-9]+/g, "")}_rv_${horizon}d`;
}

/** A fit's version: the end of its training span and a hash of the fit itself. */
export function artifactVersion(trainedThrough: string, fit: unknown): string {
  return `${trainedThrough}-${sha256(JSON.stringify(fit)).slice(0, 8)}`;
}

/** What `writeArtifact` adds to a model: the hash of its file. */
export interface UnwrittenArtifact extends Omit<Artifact, "manifest"> {
  readonly manifest: Omit<ArtifactManifest, "hashes"> & {
    readonly hashes: Omit<ArtifactManifest["hashes"], "model">;
  };
}

/** The files of a version as they are kept. */
export interface WrittenArtifact {
  readonly manifest: ArtifactManifest;
  /** SHA-256 of manifest.json, which has that of model.json. */
  readonly manifestHash: string;
}

/**
 * Keeps a model under its name and version. What is there already stays as it is: a version never changes.
 *
 * @returns what is kept, be it of now or of before
 * @throws {Error} if a file of before is damaged
 */
export async function writeArtifact(
  store: ObjectStore,
  {manifest, fit}: UnwrittenArtifact,
): Promise<WrittenArtifact> {
  const folder = artifactFolder(manifest.name, manifest.version);
  const model = new TextEncoder().encode(modelJson(fit));
  const {training, code, configuration} = manifest.hashes;
  const hashes = {model: sha256(model), training, code, configuration};
  const whole: ArtifactManifest = {...manifest, hashes};
  await store.putIfAbsent(`${folder}/model.json`, model);
  await store.putIfAbsent(
    `${folder}/manifest.json`,
    new TextEncoder().encode(`${JSON.stringify(whole, null, 2)}\n`),
  );
  const {manifest: kept, manifestHash} = await readFiles(store, manifest);
  return {manifest: kept, manifestHash};
}

/**
 * A model by name, the champion by default; undefined where there is none.
 *
 * @throws {Error} if its files are missing, do not belong together, or are not those that were registered
 */
export async function readArtifact(
  store: ObjectStore,
  name: string,
  version?: string,
): Promise<Artifact | undefined> {
  const history = await readHistory(store, name);
  const wanted = version ?? history.champion;
  if (!wanted) return undefined;
  const {manifest, manifestHash, model} = await readFiles(store, {name, version: wanted});
  const registered = history.versions.find((known) => known.version === wanted)?.registered;
  if (registered && registered.hashes.manifest !== manifestHash) {
    throw new Error(
      `Cannot load ${name} ${wanted}: manifest.json is not the file that was registered; restore it from a copy`,
    );
  }
  return {manifest, fit: fitOfFiles(manifest, new TextDecoder().decode(model))};
}

async function readFiles(
  store: ObjectStore,
  {name, version}: {readonly name: string; readonly version: string},
): Promise<WrittenArtifact & {readonly model: Uint8Array}> {
  const folder = artifactFolder(name, version);
  const [text, model] = await Promise.all(
    ["manifest.json", "model.json"].map((file) => store.get(`${folder}/${file}`)),
  );
  if (!text || !model)
    throw new Error(
      `Cannot load ${name} ${version}: ${folder} lacks model.json or manifest.json; train again`,
    );
  const manifest = parseManifest(text, `${name} ${version}`);
  if (sha256(model) !== manifest.hashes.model) {
    throw new Error(
      `Cannot load ${name} ${version}: model.json is not the file that manifest.json names; restore it from a copy, or remove it and train again`,
    );
  }
  return {manifest, manifestHash: sha256(text), model};
}

function parseManifest(bytes: Uint8Array, what: string): ArtifactManifest {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ArtifactManifest;
  } catch (error) {
    throw new Error(
      `Cannot load ${what}: manifest.json is not JSON (${(error as Error).message}); restore it from a copy`,
    );
  }
}

/** The ends of an interval as multiples of the forecast it was formed around. */
export function intervalMultiples(
  {lower, upper}: {readonly lower: number; readonly upper: number},
  {forecast, coverage}: {readonly forecast: number; readonly coverage: number},
): NonNullable<ArtifactManifest["interval"]> {
  return {coverage, lower: lower / forecast, upper: upper / forecast};
}
