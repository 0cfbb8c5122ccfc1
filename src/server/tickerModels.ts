// Which models does the second body of POST /predict name, and what does one say of a ticker's returns?

import {fitGarch, type GarchConvergence} from "../models/garch/fitGarch.ts";
import {forecastGarch} from "../models/garch/forecastGarch.ts";
import {LEAST_RETURNS, LEAST_SESSIONS} from "../models/garch/measureReturns.ts";
import {type GarchParameters, type GarchSpecification, persistence} from "../models/garch/specification.ts";
import {Problem, quoted} from "./problem.ts";

export const MOST_SESSIONS_AHEAD = 30;

/** By the name a request gives: the recursion of the variance, and the distribution of its innovations. */
export const TICKER_MODELS = {
  GARCH: {variance: "garch", innovations: "normal"},
  GJR: {variance: "gjr", innovations: "normal"},
  EGARCH: {variance: "egarch", innovations: "normal"},
  GARCH_T: {variance: "garch", innovations: "student"},
  GJR_T: {variance: "gjr", innovations: "student"},
} as const satisfies Readonly<Record<string, Omit<GarchSpecification, "mean">>>;

export type TickerModel = keyof typeof TICKER_MODELS;

/** A model fitted to a ticker's returns, and what it expects. Plain JSON. */
export interface TickerFit {
  /** Of percent returns: mu in % a session, omega in its square (EGARCH: of the log variance). */
  readonly parameters: GarchParameters;
  readonly persistence: number;
  readonly logLikelihood: number;
  readonly observations: number;
  readonly convergence: Pick<GarchConvergence, "converged" | "atBounds">;
  /** Percent a session, the next session first. */
  readonly volatilities: readonly number[];
}

/**
 * Maximum likelihood on all returns, a constant mean, and the volatility of each of the next sessions: the root of the
 * expected variance (forecastGarch.ts).
 *
 * @param returns log returns in percent, the oldest first
 * @throws {Problem} model-not-fitted where there are fewer than 100 sessions or the returns do not vary
 */
export function fitTicker(
  returns: Float64Array,
  {ticker, model}: {readonly ticker: string; readonly model: TickerModel},
): TickerFit {
  if (returns.length < LEAST_RETURNS) {
    throw new Problem("model-not-fitted", {
      field: "ticker",
      detail: `${model} needs at least ${LEAST_SESSIONS} sessions of ${ticker}, the lake has ${returns.length + 1}`,
      remedy: "Bring a longer history into the lake with make ingest",
    });
  }
  const fit = fitOrRefuse(returns, {ticker, model});
  const {volatilities} = forecastGarch(fit, {horizon: MOST_SESSIONS_AHEAD});
  if (!volatilities.every((value) => Number.isFinite(value) && value > 0)) {
    throw new Problem("model-not-fitted", {
      field: "model_type",
      detail: `${model} has no finite forecast of ${ticker}`,
      remedy: "Ask for GARCH",
    });
  }
  return {
    parameters: fit.parameters,
    persistence: persistence(fit.specification, fit.parameters),
    logLikelihood: fit.logLikelihood,
    observations: fit.observations,
    convergence: {converged: fit.convergence.converged, atBounds: fit.convergence.atBounds},
    volatilities: Array.from(volatilities),
  };
}

/**
 * The model that a request names, in capitals or not.
 *
 * @throws {Problem} model-not-served, naming those that are
 */
export function tickerModel(name: string): TickerModel {
  const known = Object.keys(TICKER_MODELS) as TickerModel[];
  const found = known.find((model) => model === name.toUpperCase());
  if (found) return found;
  throw new Problem("model-not-served", {
    field: "model_type",
    detail: `model_type ${quoted(name)} is not served${name.toUpperCase() === "LSTM" ? " yet" : ""}`,
    remedy: `Send one of ${known.join(", ")}`,
  });
}

function fitOrRefuse(
  returns: Float64Array,
  {ticker, model}: {readonly ticker: string; readonly model: TickerModel},
): ReturnType<typeof fitGarch> {
  try {
    return fitGarch(returns, TICKER_MODELS[model]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem("model-not-fitted", {
      field: "ticker",
      detail: `${model} cannot be fitted to ${ticker}: ${error.message}`,
      remedy: "Check the bars of this ticker on the site's data page",
    });
  }
}
