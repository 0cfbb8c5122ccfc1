// Does variance follow another regression when options are dear than when they are cheap?

import {ANCHOR_FEATURES} from "../features/catalogue.ts";
import {column, type Frame, presentColumns} from "../frame.ts";
import {fitLinear} from "./linear.ts";
import {forecastLog, type LogFit, logSample} from "./logFit.ts";
import type {Forecast, Model} from "./model.ts";
import {retransformation} from "./retransformation.ts";

/** Plain JSON: rows whose `regime` feature is at most `threshold` are `calm`'s, the others `tense`'s. */
export interface ThresholdFit {
  readonly regime: string;
  readonly threshold: number;
  readonly calm: LogFit;
  readonly tense: LogFit;
}

/** The level of VIX; of the month's range variance where the market has no implied index. */
const REGIMES = ["log_vix_var", "log_range_var_22d"];

/** The candidates are these shares of the training rows; a row at the threshold, and its ties, count as calm. */
const SHARES = [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85];

const FEWEST_ROWS = 500;

/**
 * Two regressions of log_har_vix's form, ln y = b0 + sum_j b_j x_j + e, one for rows with VIX up to a
 * threshold and one above. The threshold is the candidate with the least sum of squared residuals over the
 * training rows, about 15 % of which at least are in each regime. Each regime has its own retransformation, since
 * its errors have their own size. Tong and Lim (1980); Hansen (2000) for the estimate.
 */
export const thresholdHar: Model<ThresholdFit> = {
  name: "threshold_har",
  features: ANCHOR_FEATURES,
  fit(set) {
    const names = presentColumns(set.features, ANCHOR_FEATURES);
    const sample = logSample(set, {model: "threshold_har", features: names, atLeast: FEWEST_ROWS});
    const regime = REGIMES.find((name) => names.includes(name))!;
    const values = column(set.features, regime);
    const sorted = Float64Array.from(sample.rows, (t) => values[t]!).sort();
    const candidates = SHARES.map((share) => {
      const threshold = sorted[Math.floor(share * sorted.length)]!;
      const isCalm = (t: number): boolean => values[t]! <= threshold;
      const calm = fitPart(set.features, {names, ...part(sample, isCalm)});
      const tense = fitPart(set.features, {names, ...part(sample, (t) => !isCalm(t))});
      return {threshold, calm, tense, squares: calm.squares + tense.squares};
    });
    const best = candidates.reduce((least, one) => (one.squares < least.squares ? one : least));
    return {regime, threshold: best.threshold, calm: best.calm.fit, tense: best.tense.fit};
  },
  forecast(fit, request) {
    const values = column(request.features, fit.regime);
    const calm = forecastLog(fit.calm, request);
    const tense = forecastLog(fit.tense, request);
    const choose = (name: keyof Forecast): Float64Array =>
      calm[name].map((value, i) =>
        values[request.rows.start + i]! <= fit.threshold ? value : tense[name][i]!,
      );
    return {variance: choose("variance"), volatility: choose("volatility")}; // NaN passes: both are
  },
};

interface Sample {
  readonly rows: Uint32Array;
  readonly target: Float64Array;
}

function part({rows, target}: Sample, isIn: (t: number) => boolean): Sample {
  return {rows: rows.filter(isIn), target: target.filter((_, i) => isIn(rows[i]!))};
}

function fitPart(
  features: Frame,
  sample: Sample & {names: readonly string[]},
): {fit: LogFit; squares: number} {
  const {fit: linear, residuals} = fitLinear(features, sample);
  return {
    fit: {linear, boosted: null, retransformation: retransformation(residuals)},
    squares: residuals.reduce((sum, e) => sum + e * e, 0),
  };
}
