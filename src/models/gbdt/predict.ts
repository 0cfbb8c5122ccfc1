// What does a model say of new rows?

import {float32Values, type Matrix} from "../../math/matrix.ts";
import {losses} from "./loss.ts";
import {addTree, type BoostedTrees} from "./tree.ts";

/**
 * One margin a row: base + leaf values in tree order, summed in float64. On the link's scale: the mean itself for
 * squared loss, its logarithm for gamma. An offset that the model was trained with must be added by the caller.
 *
 * @throws {RangeError} if the features are not as many as the model's
 */
export function predictMargin(model: BoostedTrees, features: Matrix): Float64Array {
  return sumTrees(model, features, new Float64Array(features.rows));
}

/** The same in float32 after every tree: XGBoost's arithmetic, bit for bit (`output_margin=True`). */
export function predictMarginFloat32(model: BoostedTrees, features: Matrix): Float32Array {
  return sumTrees(model, features, new Float32Array(features.rows));
}

/** @throws {RangeError} unless a matrix has the model's width */
export function requireWidth(model: BoostedTrees, {width}: Matrix): void {
  if (width !== model.width)
    throw new RangeError(
      `Cannot predict: features must be ${model.width} columns, as in training, current value is ${width}`,
    );
}

function sumTrees<Margins extends Float64Array | Float32Array>(
  model: BoostedTrees,
  features: Matrix,
  margin: Margins,
): Margins {
  requireWidth(model, features);
  const values = float32Values(features);
  margin.fill(losses[model.loss].baseMargin(model.baseScore));
  for (const tree of model.trees) addTree(tree, values, {width: model.width, margin});
  return margin;
}
