// What does the server answer from? A model and its lake, loaded whole before it takes the place of the one before.

import type {Source} from "../config.ts";
import {artifactName, latestVersion, readArtifact} from "../registry/artifact.ts";
import {tableFrame} from "../store/frameTable.ts";
import type {Lake} from "../store/lake.ts";
import type {Table} from "../store/table.ts";
import {createPredictor, type Predictor} from "./predictor.ts";
import {MAIN_HORIZON} from "./schemas.ts";

const OTHER_HORIZONS = [1, 22];

/** A lake to answer from: its source, and the symbol it forecasts. */
export interface ServedLake {
  readonly lake: Lake;
  readonly source: Source;
  readonly symbol: string;
}

/** Everything an answer needs; it never changes. */
export interface Serving {
  readonly source: Source;
  readonly symbol: string;
  readonly predictor: Predictor;
  /** predictions_daily */
  readonly predictions: Table;
}

/**
 * What a lake has to serve; undefined where it has no model yet.
 *
 * @throws {Error} if the model or its lake is damaged
 */
export async function loadServing({lake, source, symbol}: ServedLake): Promise<Serving | undefined> {
  const main = await readArtifact(lake.store, artifactName(symbol, MAIN_HORIZON));
  if (!main) return undefined;
  const others = await Promise.all(
    OTHER_HORIZONS.map((horizon) => readArtifact(lake.store, artifactName(symbol, horizon))),
  );
  const features = tableFrame(await lake.read("features_daily"));
  if (features.sessions.length === 0) return undefined;
  const predictions = await lake.read("predictions_daily");
  return {
    source,
    symbol,
    predictor: createPredictor({
      artifacts: [main, ...others.filter((artifact) => artifact !== undefined)],
      features,
      predictions,
      simulated: source === "sample",
    }),
    predictions,
  };
}

export interface Follower {
  current(): Serving | undefined;
  /** Why the lake as it is now could not be loaded. */
  failure(): string | undefined;
  /** Loads what is new. A lake that cannot be loaded leaves what is served as it is. */
  refresh(): Promise<void>;
}

/** Who hears of a follower's loads; of a failure once, however often it is met. */
export interface FollowerLog {
  loaded(serving: Serving): void;
  failed(error: Error): void;
}

/**
 * Keeps what is served up to date with a lake.
 *
 * @param choose the lake to serve; undefined where there is none yet
 */
export function followLake(choose: () => Promise<ServedLake | undefined>, log: FollowerLog): Follower {
  let serving: Serving | undefined;
  let content: string | undefined; // what `serving` was loaded from
  let failure: string | undefined;
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    const lake = await choose();
    const found = lake && (await fingerprint(lake));
    if (!lake || found === content) return;
    const loaded = await loadServing(lake);
    if (!loaded) return;
    content = found;
    serving = loaded;
    log.loaded(loaded);
  }

  async function loadOrSay(): Promise<void> {
    try {
      await load();
      failure = undefined;
    } catch (error) {
      const {message} = error as Error;
      if (message !== failure) log.failed(error as Error);
      failure = message;
    }
  }

  return {
    current: () => serving,
    failure: () => failure,
    refresh() {
      running ??= loadOrSay().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Differs where what `loadServing` would load does. */
async function fingerprint({lake, source, symbol}: ServedLake): Promise<string> {
  const versions = [MAIN_HORIZON, ...OTHER_HORIZONS].map((horizon) =>
    latestVersion(lake.store, artifactName(symbol, horizon)),
  );
  const manifests = ["features_daily", "predictions_daily"].map((dataset) => lake.manifest(dataset));
  const hashes = (await Promise.all(manifests)).map((manifest) => manifest?.snapshot.sha256);
  return JSON.stringify([source, ...(await Promise.all(versions)), ...hashes]);
}
