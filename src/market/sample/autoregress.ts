// How does a quantity that returns to its mean take one step?

import type {Random} from "../../random.ts";

/** A Gaussian autoregression with mean 0. */
export interface Autoregression {
  readonly persistence: number;
  readonly deviation: number; // stationary
}

/** A draw from the stationary law. */
export function stationaryDraw({deviation}: Autoregression, random: Random): number {
  return deviation * random.normal();
}

/** x' = persistence x + sqrt(1 - persistence²) deviation u, u standard normal. */
export function autoregress(
  value: number,
  {persistence, deviation, random}: Autoregression & {random: Random},
): number {
  return persistence * value + deviation * Math.sqrt(1 - persistence * persistence) * random.normal();
}
