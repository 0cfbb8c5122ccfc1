// Which sum of trees fits best? Each new tree descends the gradient of the loss that the trees before it left.

import {float32Values, type Matrix} from "../../math/matrix.ts";
import {type BinnedFeatures, binFeatures, MAX_BINS} from "./binning.ts";
import {createGrower} from "./grower.ts";
import {createGradients, setGradients} from "./histogram.ts";
import {type Loss, losses} from "./loss.ts";
import {type BoostOptions, checkBoostOptions, type EarlyStopping} from "./options.ts";
import {requireWidth} from "./predict.ts";
import {createSampler, type Sampler} from "./sampling.ts";
import {createSplitSearch} from "./splitting.ts";
import {addTree, type BoostedTrees, type Tree} from "./tree.ts";

/**
 * Newton boosting of regression trees on binned features: margin = base + sum of trees (+ offset), where each tree
 * minimises the second-order expansion of the loss at the margin so far. Friedman (2001); Chen and Guestrin (2016),
 * equations 3-7. The same arguments give the same bytes: sums are exact and chance comes from `seed` alone.
 *
 * Features are rounded to float32 first, as prediction and XGBoost do. Missing values (NaN) follow, at each split,
 * the side that lowers the loss more; where a node saw none, the side with more weight.
 *
 * @throws {RangeError} if the arguments do not fit together, or the margins overflow
 */
export function fitBoostedTrees(features: Matrix, target: Float64Array, options: BoostOptions): BoostedTrees {
  checkBoostOptions(features, target, options);
  return growTrees(binned(features, options), target, options);
}

/** One of several fits, and `outOfBagMargin()` of its training rows. */
export interface BaggedTrees {
  readonly model: BoostedTrees;
  readonly outOfBag: Float64Array;
}

/**
 * `fitBoostedTrees()` with one seed after another, each with `outOfBagMargin()`, to the bit and for less: features are
 * binned once, and what a tree says of the rows that it omits is added up while it is grown.
 *
 * @throws {RangeError} as `fitBoostedTrees()` does
 */
export function fitBoostedBags(
  features: Matrix,
  target: Float64Array,
  {seeds, ...options}: Omit<BoostOptions, "seed" | "earlyStopping"> & {readonly seeds: readonly number[]},
): BaggedTrees[] {
  for (const seed of seeds) checkBoostOptions(features, target, {...options, seed});
  const bins = binned(features, options);
  return seeds.map((seed) => {
    const own = {...options, seed};
    const bag = {sums: new Float64Array(features.rows), sampler: rowSampler(features.rows, own)};
    const model = growTrees(bins, target, own, bag);
    return {model, outOfBag: bagMargin(bag, model)};
  });
}

function binned(features: Matrix, {bins = MAX_BINS}: Pick<BoostOptions, "bins">): BinnedFeatures {
  return binFeatures(float32Values(features), {width: features.width, bins});
}

function growTrees(
  binned: BinnedFeatures,
  target: Float64Array,
  options: BoostOptions,
  bag?: Bag,
): BoostedTrees {
  const {rows, width} = binned;
  const {weights, offset, earlyStopping, minGain = 0, seed} = options;
  const loss = losses[options.loss];
  const observations = {target, weights, offset};
  const baseScore = loss.baseScore(observations);
  const margin = startMargin(rows, loss.baseMargin(baseScore), offset);

  const monotone = directions(options);
  const gradients = createGradients(rows, {packed: loss.unitHessian && !weights && !monotone});
  const search = createSplitSearch(binned, {...options, gradients, minGain, monotone});
  const grower = createGrower({...options, search});
  const sampler = bag?.sampler ?? rowSampler(rows, options);
  const columns = createSampler(width, {share: options.columnShare, seed: columnSeed(seed)});
  const watch = earlyStopping ? watchLoss(loss, loss.baseMargin(baseScore), earlyStopping) : undefined;

  const gradient = new Float64Array(rows);
  const hessian = gradients.form === "pairs" ? new Float64Array(rows) : undefined; // otherwise they are all 1
  const trees: Tree[] = [];
  while (trees.length < options.trees) {
    search.features = columns.draw().drawn;
    loss.differentiate(observations, {margin, gradient, hessian});
    setGradients(gradients, gradient, hessian);
    const tree = grower.grow(sampler.draw(), margin, bag?.sums);
    trees.push(tree);
    if (watch?.isOver(tree)) break;
  }
  return {loss: options.loss, width, baseScore, trees: watch ? trees.slice(0, watch.best()) : trees};
}

/**
 * Margins of the training rows by the trees that were not grown on them, for residuals that are not flattered by
 * the fit: base + (trees / trees that omitted the row) x sum of these. NaN where every tree saw the row. The
 * offset is not in it, as it is not in `predictMargin`.
 *
 * A row's target reaches these trees only through its neighbours' gradients, and against its sign: residuals err
 * on the side of too large, hardly for a weak fit and the more the greedier it is. Labels that overlap their
 * neighbours' err the other way unless rows were drawn in blocks: the figures are in docs/boosting.md. After Breiman
 * (1996), "Out-of-bag estimation".
 *
 * @param features the training rows
 * @param options as they were fitted
 * @throws {RangeError} if the features are not as many as the model's
 */
export function outOfBagMargin(
  model: BoostedTrees,
  features: Matrix,
  draws: Pick<BoostOptions, "rowShare" | "rowBlock" | "seed">,
): Float64Array {
  requireWidth(model, features);
  const {rows, width} = features;
  const values = float32Values(features);
  const bag = {sums: new Float64Array(rows), sampler: rowSampler(rows, draws)};
  for (const tree of model.trees)
    addTree(tree, values, {width, margin: bag.sums, rows: bag.sampler.draw().omitted});
  return bagMargin(bag, model);
}

/** What the trees that omitted a row say of it, added up, and who drew the rows. */
interface Bag {
  readonly sums: Float64Array;
  readonly sampler: Sampler;
}

function bagMargin({sums, sampler}: Bag, {trees, loss, baseScore}: BoostedTrees): Float64Array {
  const base = losses[loss].baseMargin(baseScore);
  const counts = sampler.timesOmitted();
  return sums.map((sum, i) => (counts[i]! > 0 ? base + (trees.length / counts[i]!) * sum : Number.NaN));
}

/** Follows the validation rows' loss: the best number of trees, and whether to go on. */
function watchLoss(loss: Loss, base: number, stopping: EarlyStopping) {
  const {validation, target, offset, rounds} = stopping;
  const {width} = validation;
  const values = float32Values(validation);
  const margin = startMargin(validation.rows, base, offset);
  let least = loss.mean(target, margin);
  let best = 0;
  let count = 0;
  return {
    best: () => best,
    isOver(tree: Tree): boolean {
      addTree(tree, values, {width, margin});
      count++;
      const now = loss.mean(target, margin);
      if (now < least) {
        least = now;
        best = count;
      }
      return count - best >= rounds;
    },
  };
}

function startMargin(rows: number, base: number, offset: Float64Array | undefined): Float64Array {
  return offset ? offset.map((value) => value + base) : new Float64Array(rows).fill(base);
}

function directions({monotone}: BoostOptions): Int8Array | null {
  return monotone?.some((direction) => direction !== 0) ? Int8Array.from(monotone) : null;
}

function rowSampler(
  rows: number,
  {rowShare, rowBlock, seed}: Pick<BoostOptions, "rowShare" | "rowBlock" | "seed">,
): Sampler {
  return createSampler(rows, {share: rowShare, seed, block: rowBlock});
}

/** Columns are drawn apart from rows, so that rows can be drawn again alone. */
function columnSeed(seed: number): number {
  return (seed ^ 0x5bd1e995) | 0;
}
