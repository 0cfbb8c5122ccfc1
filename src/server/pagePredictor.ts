// What does a page ask the model? The server's own predictor, on a few sessions and what could have happened on them.

import {catalogue} from "../features/catalogue.ts";
import {computeFeatures} from "../features/computeFeatures.ts";
import {isDerived} from "../features/feature.ts";
import {createFrame} from "../frame.ts";
import type {Market} from "../market/align.ts";
import {type Ending, endingOf, endOtherwise} from "../market/scenario.ts";
import type {ArtifactManifest} from "../registry/artifact.ts";
import {fitOfFiles} from "../registry/modelFile.ts";
import type {Table} from "../store/table.ts";
import {sessionDate} from "../units.ts";
import {reachingFeatures} from "./featureTrace.ts";
import {createPredictor, intervalColumns} from "./predictor.ts";
import type {Prediction} from "./schemas.ts";

/** Numbers as JSON has them: null where there is none. */
type JsonNumbers = readonly (number | null)[];

/** A session that a page may start from. */
export interface PageOrigin {
  readonly date: string;
  /** Its row of features_daily. */
  readonly row: Readonly<Record<string, number | null>>;
  /** Its row of predictions_daily: `PAGE_PREDICTION`. */
  readonly prediction: Readonly<Record<string, number | null>>;
  /** The joined market up to it, as many sessions as any feature looks back. */
  readonly market: {readonly sessions: readonly number[]} & Readonly<
    Record<Exclude<keyof Market, "sessions">, JsonNumbers>
  >;
}

/** An artifact's two files. */
export interface PageModel {
  readonly manifest: ArtifactManifest;
  readonly model: string; // the text of model.json
}

export interface Answer {
  /** The body that POST /predict answers alike. */
  readonly request: {readonly as_of_date: string; readonly feature_vector: Readonly<Record<string, number>>};
  readonly prediction: Prediction;
}

export interface PagePredictor {
  /** The model at 5 sessions first. */
  readonly manifests: readonly ArtifactManifest[];
  /** How the market ended on a session. */
  endingOf(date: string): Ending;
  /** The values of the features that the model reads, or that lead to one it reads, as they were on a session. */
  valuesOf(date: string): Readonly<Record<string, number>>;
  /** Features from which the forecast of five sessions can be moved. */
  readonly reaching: readonly string[];
  /**
   * The forecast, had the session ended otherwise; values that are given themselves win.
   *
   * @throws {Problem} as the server does, naming what is missing or absurd
   */
  ask(
    date: string,
    options?: {readonly ending?: Partial<Ending>; readonly given?: Readonly<Record<string, number>>},
  ): Answer;
}

/** The forecasts of a row of predictions_daily, and their intervals. */
export const PAGE_PREDICTION: readonly string[] = [...new Set([5, 1, 22].flatMap(intervalColumns))];

/** Sessions of market that a page needs: what any feature with a finite look-back reads. */
export const MARKET_SESSIONS = Math.max(...catalogue.map(({lookback}) => lookback ?? 0)) + 1;

/**
 * @throws {RangeError} if there is no such origin
 * @throws {Error} as `createPredictor` does
 */
export function createPagePredictor(
  models: readonly PageModel[],
  {origins, simulated}: {readonly origins: readonly PageOrigin[]; readonly simulated: boolean},
): PagePredictor {
  const sorted = origins.toSorted((a, b) => sessionDate(a.date) - sessionDate(b.date));
  const predictor = createPredictor({
    artifacts: models.map(({manifest, model}) => ({manifest, fit: fitOfFiles(manifest, model)})),
    features: framesOf(sorted),
    predictions: predictionsOf(sorted),
    simulated,
  });
  const reaching = reachingFeatures(predictor.manifests[0]!.features);
  const markets = new Map(sorted.map(({date, market}) => [date, marketOf(market)]));
  const primary = catalogue.filter(
    (entry) => !isDerived(entry) && entry.lookback !== null && reaching.includes(entry.name),
  );

  function marketAt(date: string): Market {
    const market = markets.get(date);
    if (market) return market;
    throw new RangeError(`Cannot start from ${date}: there are ${[...markets.keys()].join(", ")}`);
  }

  // What is the same as it was is not sent: then the answer rests on the lake's own row, to the bit.
  function changedBy(market: Market, ending: Partial<Ending>): Record<string, number> {
    const [was, is] = [market, endOtherwise(market, ending)].map(
      (one) => computeFeatures(one, primary).columns,
    );
    const last = market.sessions.length - 1;
    const changed = primary.filter(({name}) => !Object.is(was![name]![last]!, is![name]![last]!));
    return Object.fromEntries(changed.map(({name}) => [name, is![name]![last]!]));
  }

  return {
    manifests: predictor.manifests,
    reaching,
    endingOf: (date) => endingOf(marketAt(date)),
    valuesOf: (date) => {
      const {row} = sorted.find((origin) => origin.date === date)!;
      return Object.fromEntries(reaching.map((name) => [name, row[name] ?? Number.NaN]));
    },
    ask(date, {ending = {}, given = {}} = {}) {
      const sent = {...changedBy(marketAt(date), ending), ...given};
      return {
        request: {as_of_date: date, feature_vector: sent},
        prediction: predictor.predict({day: sessionDate(date), sent, at: ""}),
      };
    },
  };
}

function framesOf(origins: readonly PageOrigin[]) {
  const names = [...new Set(origins.flatMap(({row}) => Object.keys(row)))];
  const columns = names.map(
    (name) => [name, Float64Array.from(origins, ({row}) => row[name] ?? Number.NaN)] as const,
  );
  return createFrame(
    Int32Array.from(origins, ({date}) => sessionDate(date)),
    Object.fromEntries(columns),
  );
}

function predictionsOf(origins: readonly PageOrigin[]): Table {
  const columns = PAGE_PREDICTION.map((name) => [
    name,
    Float64Array.from(origins, ({prediction}) => prediction[name] ?? Number.NaN),
  ]);
  return {
    rows: origins.length,
    columns: {date: Int32Array.from(origins, ({date}) => sessionDate(date)), ...Object.fromEntries(columns)},
  };
}

function marketOf({sessions, ...columns}: PageOrigin["market"]): Market {
  const numbers = Object.entries(columns).map(([name, values]) => [
    name,
    Float64Array.from(values, (value) => value ?? Number.NaN),
  ]);
  return {sessions: Int32Array.from(sessions), ...Object.fromEntries(numbers)} as Market;
}
