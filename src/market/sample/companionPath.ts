// How do bonds and credit move with the stock index?

import type {Random} from "../../random.ts";
import {autoregress, stationaryDraw} from "./autoregress.ts";
import type {FundPath} from "./fundBars.ts";
import type {LatentIndex} from "./latentIndex.ts";
import {varianceWeights} from "./logBar.ts";
import {type CompanionParameters, OVERNIGHT_SHARE, STEPS} from "./parameters.ts";

/**
 * A companion's path. Its shocks mix the index's with its own, rho n + sqrt(1 - rho²) u, where atanh(rho) is an
 * autoregression around its mean; its log-variance is the index's times a loading plus an autoregression of its own.
 */
export function companionPath(index: LatentIndex, p: CompanionParameters, random: Random): FundPath {
  const count = index.variance.length;
  const parts = 1 + STEPS;
  const variance = new Float64Array(count);
  const normals = new Float64Array(count * parts);
  let own = stationaryDraw(p.ownLogVariance, random);
  let tilt = stationaryDraw(p.correlationChange, random);
  for (let t = 0; t < count; t++) {
    variance[t] = Math.exp(p.level + p.indexLoading * index.logVariance[t]! + own);
    const rho = Math.tanh(p.meanCorrelation + tilt);
    const rest = Math.sqrt(1 - rho * rho);
    for (let k = 0; k < parts; k++) {
      normals[t * parts + k] = rho * index.normals[t * parts + k]! + rest * random.normal();
    }
    own = autoregress(own, {...p.ownLogVariance, random});
    tilt = autoregress(tilt, {...p.correlationChange, random});
  }
  return {
    variance,
    normals,
    jump: index.jump.map((size) => p.jumpShare * size),
    diffusion: index.diffusion,
    weights: varianceWeights(OVERNIGHT_SHARE[p.symbol]),
    meanReturn: p.meanReturn,
  };
}
