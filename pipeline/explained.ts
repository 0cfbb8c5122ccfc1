// Which fit made each of the champion's forecasts, and what are the forecast's parts?
import {
  createExplanations,
  type Explanation,
  type ExplanationRequest,
} from "../src/explain/explainForecast.ts";
import {type Frame, lowerBound} from "../src/frame.ts";
import {BASE, explainedSessions} from "../src/report/attribution.ts";
import {numbers, type Table, texts} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";
import type {StoredFit} from "./fits.ts";
import type {ForecastColumns} from "./forecasts.ts";

export interface ExplainableFit {
  readonly trainedThrough: number; // days since 1970-01-01
  /** Quickest where fits are asked in their order. */
  readonly explain: (request: ExplanationRequest) => Explanation;
}

/** The champion's forecasts of one horizon with their parts, in order of session. */
export interface ExplainedForecasts {
  readonly horizon: number;
  readonly sessions: Int32Array;
  /** Those that made the forecasts, in order. */
  readonly fits: readonly ExplainableFit[];
  readonly fitOf: Uint32Array; // index into `fits`, one a session
  readonly features: readonly string[];
  /** Sessions x features, row-major: contributions to ln(rv_hat); 0 for a feature that the fit leaves out. */
  readonly contributions: Float64Array;
}

/**
 * The explanations of one horizon, each with the fit that made the forecast.
 *
 * @throws {Error} if a fit is not in the lake
 */
export function explainedForecasts(
  shap: Table,
  {
    forecasts,
    champion,
    fits,
  }: {
    readonly forecasts: ForecastColumns;
    readonly champion: string;
    readonly fits: readonly StoredFit[];
  },
): ExplainedForecasts {
  const {horizon} = forecasts;
  const names = texts(shap, "feature");
  const values = numbers(shap, "shap");
  const rowsOf = explainedSessions(shap, horizon);
  const sessions = Int32Array.from(rowsOf.keys());
  const trained = Array.from(
    sessions,
    (day) => forecasts.trainedThrough[champion]![lowerBound(forecasts.sessions, day)]!,
  );
  const used = [...new Set(trained)];
  const features = [...new Set([...rowsOf.values()].flatMap((rows) => rows.map((row) => names[row]!)))]
    .filter((name) => name !== BASE)
    .sort();
  const columnOf = new Map(features.map((name, j) => [name, j]));
  const contributions = new Float64Array(sessions.length * features.length);
  for (const [i, rows] of [...rowsOf.values()].entries()) {
    for (const row of rows) {
      const j = columnOf.get(names[row]!);
      if (j !== undefined) contributions[i * features.length + j] = values[row]!;
    }
  }
  const explain = createExplanations();
  return {
    horizon,
    sessions,
    fits: used.map((by) => {
      const {fit} = storedFit(fits, {horizon, by});
      return {trainedThrough: by, explain: (request) => explain(fit)(request)};
    }),
    fitOf: Uint32Array.from(trained, (by) => used.indexOf(by)),
    features,
    contributions,
  };
}

/** The last session before each refit, explained by the new fit: rows of shap_restated. */
export function restatedRows(
  {horizon, sessions, fitOf, fits}: ExplainedForecasts,
  features: Frame,
): {date: number; horizon: number; feature: string; shap: number}[] {
  return Array.from(sessions.keys()).flatMap((i) => {
    if (i === 0 || fitOf[i] === fitOf[i - 1]) return [];
    const date = sessions[i - 1]!;
    const row = lowerBound(features.sessions, date);
    const {
      features: names,
      values,
      base,
    } = fits[fitOf[i]!]!.explain({
      features,
      rows: {start: row, end: row + 1},
    });
    if (values.some(Number.isNaN)) return []; // the new fit asks for a feature that was missing then
    return [
      {date, horizon, feature: BASE, shap: base},
      ...names.map((feature, j) => ({date, horizon, feature, shap: values[j]!})),
    ];
  });
}

function storedFit(
  fits: readonly StoredFit[],
  {horizon, by}: {readonly horizon: number; readonly by: number},
): StoredFit {
  const found = fits.find((fit) => fit.horizon === horizon && fit.trainedThrough === by);
  if (found) return found;
  throw new Error(
    `Cannot explain the forecasts trained through ${isoDate(by)}: their fit is not in the lake; run walkforward`,
  );
}
