// How large is an innovation of unit variance on average, whatever its sign?

import {digamma, logGamma} from "../../math/gamma.ts";

/** E|z| of a standard normal: √(2/π). */
const NORMAL = Math.sqrt(2 / Math.PI);

/**
 * E|z| of a Student t scaled to unit variance: √((ν - 2) / π) Γ((ν - 1) / 2) / Γ(ν / 2). Bollerslev, Engle
 * and Nelson (1994), section 3.
 *
 * @param nu degrees of freedom, above 2; Infinity is the normal distribution
 */
export function absoluteMoment(nu: number): number {
  if (nu === Number.POSITIVE_INFINITY) return NORMAL;
  return Math.sqrt((nu - 2) / Math.PI) * Math.exp(logGamma((nu - 1) / 2) - logGamma(nu / 2));
}

/** d E|z| / dν. */
export function absoluteMomentSlope(nu: number): number {
  if (nu === Number.POSITIVE_INFINITY) return 0;
  return (absoluteMoment(nu) * (1 / (nu - 2) + digamma((nu - 1) / 2) - digamma(nu / 2))) / 2;
}
