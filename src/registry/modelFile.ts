// How do a fit and the text of model.json become one another? Without files: a page reads a model as the server does.

import {decodeXgboostJson, encodeXgboostJson} from "../models/gbdt/codec.ts";
import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import type {LogFit} from "../models/logFit.ts";
import {fromPlainTrees, toPlainTrees} from "../models/plainTrees.ts";

/** What manifest.json says of a fit beside its trees. */
export interface BesideTrees {
  readonly anchor: LogFit["linear"];
  /** Columns of model.json, in its order. */
  readonly feature_order: readonly string[];
  readonly retransformation: LogFit["retransformation"];
}

/** The text of model.json: XGBoost's own format. */
export function modelJson(fit: LogFit): string {
  const {features, trees} = treesOf(fit);
  return encodeXgboostJson(trees, {featureNames: features});
}

/**
 * The fit of an artifact's two files.
 *
 * @throws {SyntaxError} if the text is not a model of XGBoost's format
 */
export function fitOfFiles({anchor, feature_order, retransformation}: BesideTrees, model: string): LogFit {
  const trees = decodeXgboostJson(model);
  return {
    linear: anchor,
    boosted: isStump(trees) ? null : {features: feature_order, trees: toPlainTrees(trees)},
    retransformation,
  };
}

/**
 * The trees of a fit and their columns, as model.json has them. A regression without trees has one that is a leaf of
 * 0, on the regression's features: XGBoost has no file without a tree.
 */
export function treesOf({linear, boosted}: LogFit): {features: readonly string[]; trees: BoostedTrees} {
  if (boosted) return {features: boosted.features, trees: fromPlainTrees(boosted.trees)};
  const features = linear?.features ?? [];
  return {features, trees: {loss: "squared", width: features.length, baseScore: 0, trees: [STUMP]}};
}

const STUMP: Tree = {
  feature: Int32Array.of(LEAF),
  threshold: Float32Array.of(0),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  defaultLeft: Uint8Array.of(0),
  value: Float32Array.of(0),
  cover: Float32Array.of(0),
  gain: Float32Array.of(0),
};

function isStump({baseScore, trees}: BoostedTrees): boolean {
  return baseScore === 0 && trees.length === 1 && trees[0]!.feature[0] === LEAF && trees[0]!.value[0] === 0;
}
