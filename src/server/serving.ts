// What does the server answer from? A model and its lake, loaded whole before it takes the place of the one before.

import type {Source} from "../config.ts";
import type {Frame} from "../frame.ts";
import {type CalendarOf, tradingCalendar} from "../market/tradingCalendar.ts";
import {type Artifact, artifactName, readArtifact} from "../registry/artifact.ts";
import {historyMark, type ModelHistory, readHistory} from "../registry/history.ts";
import {tableFrame} from "../store/frameTable.ts";
import type {Lake} from "../store/lake.ts";
import {commitPrefix, manifestKey} from "../store/manifest.ts";
import {sha256} from "../store/sha256.ts";
import type {Table} from "../store/table.ts";
import {sessionDate} from "../units.ts";
import {createPredictor, intervalColumns, type Predictor, type PredictorOptions} from "./predictor.ts";
import {Problem} from "./problem.ts";
import {MAIN_HORIZON} from "./schemas.ts";
import {type TickerHistory, tickerHistories} from "./tickerHistory.ts";

const HORIZONS = [MAIN_HORIZON, 1, 22];
const DATASETS = ["features_daily", "predictions_daily", "curated.market_daily", "leaderboard"];
const WARM_UP = 10; // forecasts

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

/** What is served of a lake's tables. */
export interface ServedTables extends Pick<Serving, "predictions" | "tickers" | "leaderboard"> {
  readonly features: Frame;
}

/**
 * What a lake has to serve; undefined where it has no model yet.
 *
 * @param loaded its models and tables, where they are at hand; by default its champions, and what it has now
 * @throws {Error} if a model or its lake is damaged, or a model does not pass its self-test
 */
export async function loadServing(
  served: ServedLake,
  loaded: {readonly models?: readonly Artifact[]; readonly tables?: ServedTables | undefined} = {},
): Promise<Serving | undefined> {
  const {lake, source, symbol} = served;
  const artifacts = loaded.models ?? (await loadChampions({lake, symbol}));
  if (artifacts.length === 0) return undefined;
  const {features, predictions, tickers, leaderboard} = loaded.tables ?? (await readTables(served));
  if (features.sessions.length === 0) return undefined;
  const intervals = intervalsOf(predictions);
  const options = {artifacts, features, predictions: intervals, simulated: source === "sample"};
  const predictor = createPredictor(options);
  warmUp(predictor);
  return {
    source,
    symbol,
    predictor,
    options,
    predictions,
    tickers,
    leaderboard,
    histories: await Promise.all(artifacts.map(({manifest}) => readHistory(lake.store, manifest.name))),
  };
}

/** The tables of a lake that are served. */
export async function readTables({lake, calendarOf = tradingCalendar}: ServedLake): Promise<ServedTables> {
  const [rows, predictions, bars, leaderboard] = await Promise.all(
    DATASETS.map((dataset) => lake.read(dataset)),
  );
  return {
    features: tableFrame(rows!),
    predictions: predictions!,
    tickers: tickerHistories(bars!, calendarOf),
    leaderboard: leaderboard!,
  };
}

// A thread gets a copy of what a predictor is made of.
function intervalsOf({rows, columns}: Table): Table {
  const names = ["date", ...HORIZONS.flatMap(intervalColumns)].filter((name) => name in columns);
  return {rows, columns: Object.fromEntries(names.map((name) => [name, columns[name]!]))};
}

/**
 * The champions of a lake; none where there is none at the main horizon. Their predictor tests them.
 *
 * @throws {Error} if one is damaged
 */
export async function loadChampions({
  lake,
  symbol,
}: Pick<ServedLake, "lake" | "symbol">): Promise<readonly Artifact[]> {
  const [main, ...others] = await Promise.all(
    HORIZONS.map((horizon) => readArtifact(lake.store, artifactName(symbol, horizon))),
  );
  return main ? [main, ...others.filter((artifact) => artifact !== undefined)] : [];
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
  let read: {readonly content: string; readonly tables: ServedTables} | undefined;
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
    if (models.artifacts.length === 0) return;
    const data = JSON.stringify([lake.source, lake.symbol, await dataContent(lake)]);
    const found = JSON.stringify([models.mark, data]);
    if (found === content) return;
    // A new model of the same sessions goes without reading them again.
    if (read?.content !== data) read = {content: data, tables: await readTables(lake)};
    const loaded = await loadServing(lake, {models: models.artifacts, tables: read.tables});
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

// A commit exists a moment before its rows can be read: what was loaded is told from the manifests. They are long, and
// their bytes tell as much as their text.
async function dataContent({lake}: ServedLake): Promise<unknown> {
  const manifests = await Promise.all(DATASETS.map((dataset) => lake.store.get(manifestKey(dataset))));
  return manifests.map((manifest) => manifest && sha256(manifest));
}
