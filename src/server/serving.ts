// What does the server answer from? A model and its lake, loaded whole before it takes the place of the one before.

import type {Source} from "../config.ts";
import {type CalendarOf, tradingCalendar} from "../market/tradingCalendar.ts";
import {type Artifact, artifactName, readArtifact} from "../registry/artifact.ts";
import {historyMark, type ModelHistory, readHistory} from "../registry/history.ts";
import {selfTest} from "../registry/selfTest.ts";
import {tableFrame} from "../store/frameTable.ts";
import type {Lake} from "../store/lake.ts";
import {commitKey, commitPrefix} from "../store/manifest.ts";
import type {Table} from "../store/table.ts";
import {sessionDate} from "../units.ts";
import {createPredictor, type Predictor, type PredictorOptions} from "./predictor.ts";
import {Problem} from "./problem.ts";
import {MAIN_HORIZON} from "./schemas.ts";
import {type TickerHistory, tickerHistories} from "./tickerHistory.ts";

const HORIZONS = [MAIN_HORIZON, 1, 22];
const DATASETS = ["features_daily", "predictions_daily", "curated.market_daily", "leaderboard"];
const WARM_UP = 20; // forecasts

/** A lake to answer from: its source, and the symbol it forecasts. */
export interface ServedLake {
  readonly lake: Lake;
  readonly source: Source;
  readonly symbol: string;
  readonly calendarOf?: CalendarOf;
}

/** Everything an answer needs; it never changes. */
export interface Serving {
  readonly source: Source;
  readonly symbol: string;
  readonly predictor: Predictor;
  /** What the predictor is made of. */
  readonly options: PredictorOptions;
  /** predictions_daily */
  readonly predictions: Table;
  /** The lake's symbols with their returns. */
  readonly tickers: ReadonlyMap<string, TickerHistory>;
  /** Without rows where the lake has none. */
  readonly leaderboard: Table;
  /** Of the models' names, where they have one. */
  readonly histories: readonly ModelHistory[];
}

/**
 * What a lake has to serve; undefined where it has no model yet.
 *
 * @param models its models; by default its champions
 * @throws {Error} if a model or its lake is damaged, or a model does not pass its self-test
 */
export async function loadServing(
  {lake, source, symbol, calendarOf = tradingCalendar}: ServedLake,
  models?: readonly Artifact[],
): Promise<Serving | undefined> {
  const artifacts = models ?? (await loadChampions({lake, symbol}));
  if (artifacts.length === 0) return undefined;
  const [rows, predictions, bars, leaderboard] = await Promise.all(
    DATASETS.map((dataset) => lake.read(dataset)),
  );
  const features = tableFrame(rows!);
  if (features.sessions.length === 0) return undefined;
  const options = {artifacts, features, predictions: predictions!, simulated: source === "sample"};
  const predictor = createPredictor(options);
  warmUp(predictor);
  return {
    source,
    symbol,
    predictor,
    options,
    predictions: predictions!,
    tickers: tickerHistories(bars!, calendarOf),
    leaderboard: leaderboard!,
    histories: await Promise.all(artifacts.map(({manifest}) => readHistory(lake.store, manifest.name))),
  };
}

/**
 * The champions of a lake, each having passed its self-test; none where there is none at the main horizon.
 *
 * @throws {Error} if one is damaged or says something else than its manifest
 */
export async function loadChampions({
  lake,
  symbol,
}: Pick<ServedLake, "lake" | "symbol">): Promise<readonly Artifact[]> {
  const [main, ...others] = await Promise.all(
    HORIZONS.map((horizon) => readArtifact(lake.store, artifactName(symbol, horizon))),
  );
  if (!main) return [];
  const artifacts = [main, ...others.filter((artifact) => artifact !== undefined)];
  for (const artifact of artifacts) selfTest(artifact);
  return artifacts;
}

// The first answers are slow, and nobody is to wait for them. A session without a forecast has none here either.
function warmUp(predictor: Predictor): void {
  const day = sessionDate(predictor.newestSession);
  try {
    for (let i = 0; i < WARM_UP; i++) predictor.predict({day, sent: {}, at: ""});
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
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
 * Keeps what is served up to date with a lake. What is new takes the old one's place whole, between two requests. A
 * model that cannot be used leaves the one before it in use, on the newest sessions.
 *
 * @param choose the lake to serve; undefined where there is none yet
 */
export function followLake(choose: () => Promise<ServedLake | undefined>, log: FollowerLog): Follower {
  let serving: Serving | undefined;
  let served: {readonly mark: string; readonly artifacts: readonly Artifact[]} | undefined; // the models of `serving`
  let content: string | undefined; // what `serving` was loaded from
  let seen: string | undefined; // the marks when all that was new had been loaded
  let failure: string | undefined;
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    const lake = await choose();
    if (!lake) return;
    const mark = await modelMark(lake);
    const marks = JSON.stringify([mark, await dataMark(lake)]);
    if (marks === seen) return;
    if (served?.mark === mark) {
      await serve(lake, served);
    } else {
      try {
        await serve(lake, {mark, artifacts: await loadChampions(lake)});
      } catch (error) {
        const isSameLake = serving?.source === lake.source && serving.symbol === lake.symbol;
        if (isSameLake && served) await serve(lake, served);
        throw error;
      }
    }
    seen = served?.mark === mark ? marks : undefined;
  }

  async function serve(lake: ServedLake, models: NonNullable<typeof served>): Promise<void> {
    const found = JSON.stringify([models.mark, await dataContent(lake)]);
    if (found === content) return;
    const loaded = await loadServing(lake, models.artifacts);
    if (!loaded) return;
    content = found;
    served = models;
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
      seen = undefined;
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

/** Differs where another model may count: the names of files tell. */
async function modelMark({lake, source, symbol}: ServedLake): Promise<string> {
  const heads = HORIZONS.map((horizon) => historyMark(lake.store, artifactName(symbol, horizon)));
  return JSON.stringify([source, symbol, await Promise.all(heads)]);
}

/** Differs where there may be new rows: the names of commits tell. */
async function dataMark({lake}: ServedLake): Promise<unknown> {
  const commits = DATASETS.map((dataset) => lake.store.list(commitPrefix(dataset)));
  return (await Promise.all(commits)).map((files) => files.at(-1)?.key);
}

// A commit exists a moment before its rows can be read: what was loaded is told from the manifests.
async function dataContent({lake}: ServedLake): Promise<unknown> {
  const manifests = await Promise.all(DATASETS.map((dataset) => lake.manifest(dataset)));
  return manifests.map((manifest) => manifest && commitKey(manifest.dataset, manifest.commits));
}
