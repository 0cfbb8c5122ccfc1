// What do models of trees on the 14 required features share? Which columns a row cannot do without.

import {DOCUMENT_FEATURES} from "../features/catalogue.ts";
import {column, type Frame, presentColumns} from "../frame.ts";
import {type BoostedPart, forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Model, TrainingSet} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** Their series begin years after the target's; the trees send what is missing the way that fits. */
const LATE_FEATURES = new Set([
  "vix3m",
  "vix_term",
  "corr_spy_tlt_20d",
  "corr_spy_hyg_20d",
  "hyg_tlt_spread",
]);

const NEEDED_FEATURES = DOCUMENT_FEATURES.filter((name) => !LATE_FEATURES.has(name));

/** What trees are grown on: features by name, indices of rows, ln y an index. */
export interface LogSample extends Pick<TrainingSet, "horizon" | "seed"> {
  readonly names: readonly string[];
  readonly rows: Uint32Array;
  readonly target: Float64Array;
}

export interface DocumentTrees {
  readonly name: string;
  readonly fewestRows: number;
  /** Grows the trees, and gives residuals of rows that they did not bend themselves to. */
  grow(features: Frame, sample: LogSample): {boosted: BoostedPart; residuals: Float64Array};
}

/**
 * ln y = trees on the 14 required features in levels, with nothing to extrapolate by. A row needs the target's
 * own features and VIX.
 */
export function documentTrees({name, fewestRows, grow}: DocumentTrees): Model<LogFit> {
  return {
    name,
    features: DOCUMENT_FEATURES,
    fit(set) {
      const names = presentColumns(set.features, DOCUMENT_FEATURES);
      const needed = presentColumns(set.features, NEEDED_FEATURES);
      const sample = logSample(set, {model: name, features: needed, atLeast: fewestRows});
      const {horizon, seed} = set;
      const {boosted, residuals} = grow(set.features, {names, ...sample, horizon, seed});
      return {linear: null, boosted, retransformation: retransformation(residuals)};
    },
    forecast(fit, request) {
      const {variance, volatility} = forecastLog(fit, request);
      for (const needed of NEEDED_FEATURES.filter((needed) => fit.boosted?.features.includes(needed))) {
        const values = column(request.features, needed);
        for (let i = 0; i < variance.length; i++) {
          if (!Number.isNaN(values[request.rows.start + i]!)) continue;
          variance[i] = Number.NaN;
          volatility[i] = Number.NaN;
        }
      }
      return {variance, volatility};
    },
  };
}
