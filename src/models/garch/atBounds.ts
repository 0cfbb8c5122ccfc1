// Which parameters of a fit lie on a bound?

import {fromVector, type GarchSpecification, NU} from "./specification.ts";
import {GREATEST_NEWS, GREATEST_NU, GREATEST_PERSISTENCE, LEAST_NU, LEAST_OMEGA} from "./transform.ts";

export type GarchBound = "omega" | "alpha" | "alpha + gamma" | "beta" | "gamma" | "persistence" | "nu";

/** The bounds on which parameters lie, those of returns of unit variance. */
export function atBounds(
  {variance, innovations}: GarchSpecification,
  parameters: Float64Array,
): GarchBound[] {
  const {omega, alpha, gamma, beta} = fromVector(parameters);
  const nu = parameters[NU]!;
  const linear = variance !== "egarch";
  const kept = linear ? alpha + gamma / 2 + beta : Math.abs(beta);
  const most = GREATEST_NEWS - NEGLIGIBLE;
  const found: Record<GarchBound, boolean> = {
    omega: linear && omega < 2 * LEAST_OMEGA,
    alpha: linear ? alpha < NEGLIGIBLE : Math.abs(alpha) > most,
    "alpha + gamma": variance === "gjr" && alpha + gamma < NEGLIGIBLE,
    gamma: !linear && Math.abs(gamma) > most,
    beta: linear && beta < NEGLIGIBLE,
    persistence: kept > GREATEST_PERSISTENCE - NEGLIGIBLE,
    nu: innovations === "student" && (nu > 0.99 * GREATEST_NU || nu < 1.001 * LEAST_NU),
  };
  return (Object.keys(found) as GarchBound[]).filter((name) => found[name]);
}

/** So near its bound a parameter lies on it. */
const NEGLIGIBLE = 1e-5;
