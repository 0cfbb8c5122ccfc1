// Which GARCH models are there, and what are their parameters?

/** Recursion of the variance, distribution of the innovations z = e / σ (mean 0, variance 1), mean of the returns. */
export interface GarchSpecification {
  readonly variance: "garch" | "gjr" | "egarch";
  readonly innovations: "normal" | "student";
  readonly mean: "constant" | "zero";
}

/**
 * Of returns as they were given: `mu` in their unit, `omega` in its square (egarch: of the log variance).
 * `gamma` is 0 for garch, `mu` is 0 for a zero mean, `nu` (degrees of freedom, above 2) is null for normal
 * innovations.
 */
export interface GarchParameters {
  readonly mu: number;
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly beta: number;
  readonly nu: number | null;
}

export type GarchParameter = keyof GarchParameters;

/** Positions in the vector of all parameters that the kernels read, free or not. */
export const MU = 0;
export const OMEGA = 1;
export const ALPHA = 2;
export const GAMMA = 3;
export const BETA = 4;
export const NU = 5;
export const WIDTH = 6;

const NAMES: readonly GarchParameter[] = ["mu", "omega", "alpha", "gamma", "beta", "nu"];

/** Positions of the parameters that are estimated, in order. */
export function freePositions({variance, innovations, mean}: GarchSpecification): number[] {
  const fixed = [
    mean === "zero" ? MU : -1,
    variance === "garch" ? GAMMA : -1,
    innovations === "normal" ? NU : -1,
  ];
  return Array.from(NAMES.keys()).filter((at) => !fixed.includes(at));
}

/** Names of the parameters that are estimated, in order. */
export function parameterNames(specification: GarchSpecification): GarchParameter[] {
  return freePositions(specification).map((at) => NAMES[at]!);
}

/** All six in the order of the positions; normal innovations have infinitely many degrees of freedom. */
export function toVector({mu, omega, alpha, gamma, beta, nu}: GarchParameters): Float64Array {
  return Float64Array.of(mu, omega, alpha, gamma, beta, nu ?? Number.POSITIVE_INFINITY);
}

/** The parameters a vector holds, as plain JSON. */
export function fromVector(vector: Float64Array): GarchParameters {
  const nu = vector[NU]!;
  return {
    mu: vector[MU]!,
    omega: vector[OMEGA]!,
    alpha: vector[ALPHA]!,
    gamma: vector[GAMMA]!,
    beta: vector[BETA]!,
    nu: Number.isFinite(nu) ? nu : null,
  };
}

/**
 * Share of a shock that stays in the next session's variance: α + γ/2 + β, innovations being symmetric;
 * egarch: β, of the log variance.
 */
export function persistence(
  {variance}: Pick<GarchSpecification, "variance">,
  parameters: GarchParameters,
): number {
  const {alpha, gamma, beta} = parameters;
  return variance === "egarch" ? beta : alpha + gamma / 2 + beta;
}
