// How likely are the returns under given parameters, and in which direction do they become likelier?

import {normalLoss, studentLoss} from "./innovationLoss.ts";
import {linearVarianceGradient, runLinearVariance} from "./linearVariance.ts";
import {logVarianceGradient, runLogVariance} from "./logVariance.ts";
import {type GarchSpecification, NU, WIDTH} from "./specification.ts";
import {createWorkspace} from "./workspace.ts";

export interface GarchLikelihood {
  /** -ln likelihood of all parameters (positions of specification.ts); writes the gradient where one is given. */
  loss(parameters: Float64Array, gradient?: Float64Array): number;
  /** σ² of the session after the last, under the parameters of the latest call. */
  nextVariance(): number;
}

/**
 * The exact -ln likelihood of the returns, constants included: Σ (ln σ²_t / 2 - ln density(z_t)). The
 * gradient is analytic, by an adjoint recursion: one pass back over the sessions whatever the number of
 * parameters. The entries of parameters that the specification fixes are of no meaning.
 *
 * @param returns finite
 * @param presample σ² of the session before the first, whose news is what was expected of it; NaN for the
 *   mean squared residual, whose dependence on μ counts
 */
export function createGarchLikelihood(
  {variance, innovations}: GarchSpecification,
  {returns, presample}: {returns: Float64Array; presample: number},
): GarchLikelihood {
  const work = createWorkspace(returns.length, {variance});
  const shared = {presample, work};
  const unused = new Float64Array(WIDTH);
  const [run, differentiate] =
    variance === "egarch"
      ? ([runLogVariance, logVarianceGradient] as const)
      : ([runLinearVariance, linearVarianceGradient] as const);
  return {loss, nextVariance};

  function loss(parameters: Float64Array, gradient?: Float64Array): number {
    const logs = run(returns, parameters, shared);
    if (logs === Number.POSITIVE_INFINITY) return logs;
    const slopes = gradient ?? unused;
    slopes[NU] = 0;
    const unlikely = innovations === "student" ? studentLoss(work, parameters, slopes) : normalLoss(work);
    if (gradient) differentiate(gradient, parameters, shared);
    return unlikely + 0.5 * logs;
  }

  function nextVariance(): number {
    const state = work.states[returns.length]!;
    return variance === "egarch" ? Math.exp(state) : state;
  }
}
