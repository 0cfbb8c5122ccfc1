// What does a model of the log of variance keep, and what does it say of a row?

import {type Frame, type RowRange, toMatrix} from "../frame.ts";
import type {Matrix} from "../math/matrix.ts";
import {prepareMargin} from "./gbdt/predictRow.ts";
import {type LinearFit, predictLinear} from "./linear.ts";
import {completeRows, type Forecast, type ForecastRequest, type TrainingSet, UNCHANGED} from "./model.ts";
import {fromPlainTrees, type PlainTrees} from "./plainTrees.ts";
import type {Retransformation} from "./retransformation.ts";

/** Plain JSON: ln(variance over the horizon) = linear part + trees, and the factors that undo the log. */
export interface LogFit {
  readonly linear: LinearFit | null;
  readonly boosted: BoostedPart | null;
  readonly retransformation: Retransformation;
}

export interface BoostedPart {
  /** The trees' columns, in order. */
  readonly features: readonly string[];
  readonly trees: PlainTrees;
}

/**
 * A fit as one of a model of logs.
 *
 * @throws {RangeError} naming the model if it is of another kind
 */
export function requireLogFit(fit: unknown, model: string): LogFit {
  if (typeof fit === "object" && fit !== null && "retransformation" in fit && "linear" in fit)
    return fit as LogFit;
  throw new RangeError(
    `Cannot explain ${model}: it is not a model of logs; take one that is (log_har_vix, log_har_gamma, anchored, gbdt) or a combination of them in logs`,
  );
}

/**
 * Indices of the complete training rows whose outcome has a logarithm, and those logarithms.
 *
 * @throws {RangeError} as `completeRows` does
 */
export function logSample(
  set: TrainingSet,
  needs: {model: string; features: readonly string[]; atLeast: number},
): {rows: Uint32Array; target: Float64Array} {
  const rows = completeRows(set, {...needs, above: UNCHANGED});
  const target = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) target[i] = Math.log(set.variance[rows[i]!]!);
  return {rows, target};
}

/** Variance and volatility: exp(fit) and exp(fit / 2), each times its factor; NaN where the fit is. */
export function forecastLog(fit: LogFit, request: ForecastRequest): Forecast {
  return prepareForecast(fit)(request);
}

/** forecastLog() of one fit for many calls: its trees are decoded once. */
export function prepareForecast({
  linear,
  boosted,
  retransformation,
}: LogFit): (request: Pick<ForecastRequest, "features" | "rows">) => Forecast {
  const marginOf = boosted && prepareMargin(fromPlainTrees(boosted.trees));
  return ({features, rows}) => {
    const fitted = linear ? predictLinear(linear, features, rows) : new Float64Array(rows.end - rows.start);
    if (boosted && marginOf) {
      marginOf(boostedMatrix(boosted, features, rows)).forEach((margin, i) => {
        fitted[i]! += margin;
      });
    }
    return {
      variance: fitted.map((value) => Math.exp(value) * retransformation.variance),
      volatility: fitted.map((value) => Math.exp(value / 2) * retransformation.volatility),
    };
  };
}

/** The trees' columns of a range of rows. */
export function boostedMatrix({features: names}: BoostedPart, features: Frame, rows: RowRange): Matrix {
  return {values: toMatrix(features, names, rows), rows: rows.end - rows.start, width: names.length};
}
