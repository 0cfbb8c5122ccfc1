// What do the passes of the likelihood hand to one another? A value a session, allocated once a fit.

import type {GarchSpecification} from "./specification.ts";

export interface Workspace {
  /** e = r - μ. */
  readonly residuals: Float64Array;
  /** σ², for egarch ln σ²; one more than sessions, the last being of the session after them. */
  readonly states: Float64Array;
  /** 1 / σ; empty but for egarch. */
  readonly roots: Float64Array;
  /** 1 / σ². */
  readonly precisions: Float64Array;
  /** d(loss of the session) / d ln σ². */
  readonly slopes: Float64Array;
  /** d(loss of the session) / d e. */
  readonly pulls: Float64Array;
}

export function createWorkspace(
  sessions: number,
  {variance}: Pick<GarchSpecification, "variance">,
): Workspace {
  const make = (more = 0) => new Float64Array(sessions + more);
  return {
    residuals: make(),
    states: make(1),
    roots: variance === "egarch" ? make() : new Float64Array(0),
    precisions: make(),
    slopes: make(),
    pulls: make(),
  };
}
