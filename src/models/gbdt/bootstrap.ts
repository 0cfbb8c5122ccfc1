// Which rows is the next tree of a forest grown on, and which did it certainly not see?

import {createRandom} from "../../random.ts";
import type {Draw} from "./sampling.ts";

/**
 * A sequence of circular block bootstraps of [0, size): runs of `block` consecutive indices from uniform
 * starts, until there are `size`. Politis and Romano (1992). A draw's `drawn` repeats what was drawn
 * repeatedly; `omitted` holds the indices more than `clearance` away from every drawn one, whose overlapping
 * labels the tree therefore did not see through a neighbour's. The sequence depends on the arguments alone.
 */
export function createBootstrap(
  size: number,
  {block, clearance, seed}: {block: number; clearance: number; seed: number},
): () => Draw {
  const random = createRandom(seed);
  const drawn = new Int32Array(size);
  return () => {
    for (let count = 0; count < size; ) {
      const start = random.integer(size);
      for (let k = 0; k < block && count < size; k++) drawn[count++] = (start + k) % size;
    }
    drawn.sort();
    return {drawn, omitted: farFrom(drawn, {size, clearance})};
  };
}

// `drawn` is sorted: the nearest drawn indices are the last one passed and the next.
function farFrom(drawn: Int32Array, {size, clearance}: {size: number; clearance: number}): Int32Array {
  const far: number[] = [];
  let next = 0;
  for (let i = 0; i < size; i++) {
    while (next < drawn.length && drawn[next]! < i) next++;
    const after = next < drawn.length ? drawn[next]! - i : Number.POSITIVE_INFINITY;
    const before = next > 0 ? i - drawn[next - 1]! : Number.POSITIVE_INFINITY;
    if (Math.min(before, after) > clearance) far.push(i);
  }
  return Int32Array.from(far);
}
