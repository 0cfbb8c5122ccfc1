// How does one row answer every split of small trees, whichever of them it would meet?

import {LEAF, type Tree} from "./tree.ts";

/** A tree of more splits would need a table of more than 2^8 entries. */
export const MOST_SPLITS = 8;

export interface SplitAnswers {
  /** Each tree's splits, as nodes: the first one's answer is the highest bit. */
  readonly splits: readonly (readonly number[])[];
  /**
   * A number a tree below 2^splits, a bit a split: 1 where the row goes left. The same array each time.
   *
   * @param row float32 features, NaN where missing
   */
  answer(row: Float32Array): Uint16Array;
}

/**
 * To ask all splits costs less than to find the way to a leaf, where each step waits for the one before and every other
 * branch is mispredicted; tables by answers (of leaves, or sums of them) then take one look-up a tree.
 *
 * @returns undefined where some tree has more than 8 splits
 */
export function prepareAnswers(trees: readonly Tree[]): SplitAnswers | undefined {
  const splits = trees.map(({feature}) => [...feature.keys()].filter((node) => feature[node] !== LEAF));
  if (splits.some(({length}) => length > MOST_SPLITS)) return undefined;
  const nodes = splits.flatMap((own, t) => own.map((node) => ({tree: trees[t]!, node})));
  const feature = Int32Array.from(nodes, ({tree, node}) => tree.feature[node]!);
  const threshold = Float32Array.from(nodes, ({tree, node}) => tree.threshold[node]!);
  const missingLeft = Uint8Array.from(nodes, ({tree, node}) => tree.defaultLeft[node]!);
  const counts = Uint8Array.from(splits, ({length}) => length);
  const answers = new Uint16Array(trees.length);

  return {
    splits,
    answer(row) {
      let split = 0;
      for (let tree = 0; tree < answers.length; tree++) {
        let bits = 0;
        for (const end = split + counts[tree]!; split < end; split++) {
          const value = row[feature[split]!]!;
          const left =
            Number(value < threshold[split]!) | (Number(Number.isNaN(value)) & missingLeft[split]!);
          bits = (bits << 1) | left;
        }
        answers[tree] = bits;
      }
      return answers;
    },
  };
}

/** Whether a split is answered with left. */
export function goesLeft(answers: number, splits: readonly number[], node: number): boolean {
  return ((answers >> (splits.length - 1 - splits.indexOf(node))) & 1) === 1;
}
