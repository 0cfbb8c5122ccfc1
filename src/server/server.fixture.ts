// What do tests of the server serve? Models fitted on a simulated market, in memory or as a small lake.

import {curatedTable} from "../../pipeline/marketTables.ts";
import {explainForecast} from "../explain/explainForecast.ts";
import {computeFeatures} from "../features/computeFeatures.ts";
import {type Frame, lowerBound, sliceFrame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import {curate} from "../market/curate.ts";
import {simulateMarket} from "../market/sample.ts";
import {tradingCalendar} from "../market/tradingCalendar.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import {type LogFit, prepareForecast} from "../models/logFit.ts";
import {type Artifact, artifactName, artifactVersion} from "../registry/artifact.ts";
import {treesOf} from "../registry/modelFile.ts";
import {promoteVersion} from "../registry/promotion.ts";
import {registerArtifact} from "../registry/registration.ts";
import {frameTable} from "../store/frameTable.ts";
import {openLake} from "../store/lake.ts";
import {storeAt} from "../store/lakeRoot.ts";
import type {Table} from "../store/table.ts";
import {horizon as checkedHorizon, isoDate, sessionDate} from "../units.ts";
import {createPredictor} from "./predictor.ts";
import type {Serving} from "./serving.ts";
import {tickerHistories} from "./tickerHistory.ts";

const SPAN = {first: sessionDate("2018-01-02"), last: sessionDate("2023-12-29")};
const REFIT = sessionDate("2023-12-11");
const STORED_SESSIONS = 60;
const STORED_BARS = 120; // a file a session

const UNCOVERED = 10; // the first sessions of predictions_daily have no interval
const MULTIPLES = {
  1: {lower: 0.1, upper: 3},
  5: {lower: 0.45, upper: 1.8},
  22: {lower: 0.66, upper: 1.34},
} as const;

export const NEWEST = "2023-12-29";

/** The clock of tests: the newest bar is the last one that is final. */
export const now = (): number => Date.parse("2024-01-02T12:00:00Z");
export const TRAINED_THROUGH = isoDate(REFIT);

export const {bars} = simulateMarket({seed: 1993, ...SPAN});
const of = (symbol: string) => bars.find((series) => series.symbol === symbol)!;
const others = {vix: of("^VIX"), vix3m: of("^VIX3M"), tlt: of("TLT"), hyg: of("HYG")};

/** Every feature of the simulated market's sessions. */
export const features: Frame = computeFeatures(alignMarket({target: of("SPY"), others}));
const labels = computeLabels(of("SPY"));

/** The newest rows of the features: what the small lake holds. */
export const stored: Frame = sliceFrame(
  features,
  features.sessions.length - STORED_SESSIONS,
  features.sessions.length,
);

/** A model fitted on all sessions whose label was known on 2023-12-11. */
export function fittedArtifact(horizon: 1 | 5 | 22, model = "anchored"): Artifact {
  const end = lowerBound(features.sessions, REFIT) - horizon + 1;
  const fit = catalogueEntry(model).model.fit({
    features,
    rows: {start: 0, end},
    variance: labels.columns[`rv_${horizon}d`].map((rv) => rv * rv),
    rangeVariance: labels.columns[`range_rv_${horizon}d`].map((rv) => rv * rv),
    horizon: checkedHorizon(horizon),
    seed: 1,
  }) as LogFit;
  const used = [...new Set([...(fit.linear?.features ?? []), ...(fit.boosted?.features ?? [])])];
  const rows = {start: features.sessions.length - 5, end: features.sessions.length};
  const {variance, volatility} = prepareForecast(fit)({features, rows});
  return {
    fit,
    manifest: {
      name: artifactName("SPY", horizon),
      version: artifactVersion(TRAINED_THROUGH, fit),
      model,
      symbol: "SPY",
      horizon,
      created_at: "2024-01-02T12:00:00.000Z",
      trained_from: "2018-04-02",
      trained_through: TRAINED_THROUGH,
      seed: 1,
      feature_order: treesOf(fit).features,
      features: used,
      anchor: fit.linear,
      retransformation: fit.retransformation,
      interval: {coverage: 0.9, ...MULTIPLES[horizon]},
      support: Object.fromEntries(used.map((name) => [name, supportOf(features.columns[name]!, end)])),
      metrics: {rmse_pct: 1.01, mae_pct: 0.64, qlike: 0.351, r2: 0.65},
      gates: [],
      hashes: {model: "", training: "", code: "", configuration: ""},
      examples: Array.from(volatility, (value, i) => ({
        date: isoDate(features.sessions[rows.start + i]!),
        features: Object.fromEntries(used.map((name) => [name, features.columns[name]![rows.start + i]!])),
        tree_margin: 0,
        variance: variance[i]!,
        volatility: value,
      })),
    },
  };
}

/** At 22 sessions a regression without trees, as the champion may choose there. */
export const artifacts: readonly Artifact[] = [
  fittedArtifact(5),
  fittedArtifact(1),
  fittedArtifact(22, "log_har_gamma"),
];

/** Rows of predictions_daily for the stored sessions, each by the fitted models. */
export function predictionsTable(): Table {
  const rows = {start: 0, end: STORED_SESSIONS};
  const [main, one, month] = artifacts.map(
    ({fit}) => prepareForecast(fit)({features: stored, rows}).volatility,
  );
  const {features: names, values} = explainForecast(artifacts[0]!.fit, {features: stored, rows});
  const drivers = Array.from(rowsOf(values, names.length), (row) =>
    [...names.keys()]
      .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!))
      .slice(0, 3)
      .map((j) => names[j]!),
  );
  return {
    rows: STORED_SESSIONS,
    columns: {
      date: stored.sessions,
      rv_5d_hat: main!,
      top_drivers: drivers,
      rv_1d_hat: one!,
      rv_22d_hat: month!,
      ...intervalEnds(5, main!),
      ...intervalEnds(1, one!),
      ...intervalEnds(22, month!),
      interval_coverage: new Float64Array(STORED_SESSIONS).fill(0.9),
      model_version: new Array<string>(STORED_SESSIONS).fill(artifacts[0]!.manifest.version),
      trained_through: new Int32Array(STORED_SESSIONS).fill(REFIT),
      kind: new Array<string>(STORED_SESSIONS).fill("walk-forward"),
    },
  };
}

function intervalEnds(horizon: 1 | 5 | 22, forecasts: Float64Array): Record<string, Float64Array> {
  const {lower, upper} = MULTIPLES[horizon];
  const times = (multiple: number) =>
    forecasts.map((value, t) => (t < UNCOVERED ? Number.NaN : multiple * value));
  return {[`rv_${horizon}d_lo`]: times(lower), [`rv_${horizon}d_hi`]: times(upper)};
}

/** What a server with the fitted models and the whole simulated market serves. */
export function testServing({simulated = false} = {}): Serving {
  const options = {artifacts, features, simulated};
  return {
    source: simulated ? "sample" : "csv",
    symbol: "SPY",
    predictor: createPredictor(options),
    options,
    predictions: predictionsTable(),
    tickers: tickerHistories(curatedTable(bars.map(curate)), tradingCalendar),
    leaderboard: {rows: 0, columns: {}},
    histories: [],
  };
}

/** The stored sessions, their forecasts and the models, as a lake in a folder, or in a bucket where the root is s3://… */
export async function writeTestLake(
  root: string,
  {committedAt = "2024-01-02T12:00:00.000Z"} = {},
): Promise<void> {
  const lake = openLake({store: storeAt(root)});
  const commit = {committedAt, run: "test", inputs: {}};
  await lake.append("features_daily", frameTable(stored), commit);
  await lake.append("predictions_daily", predictionsTable(), commit);
  const newest = bars.map((series) => curate(newestBars(series, STORED_BARS)));
  await lake.append("curated.market_daily", curatedTable(newest), commit);
  for (const artifact of artifacts) await storeArtifact(root, artifact);
}

/** The last so many bars of a symbol. */
export function newestBars(series: Bars, count: number): Bars {
  const columns = Object.entries(series).map(([name, values]) => [
    name,
    typeof values === "string" ? values : values.slice(-count),
  ]);
  return Object.fromEntries(columns) as Bars;
}

/** Keeps a model in a lake as its champion. */
export async function storeArtifact(root: string, {manifest, fit}: Artifact): Promise<void> {
  const {model: _, ...hashes} = manifest.hashes; // told from the file written
  const store = storeAt(root);
  const recording = {createdAt: manifest.created_at, run: "test"};
  await registerArtifact(store, {manifest: {...manifest, hashes}, fit}, {parents: [], ...recording});
  await promoteVersion(store, manifest, {
    by: "train",
    profile: "standard",
    judge: () => [],
    reason: "test",
    ...recording,
  });
}

function supportOf(values: Float64Array, end: number): readonly [number, number] {
  const known = values.subarray(0, end).filter(Number.isFinite);
  return [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
}

function* rowsOf(values: Float64Array, width: number): Generator<Float64Array> {
  for (let start = 0; start < values.length; start += width) yield values.subarray(start, start + width);
}
