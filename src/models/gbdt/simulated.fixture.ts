// Numbers whose law is known, for tests and benchmarks.

import {createMatrix, type Matrix} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";

export interface Simulated {
  readonly features: Matrix;
  /** signal + noise x standard normal. */
  readonly target: Float64Array;
  /** exp(target): positive, for gamma loss. */
  readonly positive: Float64Array;
  /** What a perfect model would predict of `target`. */
  readonly signal: Float64Array;
}

/** Standard normal features, a share of them missing, and a smooth signal with an interaction in the first four. */
export function simulate(
  rows: number,
  {width, seed, missing = 0, noise = 0.5}: {width: number; seed: number; missing?: number; noise?: number},
): Simulated {
  const random = createRandom(seed);
  const values = new Float64Array(rows * width);
  const signal = new Float64Array(rows);
  const target = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from({length: Math.max(4, width)}, () => random.normal());
    for (let j = 0; j < width; j++) values[i * width + j] = random.uniform() < missing ? Number.NaN : row[j]!;
    signal[i] = Math.sin(2 * row[0]!) + 0.5 * row[1]! + (row[2]! > 0 ? row[3]! : 0);
    target[i] = signal[i]! + noise * random.normal();
  }
  return {features: createMatrix(values, width), target, positive: target.map(Math.exp), signal};
}
