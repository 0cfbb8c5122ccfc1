// Where are the values of pairs of features added up?

/** One column of rows a pair of features that some leaf has, made when first met. */
export interface PairSums {
  readonly rows: number;
  readonly width: number;
  readonly columns: (Float64Array | undefined)[]; // at j * width + k, j < k
}

/** The column of a pair. */
export function pairColumn({rows, width, columns}: PairSums, j: number, k: number): Float64Array {
  const at = Math.min(j, k) * width + Math.max(j, k);
  columns[at] ??= new Float64Array(rows);
  return columns[at];
}

export function createPairSums(rows: number, width: number): PairSums {
  return {rows, width, columns: new Array<Float64Array | undefined>(width * width)};
}
