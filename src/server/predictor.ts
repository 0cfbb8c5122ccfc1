// What does the model say of one row of features, and why? The trees are decoded and tabulated once.

import {prepareExplanation} from "../explain/explainForecast.ts";
import {deriveRow} from "../features/deriveRow.ts";
import {createFrame, type Frame, lowerBound} from "../frame.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import type {Artifact, ArtifactManifest} from "../registry/artifact.ts";
import {rowForecast, testExamples} from "../registry/selfTest.ts";
import {integers, numbers, type Table} from "../store/table.ts";
import {annualizedVolatility, horizon, isoDate, sessionDate} from "../units.ts";
import {type FeatureTrace, traceFeatures} from "./featureTrace.ts";
import {type Origin, originOf} from "./originDay.ts";
import type {RowRequest} from "./predictRequest.ts";
import {rememberLast} from "./rememberLast.ts";
import {requireKnown, requirePlausible, requireWithinReach} from "./requirements.ts";
import {MAIN_HORIZON, type Prediction} from "./schemas.ts";
import {warningsOf} from "./warnings.ts";

const DRIVERS = 3;
const ROW = {start: 0, end: 1};

export interface PredictorOptions {
  /** A model at 5 sessions, and any at others. */
  readonly artifacts: readonly Artifact[];
  /** The lake's features_daily; not empty. */
  readonly features: Frame;
  /** The lake's predictions_daily, whose intervals are served; without it, the one of the artifact. */
  readonly predictions?: Table;
  /** The bars are a simulation, not history. */
  readonly simulated: boolean;
}

export interface Predictor {
  /** The model at 5 sessions first. */
  readonly manifests: readonly ArtifactManifest[];
  /** Features without which the model at 5 sessions gives no forecast. */
  readonly needed: readonly string[];
  readonly firstSession: string;
  readonly newestSession: string;
  /** @throws {Problem} naming what is missing, impossible or not a session */
  predict(request: RowRequest): Prediction;
}

/**
 * A predictor that answers as the artifacts do.
 *
 * @throws {Error} if there is no model at 5 sessions, if the features lack a column that a model reads, or if a
 *   model does not say of its manifest's examples what the manifest says
 */
export function createPredictor({artifacts, features, predictions, simulated}: PredictorOptions): Predictor {
  const main = artifacts.find(({manifest}) => manifest.horizon === MAIN_HORIZON);
  if (!main)
    throw new Error(`Cannot predict: there is no model at ${MAIN_HORIZON} sessions; run make report`);
  const others = artifacts.filter((artifact) => artifact !== main);
  const [mainModel, ...otherModels] = [main, ...others].map((artifact) => prepare(artifact, predictions));
  const explain = prepareExplanation(main.fit);
  const {manifest} = main;
  const needed = neededFeatures(main);
  const support = new Map(artifacts.flatMap((artifact) => Object.entries(artifact.manifest.support)));
  const read = [...new Set(artifacts.flatMap((artifact) => artifact.manifest.features))];
  const trainedThrough = sessionDate(manifest.trained_through);
  const rowOf = rememberLast<Readonly<Record<string, number>>>();
  const traceOf = rememberLast<FeatureTrace>();
  const frameOf = reusedFrame(read);

  function predict({day, sent, at}: RowRequest): Prediction {
    const field = at ? `${at}.as_of_date` : "as_of_date";
    const origin = originOf(day, {sessions: features.sessions, field});
    const stored = rowOf(origin.row, () => lakeRow(features, origin));
    const row = deriveRow(stored, sent);
    const names = Object.keys(sent);
    const trace = traceOf(names.join(), () => traceFeatures(manifest.features, new Set(names)));
    requireKnown(row, {needed, origin, at});
    requireWithinReach(row, {support, trace, sent, at});
    const frame = frameOf(day, row);
    const volatility = mainModel!.forecast(frame);
    requirePlausible(volatility, {trace, sent, at});
    const otherForecasts = otherModels.map((model) => ({model, value: model.forecast(frame)}));
    const {drivers, shap, base} = contributions(explain({features: frame, rows: ROW}));
    return {
      rv_5d_hat: volatility,
      regime_probs: null,
      top_drivers: drivers.slice(0, DRIVERS),
      as_of_date: isoDate(day),
      units: "5d_log_return_sd",
      rv_5d_hat_annualized: annualizedVolatility(volatility, MAIN_HORIZON),
      ...Object.fromEntries(
        otherForecasts.map(({model, value}) => [`rv_${model.horizon}d_hat`, known(value)]),
      ),
      interval: mainModel!.intervalAt(day, volatility),
      ...Object.fromEntries(
        otherForecasts.map(({model, value}) => [
          `rv_${model.horizon}d_interval`,
          model.intervalAt(day, value),
        ]),
      ),
      shap,
      base_value: base,
      model_version: manifest.version,
      trained_through: manifest.trained_through,
      warnings: warningsOf({
        day: isoDate(day),
        row,
        trace,
        origin,
        manifest,
        simulated,
        inSample: day < trainedThrough,
      }),
    };
  }

  return {
    manifests: [main, ...others].map((artifact) => artifact.manifest),
    needed,
    firstSession: isoDate(features.sessions[0]!),
    newestSession: isoDate(features.sessions.at(-1)!),
    predict,
  };
}

// An interval keeps its width relative to the forecast. Where the model says what predictions_daily says, the ratio is
// 1 and the interval is that row's to the last bit; a session after the newest row has the newest row's.
function prepareIntervals(
  {interval, horizon}: ArtifactManifest,
  predictions: Table | undefined,
): (day: number, volatility: number) => Prediction["interval"] {
  if (!predictions || predictions.rows === 0)
    return (_, volatility) =>
      interval && Number.isFinite(volatility)
        ? {...interval, lower: interval.lower * volatility, upper: interval.upper * volatility}
        : null;
  const dates = integers(predictions, "date");
  const [forecast, low, high, coverage] = intervalColumns(horizon).map((name) => numbers(predictions, name));
  return (day, volatility) => {
    const row = lowerBound(dates, day + 1) - 1;
    const ratio = row < 0 ? Number.NaN : volatility / forecast![row]!;
    const lower = low![row]! * ratio;
    const upper = high![row]! * ratio;
    return Number.isFinite(lower + upper) ? {coverage: coverage![row]!, lower, upper} : null;
  };
}

/** Columns of predictions_daily that say how wide an interval is: the forecast, its ends, the coverage. */
export function intervalColumns(horizon: number): readonly string[] {
  return [`rv_${horizon}d_hat`, `rv_${horizon}d_lo`, `rv_${horizon}d_hi`, "interval_coverage"];
}

interface PreparedModel {
  readonly horizon: number;
  /** The forecast volatility of a one-row frame. */
  forecast(frame: Frame): number;
  intervalAt(day: number, volatility: number): Prediction["interval"];
}

function prepare({manifest, fit}: Artifact, predictions: Table | undefined): PreparedModel {
  const forecast = rowForecast(fit);
  testExamples(manifest, forecast);
  return {
    horizon: manifest.horizon,
    forecast: (frame) => forecast(frame).volatility,
    intervalAt: prepareIntervals(manifest, predictions),
  };
}

// A model with a regression is fitted on complete rows alone: its trees have not learned where a missing value goes.
// One of trees alone knows itself what it can do without: each feature is left out of a row in turn.
function neededFeatures({manifest, fit}: Artifact): readonly string[] {
  const names = manifest.features;
  if (fit.linear) return names;
  const columns = names.map((name, j) => {
    const [low, high] = manifest.support[name]!;
    return [name, Float64Array.from(names, (_, i) => (i === j ? Number.NaN : (low + high) / 2))] as const;
  });
  const features = createFrame(Int32Array.from(names.keys()), Object.fromEntries(columns));
  const rows = {start: 0, end: names.length};
  const {volatility} = catalogueEntry(manifest.model).model.forecast(fit, {
    features,
    rows,
    horizon: horizon(manifest.horizon),
  });
  return names.filter((_, i) => Number.isNaN(volatility[i]!));
}

function lakeRow({columns}: Frame, {row}: Origin): Record<string, number> {
  if (row < 0) return {};
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]!]));
}

// The columns are filled anew for each row: nobody keeps them. The frame is another, as an explanation knows a frame
// that it has seen.
function reusedFrame(
  names: readonly string[],
): (day: number, row: Readonly<Record<string, number>>) => Frame {
  const columns = Object.fromEntries(names.map((name) => [name, new Float64Array(1)]));
  return (day, row) => {
    for (const name of names) columns[name]![0] = row[name]!;
    return {sessions: Int32Array.of(day), columns};
  };
}

/** The largest first. */
function contributions({features, values, base}: ReturnType<ReturnType<typeof prepareExplanation>>) {
  const order = [...features.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!));
  const drivers = order.map((j) => features[j]!);
  const shap: Record<string, number> = {};
  for (const j of order) shap[features[j]!] = values[j]!;
  return {drivers, shap, base};
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
