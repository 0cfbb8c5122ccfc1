// How is one tree grown? Depth first, each node split where the loss falls most, until it is too deep or too light.

import type {RowRange} from "../../frame.ts";
import {LARGEST_FLOAT32} from "../../math/matrix.ts";
import type {BinnedFeatures} from "./binning.ts";
import {createHistogram, fillHistogram, sumGradients} from "./histogram.ts";
import {addValue, addValuePair, createRowList, partRows, type RowList} from "./partition.ts";
import type {Draw} from "./sampling.ts";
import {findSplit, type NodeSums, nodeWeight, type Split, type SplitSearch} from "./splitting.ts";
import {createTree, LEAF, type Tree, trimTree} from "./tree.ts";

export interface Grower {
  /**
   * Grows a tree on the drawn rows, and adds its leaf values to the margins of all.
   *
   * @param outOfBag where given, the leaf values of the omitted rows are added to it too
   */
  grow(rows: Draw, margin: Float64Array, outOfBag?: Float64Array): Tree;
}

export interface GrowerOptions {
  readonly search: SplitSearch;
  readonly depth: number;
  readonly learningRate: number;
}

/** A node on its way: its sums, and where its rows lie in the growth's lists. */
interface Node extends NodeSums {
  readonly id: number;
  readonly depth: number;
  readonly drawn: RowRange;
  readonly omitted: RowRange;
}

/** The node's own histogram; its parent's where `minus` is given, which is its sibling's. */
interface Sums {
  readonly histogram: Float64Array;
  readonly minus: Float64Array | null;
}

/** Memory for a tree on its way; made once for all trees. */
interface Growth extends GrowerOptions {
  readonly binned: BinnedFeatures;
  readonly tree: Tree; // room for the largest
  readonly drawn: RowList; // rows the tree is grown on
  readonly omitted: RowList; // the others, which only follow
  readonly histograms: readonly Float64Array[]; // one a depth: the lighter sibling's there
  size: number; // nodes so far
  margin: Float64Array;
  outOfBag: Float64Array | undefined;
}

/**
 * A grower of trees on binned features, whose gradients the caller renews before each tree.
 *
 * A histogram is filled for the lighter of two children only; the heavier's is the difference, taken in the
 * parent's memory, so that a tree needs one histogram a depth.
 */
export function createGrower(options: GrowerOptions): Grower {
  const {search, depth} = options;
  const {binned, gradients} = search;
  const growth: Growth = {
    ...options,
    binned,
    tree: createTree(Math.min(2 ** (depth + 1) - 1, 2 * binned.rows - 1)),
    drawn: createRowList(binned.rows),
    omitted: createRowList(binned.rows),
    histograms: Array.from({length: depth}, () => createHistogram(binned, gradients)),
    size: 0,
    margin: new Float64Array(0),
    outOfBag: undefined,
  };
  return {
    grow({drawn, omitted}, margin, outOfBag) {
      growth.drawn.rows.set(drawn);
      growth.omitted.rows.set(omitted);
      growth.size = 1;
      growth.margin = margin;
      growth.outOfBag = outOfBag;
      const root: Node = {
        ...sumGradients(gradients, drawn),
        lower: Number.NEGATIVE_INFINITY,
        upper: Number.POSITIVE_INFINITY,
        id: 0,
        depth: 0,
        drawn: {start: 0, end: drawn.length},
        omitted: {start: 0, end: omitted.length},
      };
      const histogram = growth.histograms[0]!;
      fillHistogram(histogram, binned, {gradients, rows: drawn});
      growNode(growth, root, {histogram, minus: null});
      return trimTree(growth.tree, growth.size);
    },
  };
}

function growNode(growth: Growth, node: Node, sums: Sums): void {
  const {search, binned} = growth;
  const split = isTooLight(search, node) ? null : findSplit(search, node, sums);
  if (split === null || split.feature < 0) {
    const value = setLeaf(growth, node);
    addValue(growth.drawn, node.drawn, {margin: growth.margin, value});
    addValue(growth.omitted, node.omitted, {margin: growth.margin, value});
    if (growth.outOfBag) addValue(growth.omitted, node.omitted, {margin: growth.outOfBag, value});
    return;
  }
  const ids = {left: growth.size, right: growth.size + 1};
  growth.size += 2;
  setSplit(growth, node, {...split, ...ids});
  const depth = node.depth + 1;
  const [left, right] = childSums(search, node, split);
  if (depth === growth.depth || (isTooLight(search, left) && isTooLight(search, right))) {
    const values = [
      setLeaf(growth, {...left, id: ids.left}),
      setLeaf(growth, {...right, id: ids.right}),
    ] as const;
    addValuePair(growth, growth.drawn, {range: node.drawn, split, values});
    addValuePair(growth, growth.omitted, {range: node.omitted, split, values, also: growth.outOfBag});
    return;
  }
  const drawn = partRows(binned, growth.drawn, {range: node.drawn, split});
  const omitted = partRows(binned, growth.omitted, {range: node.omitted, split});
  const leftChild = {...left, id: ids.left, depth, drawn: drawn[0], omitted: omitted[0]};
  const rightChild = {...right, id: ids.right, depth, drawn: drawn[1], omitted: omitted[1]};
  const isLeftLighter = length(drawn[0]) <= length(drawn[1]);
  const [lighter, heavier] = isLeftLighter ? [leftChild, rightChild] : [rightChild, leftChild];
  const histogram = growth.histograms[depth]!;
  const rows = growth.drawn.rows.subarray(lighter.drawn.start, lighter.drawn.end);
  fillHistogram(histogram, binned, {gradients: search.gradients, rows});
  // The heavier first: the lighter's histogram must outlive the subtraction, the parent's need not.
  growNode(growth, heavier, {histogram: sums.histogram, minus: histogram});
  growNode(growth, lighter, {histogram, minus: null});
}

/** Whether two children cannot both have the weight of a leaf. */
function isTooLight({minLeafWeight}: SplitSearch, {hessian}: NodeSums): boolean {
  return hessian < 2 * minLeafWeight;
}

/** Both children's sums. A split on a monotone feature bounds their values by the middle of the two. */
function childSums({monotone, l2}: SplitSearch, node: Node, split: Split): [NodeSums, NodeSums] {
  const {lower, upper} = node;
  const left = {gradient: split.leftGradient, hessian: split.leftHessian, lower, upper};
  const right = {gradient: node.gradient - left.gradient, hessian: node.hessian - left.hessian, lower, upper};
  const direction = monotone === null ? 0 : monotone[split.feature]!;
  if (direction === 0) return [left, right];
  const middle = (nodeWeight({l2}, left) + nodeWeight({l2}, right)) / 2;
  return direction > 0
    ? [
        {...left, upper: middle},
        {...right, lower: middle},
      ]
    : [
        {...left, lower: middle},
        {...right, upper: middle},
      ];
}

function setSplit({tree, binned}: Growth, node: Node, split: Split & {left: number; right: number}): void {
  const {id} = node;
  tree.feature[id] = split.feature;
  tree.threshold[id] = binned.cuts[split.feature]![split.bin]!;
  tree.left[id] = split.left;
  tree.right[id] = split.right;
  tree.defaultLeft[id] = split.defaultLeft ? 1 : 0;
  tree.value[id] = 0;
  tree.cover[id] = node.hessian;
  tree.gain[id] = Math.min(split.gain, LARGEST_FLOAT32); // JSON has no Infinity
}

/** Makes a node a leaf and returns its value. */
function setLeaf({tree, search, learningRate}: Growth, node: NodeSums & {id: number}): number {
  const {id} = node;
  tree.feature[id] = LEAF;
  tree.threshold[id] = 0;
  tree.left[id] = LEAF;
  tree.right[id] = LEAF;
  tree.defaultLeft[id] = 0;
  tree.value[id] = learningRate * nodeWeight(search, node);
  tree.cover[id] = node.hessian;
  tree.gain[id] = 0;
  return tree.value[id]!; // in float32, as it will be predicted
}

function length({start, end}: RowRange): number {
  return end - start;
}
