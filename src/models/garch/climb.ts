// How does the optimiser see the likelihood?

import {symmetricInverse} from "../../math/symmetricInverse.ts";
import type {GarchLikelihood} from "./likelihood.ts";
import {garchScores, outerProducts} from "./scores.ts";
import {freePositions, type GarchSpecification, WIDTH} from "./specification.ts";
import type {Transform} from "./transform.ts";

export interface Climb {
  /** -ln likelihood at free numbers; writes its gradient in them. */
  objective(free: Float64Array, gradient: Float64Array): number;
  /** Of the latest call. */
  latestValue(): number;
  parametersAt(free: Float64Array): Float64Array;
}

/** The likelihood as a function of numbers that may be anything. */
export function createClimb(likelihood: GarchLikelihood, transform: Transform): Climb {
  const {width} = transform;
  const parameters = new Float64Array(WIDTH);
  const slopes = new Float64Array(WIDTH);
  const jacobian = new Float64Array(WIDTH * width);
  let latest = Number.NaN;
  return {
    objective(free: Float64Array, gradient: Float64Array): number {
      transform.toParameters(free, parameters, jacobian);
      latest = likelihood.loss(parameters, slopes);
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let i = 0; i < WIDTH; i++) {
          const part = jacobian[i * width + j]!;
          if (part !== 0) sum += part * slopes[i]!; // slopes of fixed parameters mean nothing
        }
        gradient[j] = sum;
      }
      return latest;
    },
    latestValue: () => latest,
    parametersAt(free: Float64Array): Float64Array {
      transform.toParameters(free, parameters, jacobian);
      return parameters.slice();
    },
  };
}

/**
 * The inverse outer product of the scores in free numbers, row-major: the inverse Hessian, if the model is
 * right (Berndt, Hall, Hall and Hausman 1974). BFGS corrects it from there. Undefined where it is singular.
 */
export function scoreCurvature(
  specification: GarchSpecification,
  {
    free,
    transform,
    returns,
    presample,
  }: {free: Float64Array; transform: Transform; returns: Float64Array; presample: number},
): Float64Array | undefined {
  const {width} = transform;
  const parameters = new Float64Array(WIDTH);
  const jacobian = new Float64Array(WIDTH * width);
  transform.toParameters(free, parameters, jacobian);
  const products = outerProducts(garchScores(specification, parameters, {returns, presample}));
  const rows = freePositions(specification);
  const matrix = new Float64Array(width * width); // J' (Σ s s') J
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++)
          sum += jacobian[rows[i]! * width + a]! * products[i * width + j]! * jacobian[rows[j]! * width + b]!;
      }
      matrix[a * width + b] = sum;
    }
  }
  return symmetricInverse(matrix, width) ?? undefined;
}
