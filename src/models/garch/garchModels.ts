// What do GARCH models say of the horizon, refitted as the walk-forward goes on?

import {column, lowerBound} from "../../frame.ts";
import {isoDate} from "../../units.ts";
import {
  completeRows,
  type Forecast,
  type ForecastRequest,
  LEAST_FORECAST,
  type Model,
  type TrainingSet,
} from "../model.ts";
import {filterVariance} from "./filterVariance.ts";
import {fitGarch, type GarchFit} from "./fitGarch.ts";
import {termStructure} from "./forecastGarch.ts";
import {LEAST_RETURNS} from "./measureReturns.ts";
import type {GarchSpecification} from "./specification.ts";

/** Plain JSON. */
export interface GarchModelFit {
  readonly garch: Pick<GarchFit, "specification" | "parameters" | "presampleVariance">;
  readonly converged: boolean;
  /** The first training session, days since 1970-01-01: the recursion starts there in forecasts, too. */
  readonly firstSession: number;
  /** E[sqrt y] / E[sqrt f] over the training rows: the root of a mean is not the mean of a root. */
  readonly rootFactor: number;
}

const RETURN = "spy_ret_1d";

export const garch = garchModel("garch", {variance: "garch", innovations: "normal"});
export const garchT = garchModel("garch_t", {variance: "garch", innovations: "student"});
export const gjr = garchModel("gjr", {variance: "gjr", innovations: "normal"});
export const gjrT = garchModel("gjr_t", {variance: "gjr", innovations: "student"});
export const egarch = garchModel("egarch", {variance: "egarch", innovations: "normal"});
export const egarchT = garchModel("egarch_t", {variance: "egarch", innovations: "student"});

/**
 * Variance: Σ E[σ²] over the horizon + h μ², by maximum likelihood on the log returns of the training rows,
 * a constant mean. A row's forecast runs the recursion from the first training session up to that row; a
 * session without a return moves it as expected. Volatility: the root times E[√y] / E[√f] of the training
 * rows.
 */
function garchModel(name: string, specification: Omit<GarchSpecification, "mean">): Model<GarchModelFit> {
  return {
    name,
    features: [RETURN],
    fit(set) {
      const {start, end} = set.rows;
      const known = column(set.features, RETURN).subarray(start, end).filter(Number.isFinite);
      const {parameters, presampleVariance, convergence, ...fitted} = fitGarch(known, {
        ...specification,
        mean: "constant",
      });
      const fit = {
        garch: {specification: fitted.specification, parameters, presampleVariance},
        converged: convergence.converged,
        firstSession: set.features.sessions[start]!,
        rootFactor: 1,
      };
      return {...fit, rootFactor: rootFactor(fit, set, name)};
    },
    forecast: (fit, request) => forecast(fit, request, name),
  };
}

function rootFactor(fit: GarchModelFit, set: TrainingSet, model: string): number {
  const rows = completeRows(set, {model, features: [RETURN], atLeast: LEAST_RETURNS});
  const {volatility} = forecast(fit, set, model);
  let roots = 0;
  let fittedRoots = 0;
  for (const t of rows) {
    roots += Math.sqrt(set.variance[t]!);
    fittedRoots += volatility[t - set.rows.start]!;
  }
  return roots / fittedRoots;
}

function forecast(
  {garch: fit, firstSession, rootFactor}: GarchModelFit,
  {features, rows, horizon}: ForecastRequest,
  model: string,
): Forecast {
  const {sessions} = features;
  const origin = lowerBound(sessions, firstSession);
  if (sessions[origin] !== firstSession) {
    throw new RangeError(
      `Cannot forecast ${model}: its recursion starts on ${isoDate(firstSession)}, which the features lack; ` +
        "give every session from there on",
    );
  }
  const returns = column(features, RETURN).subarray(origin, rows.end);
  const daily = filterVariance(fit, returns);
  const {total} = termStructure(fit.specification, fit.parameters, horizon);
  const ofMean = horizon * fit.parameters.mu ** 2;
  const variance = new Float64Array(rows.end - rows.start).fill(Number.NaN);
  for (let t = Math.max(rows.start, origin); t < rows.end; t++) {
    if (Number.isFinite(returns[t - origin]!))
      variance[t - rows.start] = Math.max(total(daily[t - origin + 1]!) + ofMean, LEAST_FORECAST);
  }
  return {variance, volatility: variance.map((value) => rootFactor * Math.sqrt(value))};
}
