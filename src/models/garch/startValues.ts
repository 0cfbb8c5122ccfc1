// Where does the search for the likeliest parameters begin, if nobody says?

import {type GarchSpecification, toVector} from "./specification.ts";

/** Kept share of a shock's variance, and the share of it that is news. */
const LINEAR_GRID = [
  {kept: 0.9, news: 0.05},
  {kept: 0.95, news: 0.15},
  {kept: 0.98, news: 0.05},
  {kept: 0.98, news: 0.1},
  {kept: 0.995, news: 0.04},
] as const;

const LOG_GRID = [
  {beta: 0.9, alpha: 0.2},
  {beta: 0.97, alpha: 0.15},
  {beta: 0.985, alpha: 0.1},
  {beta: 0.985, alpha: 0.2},
] as const;

const LEVERAGE = 0.8; // of the news of gjr falls on declines; egarch's γ is -α times half of that
const NU = 8;

/**
 * Parameters worth trying first, for returns scaled to unit variance: the implied long-run variance is 1
 * throughout, so that the grid is over persistence and news alone.
 *
 * @param mean of the scaled returns; used where the specification has a mean
 */
export function startValues(
  {variance, innovations, mean}: GarchSpecification,
  average: number,
): Float64Array[] {
  const common = {mu: mean === "constant" ? average : 0, nu: innovations === "student" ? NU : null};
  if (variance === "egarch") {
    return LOG_GRID.map(({alpha, beta}) =>
      toVector({...common, omega: 0, alpha, gamma: (-alpha * LEVERAGE) / 2, beta}),
    );
  }
  return LINEAR_GRID.map(({kept, news}) => {
    const omega = 1 - kept;
    const beta = kept - news;
    if (variance === "garch") return toVector({...common, omega, alpha: news, gamma: 0, beta});
    const alpha = news * (1 - LEVERAGE);
    return toVector({...common, omega, alpha, gamma: 2 * (news - alpha), beta});
  });
}
