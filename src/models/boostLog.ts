// How are trees boosted on a log target, with residuals honest enough to retransform by?

import {column, type Frame} from "../frame.ts";
import type {Matrix} from "../math/matrix.ts";
import type {Horizon} from "../units.ts";
import {fitBoostedBags} from "./gbdt/boost.ts";
import {sumTrees} from "./gbdt/ensemble.ts";
import type {BoostOptions} from "./gbdt/options.ts";
import type {BoostedTrees} from "./gbdt/tree.ts";
import type {BoostedPart} from "./logFit.ts";
import {toPlainTrees} from "./plainTrees.ts";

const MONTH = 22;
const HORIZONS_A_BLOCK = 4;

/**
 * The mean of `bags` sums of trees on the given rows, each with a seed of its own, and the target minus each row's
 * out-of-bag margin. In-sample residuals of boosting are too small, and would put the mean forecast below the mean
 * outcome.
 *
 * @param rows indices into the frame
 * @param target one value an index; the residuals of the rows that every tree saw are left out
 * @param bags 1 if not given
 */
export function boostLog(
  features: Frame,
  {
    names,
    rows,
    target,
    options,
    bags = 1,
  }: {
    names: readonly string[];
    rows: Uint32Array;
    target: Float64Array;
    options: BoostOptions;
    bags?: number;
  },
): {boosted: BoostedPart; residuals: Float64Array} {
  const matrix = gather(features, names, rows);
  const margins = new Float64Array(rows.length);
  const counts = new Uint32Array(rows.length);
  const {seed, earlyStopping: _, ...rest} = options;
  const seeds = Array.from({length: bags}, (_, bag) => seed + bag);
  const trees = fitBoostedBags(matrix, target, {...rest, seeds}).map(({model, outOfBag}) => {
    for (let i = 0; i < outOfBag.length; i++) {
      if (Number.isNaN(outOfBag[i]!)) continue;
      margins[i]! += outOfBag[i]!;
      counts[i]!++;
    }
    return model;
  });
  const mean = bags === 1 ? trees[0]! : meanTrees(trees);
  const residuals = target.map((y, i) => y - margins[i]! / counts[i]!).filter((e) => !Number.isNaN(e));
  return {boosted: {features: names, trees: toPlainTrees(mean)}, residuals};
}

function meanTrees(trees: readonly BoostedTrees[]): BoostedTrees {
  return sumTrees(
    trees.map((part) => ({trees: part, weight: 1 / trees.length})),
    trees[0]!.width,
  );
}

/**
 * Rows to draw together: neighbours' labels overlap over the horizon, and volatility is alike for a month. A single
 * row left out would be known from its neighbours.
 */
export function rowBlock(horizon: Horizon): number {
  return Math.max(MONTH, HORIZONS_A_BLOCK * horizon);
}

/** The columns by name of the rows at some indices. */
export function gather(features: Frame, names: readonly string[], rows: Uint32Array): Matrix {
  const width = names.length;
  const values = new Float64Array(rows.length * width);
  names.forEach((name, j) => {
    const source = column(features, name);
    for (let i = 0; i < rows.length; i++) values[i * width + j] = source[rows[i]!]!;
  });
  return {values, rows: rows.length, width};
}
