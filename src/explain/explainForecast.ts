// How much does each feature add to the logarithm of a volatility forecast?

import {column, type Frame, type RowRange} from "../frame.ts";
import {type BoostedPart, boostedMatrix, type LogFit} from "../models/logFit.ts";
import {fromPlainTrees} from "../models/plainTrees.ts";
import {prepareTreeShap, type Shap, treeShap} from "./treeShap.ts";

export interface Explanation {
  /** The features of the regression, then those that only the trees ask. */
  readonly features: readonly string[];
  /**
   * Rows x features, row-major, on the scale of ln(volatility over the horizon); NaN throughout a row
   * without a forecast.
   */
  readonly values: Float64Array;
  /** The same for every row of a fit: a row's values and this sum to ln(volatility forecast). */
  readonly base: number;
}

export interface ExplanationRequest {
  readonly features: Frame;
  readonly rows: RowRange;
}

/**
 * Contributions to ln(volatility forecast) of any model of log variance: halves of the regression's beta_j
 * (x_j - training mean) and of the trees' Shapley values, a feature of both parts with one sum; the base
 * holds the regression at the training means, the trees' expectation and the retransformation. For a
 * regression these are the Shapley values under independent features: Lundberg and Lee (2017), corollary 1.
 *
 * @param fit a fit of log_har_range, log_har_vix, gbdt or anchored
 */
export function explainForecast(fit: LogFit, request: ExplanationRequest): Explanation {
  const {boosted} = fit;
  if (!boosted) return explain(fit, request, () => NO_TREES);
  // One way of adding up for any number of rows: what is said of a row must not depend on its company.
  return explain(fit, request, ({features, rows}) =>
    treeShap(fromPlainTrees(boosted.trees), boostedMatrix(boosted, features, rows)),
  );
}

/**
 * explainForecast() of one fit for many calls: its trees are decoded and tabulated once. A call for a single row adds
 * up in another order, and differs in the last bits.
 */
export function prepareExplanation(fit: LogFit): (request: ExplanationRequest) => Explanation {
  return createExplanations()(fit);
}

/**
 * explainForecast() of many fits in turn: trees that a fit shares with the one before it, as means in logs do,
 * are tabulated once, and their values are kept for the latest rows of each frame.
 *
 * @param options.rowsAlone false where a call for a single row must say to the last bit what explainForecast() does
 */
export function createExplanations({
  rowsAlone = true,
}: {
  readonly rowsAlone?: boolean;
} = {}): (fit: LogFit) => (request: ExplanationRequest) => Explanation {
  let last: {readonly boosted: BoostedPart; readonly shapOf: TreeShapOf} | undefined;
  return (fit) => (request) => {
    const {boosted} = fit;
    if (boosted && last?.boosted !== boosted) last = {boosted, shapOf: rememberRows(boosted, rowsAlone)};
    return explain(fit, request, boosted && last ? last.shapOf : () => NO_TREES);
  };
}

type TreeShapOf = (request: ExplanationRequest) => Shap;

const NO_TREES: Shap = {values: new Float64Array(0), rows: 0, width: 0, base: 0};

function rememberRows(boosted: BoostedPart, rowsAlone: boolean): TreeShapOf {
  const shapOf = prepareTreeShap(fromPlainTrees(boosted.trees), {rowsAlone});
  const known = new WeakMap<Frame, {rows: RowRange; shap: Shap}>(); // a server explains a new frame a request
  return ({features, rows}) => {
    const before = known.get(features);
    if (before?.rows.start === rows.start && before.rows.end === rows.end) return before.shap;
    const shap = shapOf(boostedMatrix(boosted, features, rows));
    known.set(features, {rows, shap});
    return shap;
  };
}

function explain(
  {linear, boosted, retransformation}: LogFit,
  {features, rows}: ExplanationRequest,
  shapOf: TreeShapOf,
): Explanation {
  const names = [...new Set([...(linear?.features ?? []), ...(boosted?.features ?? [])])];
  const width = names.length;
  const count = rows.end - rows.start;
  const values = new Float64Array(count * width);
  let margin = 0; // of the variance's logarithm
  if (linear) {
    const {intercept, coefficients, means} = linear;
    margin += intercept;
    linear.features.forEach((name, j) => {
      const source = column(features, name);
      margin += coefficients[j]! * means[j]!;
      for (let i = 0; i < count; i++)
        values[i * width + j]! += (coefficients[j]! * (source[rows.start + i]! - means[j]!)) / 2;
    });
  }
  if (boosted) {
    const shap = shapOf({features, rows});
    margin += shap.base;
    const treeWidth = boosted.features.length;
    boosted.features.forEach((name, k) => {
      const j = names.indexOf(name);
      for (let i = 0; i < count; i++) values[i * width + j]! += shap.values[i * treeWidth + k]! / 2;
    });
  }
  silenceUnknownRows(values, width);
  return {features: names, values, base: margin / 2 + Math.log(retransformation.volatility)};
}

// A missing feature of the regression leaves no forecast: then no feature has a share in one.
function silenceUnknownRows(values: Float64Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    if (row.some(Number.isNaN)) row.fill(Number.NaN);
  }
}
