// What is kept of a grown tree? Flat arrays, one entry a node, in the precision XGBoost's files have.

export const LEAF = -1;

/**
 * A binary regression tree; node 0 is the root. Values are float32 so that a tree survives its JSON form and
 * XGBoost unchanged. At a leaf `feature` is LEAF, the children are -1, and only `value` and `cover` mean anything.
 */
export interface Tree {
  readonly feature: Int32Array; // column to test
  readonly threshold: Float32Array; // value < threshold goes left
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly defaultLeft: Uint8Array; // 1 where a missing value goes left
  readonly value: Float32Array; // added to the margin at a leaf; 0 inside
  readonly cover: Float32Array; // sum of hessians of the training rows that came by
  readonly gain: Float32Array; // loss reduction of the split (twice that, as XGBoost counts it); 0 at a leaf
}

export type LossName = "squared" | "gamma";

/** A sum of trees. Plain data: it can be posted to a thread or cloned. */
export interface BoostedTrees {
  readonly loss: LossName;
  readonly width: number; // number of features
  /** The constant prediction before the first tree, float32: the mean itself, also where the link is a log. */
  readonly baseScore: number;
  readonly trees: readonly Tree[];
}

/**
 * Adds a tree's leaf values to margins.
 *
 * @param features row-major float32, NaN where missing
 * @param to.margin one value a row; a Float32Array rounds after every tree, as XGBoost does
 * @param to.rows the rows to visit; all where absent
 */
export function addTree(
  tree: Tree,
  features: Float32Array,
  to: {width: number; margin: Float64Array | Float32Array; rows?: Int32Array},
): void {
  const {margin, width, rows} = to;
  const {feature, threshold, left, right, defaultLeft, value} = tree;
  const count = rows ? rows.length : margin.length;
  for (let k = 0; k < count; k++) {
    const row = rows ? rows[k]! : k;
    const start = row * width;
    let node = 0;
    for (let column = feature[0]!; column !== LEAF; column = feature[node]!) {
      const x = features[start + column]!;
      const goesLeft = x < threshold[node]! || (defaultLeft[node] === 1 && Number.isNaN(x));
      node = goesLeft ? left[node]! : right[node]!;
    }
    margin[row] = margin[row]! + value[node]!;
  }
}

/** Splits between a node and the deepest leaf below it. */
export function treeDepth(tree: Tree, node = 0): number {
  if (tree.feature[node] === LEAF) return 0;
  return 1 + Math.max(treeDepth(tree, tree.left[node]!), treeDepth(tree, tree.right[node]!));
}

/** Room for a tree of so many nodes. */
export function createTree(nodes: number): Tree {
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

/** The first nodes of a tree, in memory of their own. */
export function trimTree(tree: Tree, nodes: number): Tree {
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
