// Can these returns be fitted, and in what unit do they move?

import type {GarchSpecification} from "./specification.ts";

/** Fewer sessions than this say next to nothing about how a variance moves. */
export const LEAST_SESSIONS = 100;
/** The first session has no return. */
export const LEAST_RETURNS = LEAST_SESSIONS - 1;

/**
 * Their mean, and the root of their mean square about it (about 0 where the mean is zero): the unit of a fit.
 *
 * @throws {RangeError} if they cannot be fitted, naming the remedy
 */
export function measureReturns(
  returns: Float64Array,
  {mean, presampleVariance}: {mean: GarchSpecification["mean"]; presampleVariance?: number},
): {average: number; scale: number} {
  const n = returns.length;
  if (n < LEAST_RETURNS) {
    throw new RangeError(
      `Cannot fit a GARCH model: it needs at least ${LEAST_RETURNS} returns (${LEAST_SESSIONS} sessions), there are ${n}; give a longer history`,
    );
  }
  if (presampleVariance !== undefined && !(presampleVariance > 0 && Number.isFinite(presampleVariance))) {
    throw new RangeError(
      `Cannot fit a GARCH model: presampleVariance must be > 0, current value is ${presampleVariance}`,
    );
  }
  let sum = 0;
  let greatest = 0;
  for (let t = 0; t < n; t++) {
    const r = returns[t]!;
    if (!Number.isFinite(r)) {
      throw new RangeError(
        `Cannot fit a GARCH model: return ${t} of ${n} is ${r}; leave sessions without a return out`,
      );
    }
    sum += r;
    greatest = Math.max(greatest, Math.abs(r));
  }
  const average = sum / n;
  const scale = Math.sqrt(meanSquare(returns, mean === "zero" ? 0 : average));
  if (!(scale > ROUNDING * greatest)) {
    throw new RangeError(
      `Cannot fit a GARCH model: the ${n} returns do not vary, all are ${returns[0]}; check the prices`,
    );
  }
  return {average, scale};
}

/** Returns that differ by less than this part of the greatest differ by rounding. */
const ROUNDING = 1e-10;

/** Mean of (r - centre)². */
export function meanSquare(returns: Float64Array, centre: number): number {
  let squares = 0;
  for (let t = 0; t < returns.length; t++) squares += (returns[t]! - centre) ** 2;
  return squares / returns.length;
}
