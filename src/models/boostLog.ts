// How are trees boosted on a log target, with residuals honest enough to retransform by?

import {column, type Frame} from "../frame.ts";
import type {Matrix} from "../math/matrix.ts";
import {fitBoostedTrees, outOfBagMargin} from "./gbdt/boost.ts";
import type {BoostOptions} from "./gbdt/options.ts";
import type {BoostedPart} from "./logFit.ts";
import {toPlainTrees} from "./plainTrees.ts";

/**
 * Trees on the given rows, and the target minus each row's out-of-bag margin. In-sample residuals of
 * boosting are too small, and would put the mean forecast below the mean outcome.
 *
 * @param rows indices into the frame
 * @param target one value an index; the residuals of the rows that every tree saw are left out
 */
export function boostLog(
  features: Frame,
  {
    names,
    rows,
    target,
    options,
  }: {names: readonly string[]; rows: Uint32Array; target: Float64Array; options: BoostOptions},
): {boosted: BoostedPart; residuals: Float64Array} {
  const matrix = gather(features, names, rows);
  const model = fitBoostedTrees(matrix, target, options);
  const residuals = outOfBagMargin(model, matrix, options)
    .map((margin, i) => target[i]! - margin)
    .filter((residual) => !Number.isNaN(residual));
  return {boosted: {features: names, trees: toPlainTrees(model)}, residuals};
}

/** The columns by name of the rows at some indices. */
export function gather(features: Frame, names: readonly string[], rows: Uint32Array): Matrix {
  const width = names.length;
  const values = new Float64Array(rows.length * width);
  names.forEach((name, j) => {
    const source = column(features, name);
    rows.forEach((t, i) => {
      values[i * width + j] = source[t]!;
    });
  });
  return {values, rows: rows.length, width};
}
