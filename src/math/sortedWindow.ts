// Which value has a given rank among the latest so many?

/** The latest values of a series in the order of their size. Infinite values have a rank, NaN has none. */
export interface SortedWindow {
  size(): number;
  /** Takes a value in, and the oldest out where the window is full. */
  push(value: number): void;
  /** The value of a rank from below, 1 the smallest. */
  smallest(rank: number): number;
  /** The value of a rank from above, 1 the largest. */
  largest(rank: number): number;
  /** How many values are smaller. */
  countBelow(value: number): number;
}

/**
 * An empty window. A push costs a binary search and a move of the values above: O(log n + n), with a small constant.
 *
 * @param capacity values that count, 1 or more; Infinity for all
 */
export function createSortedWindow(capacity: number): SortedWindow {
  const inTime: number[] = [];
  const sorted: number[] = [];
  let oldest = 0;

  function countBelow(value: number): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    size: () => sorted.length,
    push(value) {
      inTime.push(value);
      sorted.splice(countBelow(value), 0, value);
      if (sorted.length > capacity) sorted.splice(countBelow(inTime[oldest++]!), 1);
    },
    smallest: (rank) => sorted[rank - 1]!,
    largest: (rank) => sorted[sorted.length - rank]!,
    countBelow,
  };
}
