// What do tests see under the null? Series whose truth is known, with outcomes that overlap as forecasts' do.

import type {Random} from "../random.ts";

/** Sums of `horizon` neighbouring standard normals: mean 0, neighbours share all but one. */
export function overlappingNoise(
  random: Random,
  {n, horizon}: {readonly n: number; readonly horizon: number},
): Float64Array {
  const shocks = Float64Array.from({length: n + horizon}, () => random.normal());
  let sum = 0;
  for (let i = 0; i < horizon; i++) sum += shocks[i]!;
  return Float64Array.from({length: n}, (_, t) => {
    sum += shocks[t + horizon]! - shocks[t]!;
    return sum;
  });
}

/**
 * Squared returns summed over (t, t + horizon] and their true conditional expectation: log variance is a first-
 * order autoregression with a spread of .6, about that of daily volatility.
 */
export function knownVariance(
  random: Random,
  {
    n,
    horizon,
    persistence = 0.95,
  }: {readonly n: number; readonly horizon: number; readonly persistence?: number},
): {readonly outcome: Float64Array; readonly expected: Float64Array} {
  const shock = 0.6 * Math.sqrt(1 - persistence ** 2);
  const log = new Float64Array(n + horizon + 1);
  for (let t = 1; t < log.length; t++) log[t] = persistence * log[t - 1]! + shock * random.normal();
  const squares = log.map((value) => Math.exp(value) * random.normal() ** 2);
  const outcome = new Float64Array(n);
  const expected = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    let spread = 0;
    for (let i = 1; i <= horizon; i++) {
      spread = persistence ** 2 * spread + shock ** 2;
      expected[t]! += Math.exp(persistence ** i * log[t]! + spread / 2);
      outcome[t]! += squares[t + i]!;
    }
  }
  return {outcome, expected};
}
