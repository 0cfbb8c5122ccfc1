// How do boosted trees become a plain JSON value, and come back the same to the bit?

import type {BoostedTrees, LossName, Tree} from "./gbdt/tree.ts";

/** A `Tree` with its typed arrays as arrays of numbers. */
export interface PlainTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly defaultLeft: readonly number[];
  readonly value: readonly number[];
  readonly cover: readonly number[];
  readonly gain: readonly number[];
}

export interface PlainTrees {
  readonly loss: LossName;
  readonly width: number;
  readonly baseScore: number;
  readonly trees: readonly PlainTree[];
}

/**
 * JSON.stringify writes a typed array as an object: here are arrays, in digits that float32 reads back
 * exactly.
 */
export function toPlainTrees({loss, width, baseScore, trees}: BoostedTrees): PlainTrees {
  return {loss, width, baseScore: digits(baseScore), trees: trees.map(toPlainTree)};
}

/** The trees again, bit for bit. */
export function fromPlainTrees({loss, width, baseScore, trees}: PlainTrees): BoostedTrees {
  return {loss, width, baseScore: Math.fround(baseScore), trees: trees.map(fromPlainTree)};
}

function toPlainTree(tree: Tree): PlainTree {
  return {
    feature: [...tree.feature],
    threshold: Array.from(tree.threshold, digits),
    left: [...tree.left],
    right: [...tree.right],
    defaultLeft: [...tree.defaultLeft],
    value: Array.from(tree.value, digits),
    cover: Array.from(tree.cover, digits),
    gain: Array.from(tree.gain, digits),
  };
}

function fromPlainTree(tree: PlainTree): Tree {
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float32Array.from(tree.threshold),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    defaultLeft: Uint8Array.from(tree.defaultLeft),
    value: Float32Array.from(tree.value),
    cover: Float32Array.from(tree.cover),
    gain: Float32Array.from(tree.gain),
  };
}

// Nine digits tell any two float32 apart (IEEE 754, section 5.12.2), and halve the text.
function digits(value: number): number {
  return Number(value.toPrecision(9));
}
