// Models for the tests of explanations, and what their trees say where only some features are known.

import {createMatrix, type Matrix} from "../math/matrix.ts";
import {fitBoostedTrees} from "../models/gbdt/boost.ts";
import type {BoostOptions} from "../models/gbdt/options.ts";
import {simulate} from "../models/gbdt/simulated.fixture.ts";
import {LEAF, type Tree} from "../models/gbdt/tree.ts";

/** Grows paths of more distinct features than tables hold. */
export const DEEP = {depth: 10, width: 20, trees: 4};

const options: BoostOptions = {
  loss: "squared",
  trees: 20,
  depth: 4,
  learningRate: 0.2,
  minLeafWeight: 2,
  l2: 0.5,
  rowShare: 0.8,
  columnShare: 1,
  seed: 1,
};

export function train(seed: number, changes: Partial<BoostOptions> & {width?: number} = {}) {
  const {width = 5, ...rest} = changes;
  const {features, target, positive} = simulate(600, {width, seed, missing: 0.1});
  const model = fitBoostedTrees(features, rest.loss === "gamma" ? positive : target, {...options, ...rest});
  const unseen = simulate(300, {width, seed: seed + 10, missing: 0.2}).features;
  return {model, features, unseen};
}

/** What a tree says where only the features in a mask are known: both branches by cover where the split is not. */
export function expectation(tree: Tree, node: number, row: Float32Array, known: number): number {
  const feature = tree.feature[node]!;
  if (feature === LEAF) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const go = (child: number) => expectation(tree, child, row, known);
  if (!(known & (1 << feature)))
    return (go(left) * tree.cover[left]! + go(right) * tree.cover[right]!) / tree.cover[node]!;
  const x = row[feature]!;
  if (Number.isNaN(x)) return go(tree.defaultLeft[node] === 1 ? left : right);
  return go(x < tree.threshold[node]! ? left : right);
}

export function mostFeaturesOnPath(tree: Tree): number {
  const visit = (node: number, met: ReadonlySet<number>): number => {
    const feature = tree.feature[node]!;
    if (feature === LEAF) return met.size;
    const more = new Set([...met, feature]);
    return Math.max(visit(tree.left[node]!, more), visit(tree.right[node]!, more));
  };
  return visit(0, new Set());
}

export function firstRows({values, width}: Matrix, rows: number): Matrix {
  return createMatrix(values.slice(0, rows * width), width);
}
