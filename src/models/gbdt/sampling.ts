// Which rows, or columns, is the next tree grown on?

import {createRandom} from "../../random.ts";

/** Indices in increasing order. The arrays are overwritten by the next draw. */
export interface Draw {
  readonly drawn: Int32Array;
  readonly left: Int32Array;
}

/**
 * A sequence of draws without replacement of round(share x size) of the indices [0, size), at least one. The
 * sequence depends on the arguments alone, so that it can be drawn again after the fit.
 */
export function createSampler(size: number, {share, seed}: {share: number; seed: number}): () => Draw {
  const count = Math.max(1, Math.round(share * size));
  const drawn = Int32Array.from({length: count}, (_, i) => i);
  const left = new Int32Array(size - count);
  if (count === size) return () => ({drawn, left});

  const random = createRandom(seed);
  const order = Int32Array.from({length: size}, (_, i) => i);
  const isMarked = new Uint8Array(size);
  const fewer = Math.min(count, size - count); // mark the smaller part

  return () => {
    isMarked.fill(0);
    // The start of Fisher and Yates's shuffle: any order will do to begin with, so the last draw's stays.
    for (let i = 0; i < fewer; i++) {
      const j = i + random.integer(size - i);
      const index = order[j]!;
      order[j] = order[i]!;
      order[i] = index;
      isMarked[index] = 1;
    }
    const [marked, unmarked] = fewer === count ? [drawn, left] : [left, drawn];
    let m = 0;
    let u = 0;
    for (let i = 0; i < size; i++) {
      if (isMarked[i] === 1) marked[m++] = i;
      else unmarked[u++] = i;
    }
    return {drawn, left};
  };
}
