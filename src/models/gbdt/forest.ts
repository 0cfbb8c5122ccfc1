// What do many deep trees say on average, each grown on its own draw of the rows?

import {float32Values, type Matrix} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";
import {binFeatures} from "./binning.ts";
import {createBootstrap} from "./bootstrap.ts";
import {createGrower} from "./grower.ts";
import {createGradients, setGradients} from "./histogram.ts";
import {checkBoostOptions} from "./options.ts";
import {createSplitSearch} from "./splitting.ts";
import type {BoostedTrees, Tree} from "./tree.ts";

export interface ForestOptions {
  readonly trees: number;
  /** Splits between the root and a leaf at most, 1 to 16. */
  readonly depth: number;
  /** Fewest drawn rows in a leaf. */
  readonly minLeafRows: number;
  /** Share of the features that a node may be split on, drawn anew at each node, (0, 1]. */
  readonly columnShare: number;
  /** Rows are drawn in runs of so many. */
  readonly rowBlock: number;
  /** A row is out of a tree's bag only if no drawn row is this near; h - 1 for labels over h sessions. */
  readonly clearance: number;
  /** Bins a feature, 2 to 255. */
  readonly bins: number;
  readonly seed: number;
}

/**
 * A random forest: the mean of regression trees, each grown on a block bootstrap of the rows with the
 * features of every split drawn at random. Breiman (2001). It is given as a sum of trees, leaf values divided
 * by their number, so that whatever reads boosted trees reads it.
 *
 * @returns the trees, and each row's mean over the trees that saw neither it nor a neighbour within
 *   `clearance`; NaN where there is no such tree
 * @throws {RangeError} naming the option that cannot be used
 */
export function fitForest(
  features: Matrix,
  target: Float64Array,
  options: ForestOptions,
): {forest: BoostedTrees; outOfBag: Float64Array} {
  const {trees: count, minLeafRows, columnShare, rowBlock, clearance, bins, seed} = options;
  const step = {learningRate: 1 / count, minLeafWeight: minLeafRows, l2: 0};
  checkBoostOptions(features, target, {...options, ...step, loss: "squared", rowShare: 1});
  const {rows, width} = features;
  const mean = Math.fround(target.reduce((sum, y) => sum + y, 0) / rows);

  const gradients = createGradients(rows, {packed: true});
  setGradients(
    gradients,
    target.map((y) => mean - y),
    new Float64Array(rows).fill(1),
  );
  const search = createSplitSearch(binFeatures(float32Values(features), {width, bins}), {
    ...step,
    gradients,
    minGain: 0,
    monotone: null,
    drawCandidates: candidateDraws(width, {share: columnShare, seed}),
  });
  const grower = createGrower({...step, search, depth: options.depth});
  const drawRows = createBootstrap(rows, {block: rowBlock, clearance, seed});

  const trees: Tree[] = [];
  const margin = new Float64Array(rows);
  const sums = new Float64Array(rows);
  const counts = new Int32Array(rows);
  while (trees.length < count) {
    const draw = drawRows();
    margin.fill(0);
    trees.push(grower.grow(draw, margin));
    for (const i of draw.omitted) {
      sums[i]! += margin[i]!;
      counts[i]! += 1;
    }
  }
  return {
    forest: {loss: "squared", width, baseScore: mean, trees},
    outOfBag: sums.map((sum, i) => (counts[i]! > 0 ? mean + (count / counts[i]!) * sum : Number.NaN)),
  };
}

/** Draws, without replacement, of round(share x width) features, at least one, as marks. */
function candidateDraws(width: number, {share, seed}: {share: number; seed: number}): () => Uint8Array {
  const random = createRandom(seed ^ 0x5bd1e995); // apart from the rows' draws
  const count = Math.max(1, Math.round(share * width));
  const order = Int32Array.from({length: width}, (_, j) => j);
  const marks = new Uint8Array(width);
  return () => {
    marks.fill(0);
    for (let i = 0; i < count; i++) {
      const j = i + random.integer(width - i);
      const feature = order[j]!;
      order[j] = order[i]!;
      order[i] = feature;
      marks[feature] = 1;
    }
    return marks;
  };
}
