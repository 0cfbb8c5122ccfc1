// How far may the estimated parameters be from the true ones?

import {symmetricInverse} from "../../math/symmetricInverse.ts";
import type {GarchFit} from "./fitGarch.ts";
import {createGarchLikelihood} from "./likelihood.ts";
import {garchScores, outerProducts} from "./scores.ts";
import {freePositions, type GarchParameter, parameterNames, toVector, WIDTH} from "./specification.ts";

export type ParameterErrors = Readonly<Partial<Record<GarchParameter, number>>>;

/** Of the estimated parameters; NaN where the matrix behind them is not positive definite. */
export interface GarchStandardErrors {
  /** Root of the diagonal of H^-1, H the Hessian of -ln likelihood: right if the model is. */
  readonly hessian: ParameterErrors;
  /** H^-1 (Σ s s') H^-1: right if the equation of the variance is, whatever the innovations. */
  readonly sandwich: ParameterErrors;
  /** (Σ s s')^-1, s the scores: right if the model is, and the poorest of the three in small samples. */
  readonly outerProduct: ParameterErrors;
}

/**
 * Asymptotic standard errors at a fit, in the units of its parameters. The Hessian is the central difference
 * of the analytic gradient, a thousandth of a standard error each way; errors of the difference are of the
 * order of 1e-6. Bollerslev and Wooldridge (1992) for the sandwich; Berndt, Hall, Hall and Hausman (1974)
 * for the outer product. They mean nothing for a fit with a parameter on a bound.
 *
 * @param returns those of the fit
 * @throws {RangeError} if there are more or fewer returns than were fitted
 */
export function garchStandardErrors(fit: GarchFit, returns: Float64Array): GarchStandardErrors {
  if (returns.length !== fit.observations) {
    throw new RangeError(
      `Cannot compute standard errors: the fit saw ${fit.observations} returns, there are ${returns.length}; give the same`,
    );
  }
  const {specification} = fit;
  const presample = fit.presampleGiven ? fit.presampleVariance : Number.NaN;
  const parameters = toVector(fit.parameters);
  const products = outerProducts(garchScores(specification, parameters, {returns, presample}));
  const positions = freePositions(specification);
  const width = positions.length;
  const steps = positions.map((_, i) => STEP / Math.sqrt(products[i * width + i]!));
  const {loss} = createGarchLikelihood(specification, {returns, presample});
  const hessian = differenceGradient(loss, {parameters, positions, steps});
  const inverse = symmetricInverse(hessian, width);
  const names = parameterNames(specification);
  return {
    hessian: errors(names, inverse),
    sandwich: errors(names, inverse && sandwich(inverse, products, width)),
    outerProduct: errors(names, symmetricInverse(products, width)),
  };
}

/** Of the standard error that a parameter would have if the others were known. */
const STEP = 1e-3;

function differenceGradient(
  loss: (parameters: Float64Array, gradient: Float64Array) => number,
  {parameters, positions, steps}: {parameters: Float64Array; positions: number[]; steps: number[]},
): Float64Array {
  const width = positions.length;
  const hessian = new Float64Array(width * width);
  const above = new Float64Array(WIDTH);
  const below = new Float64Array(WIDTH);
  positions.forEach((position, i) => {
    const step = steps[i]!;
    const moved = parameters.slice();
    moved[position] = parameters[position]! + step;
    loss(moved, above);
    moved[position] = parameters[position]! - step;
    loss(moved, below);
    positions.forEach((other, j) => {
      const slope = (above[other]! - below[other]!) / (2 * step);
      hessian[i * width + j]! += slope / 2; // the mean of both triangles
      hessian[j * width + i]! += slope / 2;
    });
  });
  return hessian;
}

function sandwich(inverse: Float64Array, products: Float64Array, width: number): Float64Array {
  return multiply(multiply(inverse, products, width), inverse, width);
}

function multiply(a: Float64Array, b: Float64Array, width: number): Float64Array {
  return a.map((_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += a[i * width + k]! * b[k * width + j]!;
    return sum;
  });
}

function errors(names: readonly GarchParameter[], covariance: Float64Array | null): ParameterErrors {
  const width = names.length;
  return Object.fromEntries(
    names.map((name, i) => [name, covariance ? Math.sqrt(covariance[i * width + i]!) : Number.NaN]),
  );
}
