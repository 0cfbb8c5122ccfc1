// How far does one regression tree on the 14 required features get?

import {DecisionTreeRegression} from "ml-cart";
import {DOCUMENT_FEATURES} from "../features/catalogue.ts";
import {column, type Frame, presentColumns, type RowRange, toMatrix} from "../frame.ts";
import {completeRows, LEAST_FORECAST, type Model, type TrainingSet} from "./model.ts";

/** Plain JSON: ml-cart's own tree on volatility over the horizon, and the features it may ask, in order. */
export interface CartFit {
  readonly features: readonly string[];
  readonly tree: unknown;
  /** Mean of y / fitted^2 over the training rows: E[variance] = factor x fitted^2. */
  readonly varianceFactor: number;
}

const DEPTH = 4;
const FEWEST_ROWS = 100;

/** Share of the training rows on which a feature must be known for the tree to use it. */
const KNOWN_SHARE = 0.9;

/**
 * A tree of depth 4 on volatility, split to lower squared error, by ml-cart. Breiman et al. (1984), chapter
 * 8. Not on its log: ml-cart has no least leaf size, and would give each near-zero outcome a leaf of its
 * own. It sorts by values that may be NaN and sends NaN right, so the tree only gets features known on nine
 * training rows in ten, and rows on which all of those are known: early years do without VIX3M, bonds and
 * credit.
 */
export const cart: Model<CartFit> = {
  name: "cart",
  features: DOCUMENT_FEATURES,
  fit(set) {
    const features = knownFeatures(set);
    const rows = completeRows(set, {model: "cart", features, atLeast: FEWEST_ROWS});
    const matrix = [...rows].map((t) => rowOf(set.features, features, t));
    const target = Array.from(rows, (t) => Math.sqrt(set.variance[t]!));
    const tree = new DecisionTreeRegression({maxDepth: DEPTH});
    tree.train(matrix, target);
    const ratios = tree.predict(matrix).map((fitted, i) => (target[i]! / floored(fitted)) ** 2);
    return {
      features,
      tree: JSON.parse(JSON.stringify(tree)), // class instances neither cross threads nor store
      varianceFactor: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
    };
  },
  forecast(fit, {features, rows}) {
    const tree = DecisionTreeRegression.load(fit.tree);
    const fitted = rowsOf(features, fit.features, rows).map((row) =>
      row.some(Number.isNaN) ? Number.NaN : floored(tree.predict([row])[0]!),
    );
    const volatility = Float64Array.from(fitted);
    return {volatility, variance: volatility.map((value) => fit.varianceFactor * value * value)};
  },
};

function floored(volatility: number): number {
  return Math.max(volatility, Math.sqrt(LEAST_FORECAST)); // NaN passes
}

function knownFeatures({features, rows}: TrainingSet): string[] {
  const fewest = KNOWN_SHARE * (rows.end - rows.start);
  return presentColumns(features, DOCUMENT_FEATURES).filter((name) => {
    const values = column(features, name).subarray(rows.start, rows.end);
    return values.reduce((count, value) => (Number.isFinite(value) ? count + 1 : count), 0) >= fewest;
  });
}

function rowsOf(features: Frame, names: readonly string[], rows: RowRange): number[][] {
  const flat = toMatrix(features, names, rows);
  const width = names.length;
  return Array.from({length: rows.end - rows.start}, (_, i) => [
    ...flat.subarray(i * width, (i + 1) * width),
  ]);
}

function rowOf(features: Frame, names: readonly string[], t: number): number[] {
  return rowsOf(features, names, {start: t, end: t + 1})[0]!;
}
