// How is one tree grown? Depth first, each node split where the loss falls most, until it is too deep or too light.

import {LARGEST_FLOAT32} from "../../math/matrix.ts";
import type {BinnedFeatures} from "./binning.ts";
import {createHistogram, fillHistogram, type Gradients, sumGradients} from "./histogram.ts";
import {findSplit, type NodeSums, nodeWeight, type Split, type SplitSearch} from "./splitting.ts";
import {LEAF, type Tree} from "./tree.ts";

export interface Grower {
  /** Grows a tree on the given rows, and adds its leaf values to their margins. */
  grow(rows: Int32Array, margin: Float64Array): Tree;
}

export interface GrowerOptions {
  readonly search: SplitSearch;
  readonly depth: number;
  readonly learningRate: number;
}

/** A node to split: its sums, its rows [start, end) of the growth's list, and its histogram. */
interface Node extends NodeSums {
  readonly id: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  /** Its own histogram; its parent's where `minus` is given, which is its sibling's. */
  readonly histogram: Float64Array;
  readonly minus: Float64Array | null;
}

/** Memory for a tree on its way; made once for all trees. */
interface Growth extends GrowerOptions {
  readonly binned: BinnedFeatures;
  readonly gradients: Gradients;
  readonly tree: Tree; // room for the largest
  size: number; // nodes so far
  readonly rows: Int32Array; // each node's rows side by side
  readonly spill: Int32Array; // right-hand rows while parting
  readonly histograms: readonly Float64Array[]; // one a depth: the lighter sibling's there
  margin: Float64Array;
}

/**
 * A grower of trees on binned features, whose gradients the caller renews before each tree.
 *
 * A node's histogram is filled for the lighter child only; the heavier child's is the difference, taken in the
 * parent's memory, so that a tree needs one histogram a depth.
 */
export function createGrower(options: GrowerOptions): Grower {
  const {search, depth} = options;
  const {binned, gradients} = search;
  const most = Math.min(2 ** (depth + 1) - 1, 2 * binned.rows - 1);
  const growth: Growth = {
    ...options,
    binned,
    gradients,
    tree: emptyTree(most),
    size: 0,
    rows: new Int32Array(binned.rows),
    spill: new Int32Array(binned.rows),
    histograms: Array.from({length: depth}, () => createHistogram(binned, gradients)),
    margin: new Float64Array(0),
  };
  return {
    grow(rows, margin) {
      growth.rows.set(rows);
      growth.margin = margin;
      growth.size = 1;
      const [start, end] = [0, rows.length];
      const sums = sumGradients(gradients, {rows: growth.rows, start, end});
      const histogram = growth.histograms[0]!;
      fillHistogram(histogram, binned, {gradients, rows: growth.rows, start, end});
      const bounds = {lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY};
      growNode(growth, {...sums, ...bounds, id: 0, depth: 0, start, end, histogram, minus: null});
      return keep(growth.tree, growth.size);
    },
  };
}

function growNode(growth: Growth, node: Node): void {
  const {search, tree} = growth;
  const split = node.hessian < 2 * search.minLeafWeight ? null : findSplit(search, node, node);
  if (split === null || split.feature < 0) {
    const value = setLeaf(growth, node.id, node);
    for (let k = node.start; k < node.end; k++) growth.margin[growth.rows[k]!]! += value;
    return;
  }
  const {id} = node;
  const left = growth.size;
  const right = growth.size + 1;
  growth.size += 2;
  tree.feature[id] = split.feature;
  tree.threshold[id] = search.binned.cuts[split.feature]![split.bin]!;
  tree.left[id] = left;
  tree.right[id] = right;
  tree.defaultLeft[id] = split.defaultLeft ? 1 : 0;
  tree.value[id] = 0;
  tree.cover[id] = node.hessian;
  tree.gain[id] = Math.min(split.gain, LARGEST_FLOAT32); // JSON has no Infinity

  const [leftSums, rightSums] = childSums(search, node, split);
  if (node.depth + 1 === growth.depth) {
    addLeafPair(growth, node, split, setLeaf(growth, left, leftSums), setLeaf(growth, right, rightSums));
    return;
  }
  const middle = partRows(growth, node, split);
  const depth = node.depth + 1;
  const leftRows = {...leftSums, id: left, depth, start: node.start, end: middle};
  const rightRows = {...rightSums, id: right, depth, start: middle, end: node.end};
  const isLeftLighter = middle - node.start <= node.end - middle;
  const [lighter, heavier] = isLeftLighter ? [leftRows, rightRows] : [rightRows, leftRows];
  const histogram = growth.histograms[depth]!;
  const {binned, gradients, rows} = growth;
  fillHistogram(histogram, binned, {gradients, rows, start: lighter.start, end: lighter.end});
  // The heavier first: the lighter's histogram must outlive the subtraction, the parent's need not.
  growNode(growth, {...heavier, histogram: node.histogram, minus: histogram});
  growNode(growth, {...lighter, histogram, minus: null});
}

/** Both children's sums. A split on a monotone feature bounds their values by the middle of the two. */
function childSums({monotone, ...search}: SplitSearch, node: Node, split: Split): [NodeSums, NodeSums] {
  const {lower, upper} = node;
  const left = {gradient: split.leftGradient, hessian: split.leftHessian, lower, upper};
  const right = {gradient: node.gradient - left.gradient, hessian: node.hessian - left.hessian, lower, upper};
  const direction = monotone === null ? 0 : monotone[split.feature]!;
  if (direction === 0) return [left, right];
  const middle = (nodeWeight(search, left) + nodeWeight(search, right)) / 2;
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

/** Makes a node a leaf and returns its value. */
function setLeaf({tree, search, learningRate}: Growth, id: number, sums: NodeSums): number {
  tree.feature[id] = LEAF;
  tree.threshold[id] = 0;
  tree.left[id] = LEAF;
  tree.right[id] = LEAF;
  tree.defaultLeft[id] = 0;
  tree.value[id] = learningRate * nodeWeight(search, sums);
  tree.cover[id] = sums.hessian;
  tree.gain[id] = 0;
  return tree.value[id]!; // in float32, as it will be predicted
}

// A row goes left if its bin is at most the split's. The missing bin, 255, is above all others; where the missing
// go left, adding 1 to both sides modulo 256 puts it below all others instead.

/** Two leaves at the last depth: their rows need not be parted to be given a value. */
function addLeafPair({binned, rows, margin}: Growth, node: Node, split: Split, left: number, right: number) {
  const {columns} = binned;
  const column = split.feature * binned.rows;
  const shift = split.defaultLeft ? 1 : 0;
  const limit = split.bin + shift;
  for (let k = node.start; k < node.end; k++) {
    const row = rows[k]!;
    margin[row]! += ((columns[column + row]! + shift) & 255) <= limit ? left : right;
  }
}

/** Puts the left child's rows before the right child's, each in their old order; returns where the right begin. */
function partRows({binned, rows, spill}: Growth, node: Node, split: Split): number {
  const {columns} = binned;
  const column = split.feature * binned.rows;
  const shift = split.defaultLeft ? 1 : 0;
  const limit = split.bin + shift;
  let middle = node.start;
  let spilled = 0;
  for (let k = node.start; k < node.end; k++) {
    const row = rows[k]!;
    const isLeft = ((columns[column + row]! + shift) & 255) <= limit ? 1 : 0;
    rows[middle] = row; // both are written, one is kept: no branch to mispredict
    spill[spilled] = row;
    middle += isLeft;
    spilled += 1 - isLeft;
  }
  rows.set(spill.subarray(0, spilled), middle);
  return middle;
}

function emptyTree(nodes: number): Tree {
  return {
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
  };
}

function keep(tree: Tree, nodes: number): Tree {
  return {
    feature: tree.feature.slice(0, nodes),
    threshold: tree.threshold.slice(0, nodes),
    left: tree.left.slice(0, nodes),
    right: tree.right.slice(0, nodes),
    defaultLeft: tree.defaultLeft.slice(0, nodes),
    value: tree.value.slice(0, nodes),
    cover: tree.cover.slice(0, nodes),
    gain: tree.gain.slice(0, nodes),
  };
}
