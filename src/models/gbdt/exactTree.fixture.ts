// Which tree does an exhaustive search grow? The slow twin of the histogram grower: no bins, no subtraction.

import type {Matrix} from "../../math/matrix.ts";

export interface ExactOptions {
  readonly depth: number;
  readonly l2: number;
  readonly minLeafWeight: number;
  readonly minGain: number;
}

interface Candidate {
  readonly gain: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The value -G / (H + l2) that each row's leaf has, from all splits of all distinct values, both ways for missing. */
export function exactTreeValues(
  {values, rows, width}: Matrix,
  {gradient, hessian}: {gradient: Float64Array; hessian: Float64Array},
  options: ExactOptions,
): Float64Array {
  const result = new Float64Array(rows);
  grow(
    Array.from({length: rows}, (_, i) => i),
    0,
  );
  return result;

  function sums(of: readonly number[]): {g: number; h: number} {
    let [g, h] = [0, 0];
    for (const i of of) {
      g += gradient[i]!;
      h += hessian[i]!;
    }
    return {g, h};
  }

  function score(of: readonly number[]): number {
    const {g, h} = sums(of);
    return g ** 2 / (h + options.l2);
  }

  function grow(node: readonly number[], depth: number): void {
    const split = depth < options.depth ? bestSplit(node) : undefined;
    if (split) {
      grow(split.left, depth + 1);
      grow(split.right, depth + 1);
      return;
    }
    const {g, h} = sums(node);
    for (const i of node) result[i] = -g / (h + options.l2);
  }

  function bestSplit(node: readonly number[]): Candidate | undefined {
    let best: Candidate | undefined;
    for (let j = 0; j < width; j++) {
      const at = (i: number) => values[i * width + j]!;
      const missing = node.filter((i) => Number.isNaN(at(i)));
      const distinct = new Set(node.map(at).filter((x) => !Number.isNaN(x)));
      for (const most of distinct) {
        const low = node.filter((i) => at(i) <= most);
        const high = node.filter((i) => at(i) > most);
        consider(low, [...high, ...missing]);
        if (missing.length > 0) consider([...low, ...missing], high);
      }
    }
    return best;

    function consider(left: readonly number[], right: readonly number[]): void {
      if (left.length === 0 || right.length === 0) return;
      if (sums(left).h < options.minLeafWeight || sums(right).h < options.minLeafWeight) return;
      const gain = score(left) + score(right) - score(node);
      if (gain > options.minGain + 1e-9 && gain > (best?.gain ?? 0) + 1e-9) best = {gain, left, right};
    }
  }
}
