// Which rows, or columns, is the next tree grown on?

import {createRandom} from "../../random.ts";

/** Indices in increasing order. The arrays are overwritten by the next draw. */
export interface Draw {
  readonly drawn: Int32Array;
  readonly omitted: Int32Array;
}

export interface Sampler {
  draw(): Draw;
  /** How many of the draws so far omitted each index. */
  timesOmitted(): Int32Array;
}

/**
 * A sequence of draws without replacement of round(share x blocks) of the blocks of consecutive indices in
 * [0, size), at least one; the last block may be shorter. The sequence depends on the arguments alone, so that it
 * can be drawn again after the fit.
 */
export function createSampler(
  size: number,
  {share, seed, block = 1}: {share: number; seed: number; block?: number | undefined},
): Sampler {
  const blocks = Math.ceil(size / block);
  const count = Math.max(1, Math.round(share * blocks));
  if (count === blocks) {
    const every = {drawn: ascending(size), omitted: new Int32Array(0)};
    return {draw: () => every, timesOmitted: () => new Int32Array(size)};
  }

  const order = ascending(blocks);
  const random = createRandom(seed);
  const isMarked = new Uint8Array(blocks);
  const timesMarked = new Int32Array(blocks);
  let draws = 0;
  const fewer = Math.min(count, blocks - count); // the smaller part is marked
  const marked = new Int32Array(size);
  const unmarked = new Int32Array(size);

  return {draw, timesOmitted};

  function draw(): Draw {
    draws++;
    isMarked.fill(0);
    // The start of Fisher and Yates's shuffle: any order will do to begin with, so the last draw's stays.
    for (let i = 0; i < fewer; i++) {
      const j = i + random.integer(blocks - i);
      const index = order[j]!;
      order[j] = order[i]!;
      order[i] = index;
      isMarked[index] = 1;
      timesMarked[index]! += 1;
    }
    let m = 0;
    if (block === 1) {
      for (let i = 0; i < size; i++) {
        marked[m] = i; // both are written, one is kept: no branch to mispredict
        unmarked[i - m] = i;
        m += isMarked[i]!;
      }
    } else {
      for (let b = 0, i = 0; b < blocks; b++) {
        const end = Math.min(size, i + block);
        if (isMarked[b] === 1) for (; i < end; i++) marked[m++] = i;
        else for (; i < end; i++) unmarked[i - m] = i;
      }
    }
    const parts = [marked.subarray(0, m), unmarked.subarray(0, size - m)] as const;
    const [drawn, omitted] = fewer === count ? parts : [parts[1], parts[0]];
    return {drawn, omitted};
  }

  function timesOmitted(): Int32Array {
    const times = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      const marked = timesMarked[Math.floor(i / block)]!;
      times[i] = fewer === count ? draws - marked : marked;
    }
    return times;
  }
}

function ascending(size: number): Int32Array {
  const indices = new Int32Array(size);
  for (let i = 0; i < size; i++) indices[i] = i;
  return indices;
}
