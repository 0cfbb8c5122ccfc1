// Do forecasts keep their word: is the outcome, on average, the forecast itself?

import {neweyWestCovariance, overlapLag} from "../math/hac.ts";
import {leastSquares} from "../math/leastSquares.ts";
import {createMatrix} from "../math/matrix.ts";

/** outcome = intercept + slope x forecast + error. NaN throughout where the forecast never moves. */
export interface MincerZarnowitz {
  /** In the outcome's unit; 0 for an unbiased forecast. */
  readonly intercept: number;
  /** 1 for an unbiased forecast; below 1 the forecasts swing too far. */
  readonly slope: number;
  readonly interceptError: number;
  readonly slopeError: number;
  /** P of intercept 0 and slope 1 together, by the standard errors above (Wald). */
  readonly waldP: number;
  /** The same by the errors under that hypothesis, outcome - forecast (score). */
  readonly scoreP: number;
  /** Of the regression: what the forecast explains once its level and scale are put right. */
  readonly r2: number;
  readonly n: number;
  readonly lag: number;
}

/**
 * Mincer and Zarnowitz (1969): least squares of outcomes on forecasts, standard errors of Newey and West
 * (1987). Two tests of (0, 1): Wald's with the fitted residuals, and the score test with outcome - forecast. A
 * crisis pulls the line to itself and looks well fitted, so that Wald's rejects a true conditional variance in 9
 * to 15 % of samples at a nominal 5 %, the score test in 5 to 11 % (docs/evaluation.md); with tails as heavy as
 * those of 2008 and 2020 the two part further.
 *
 * @param outcome in order of time; rows where either is NaN are left out
 * @param forecast of the same rows, in the same unit
 * @param options.lag default `overlapLag`: max(3 x horizon, cube root of n)
 * @throws {RangeError} if fewer rows remain than lag + 3
 */
export function mincerZarnowitz(
  [outcome, forecast]: readonly [Float64Array, Float64Array],
  options: {readonly horizon: number; readonly lag?: number},
): MincerZarnowitz {
  if (outcome.length !== forecast.length)
    throw new TypeError(`Cannot regress: ${outcome.length} outcomes on ${forecast.length} forecasts`);
  const known = (_: number, t: number) => !Number.isNaN(outcome[t]! + forecast[t]!);
  const y = outcome.filter(known);
  const f = forecast.filter(known);
  const n = y.length;
  const lag = options.lag ?? overlapLag({horizon: options.horizon, n});
  if (n < lag + 3) {
    throw new RangeError(
      `Cannot regress outcomes on forecasts: ${n} rows must be at least ${lag + 3} for a lag of ${lag}`,
    );
  }
  if (f.every((value) => value === f[0])) return {...UNDEFINED, n, lag};

  const design = createMatrix(
    Float64Array.from({length: 2 * n}, (_, i) => (i % 2 === 0 ? 1 : f[i >> 1]!)),
    2,
  );
  const fit = leastSquares(design, y);
  const [intercept, slope] = fit.coefficients as unknown as [number, number];
  const covariance = neweyWestCovariance(design, {fit, lag});
  const underNull = neweyWestCovariance(design, {fit, lag, errors: y.map((value, t) => value - f[t]!)});
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const squares = (values: Float64Array, centre: number) =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return {
    intercept,
    slope,
    interceptError: Math.sqrt(covariance[0]!),
    slopeError: Math.sqrt(covariance[3]!),
    waldP: waldTail([intercept, slope - 1], {covariance, n}),
    scoreP: waldTail([intercept, slope - 1], {covariance: underNull, n}),
    r2: 1 - squares(fit.residuals, 0) / squares(y, mean),
    n,
    lag,
  };
}

// W / 2 against F(2, n - 2), whose tail has a closed form.
function waldTail(
  [a, b]: readonly [number, number],
  {covariance, n}: {readonly covariance: Float64Array; readonly n: number},
): number {
  const [aa, ab, , bb] = covariance as unknown as [number, number, number, number];
  const wald = (bb * a * a - 2 * ab * a * b + aa * b * b) / (aa * bb - ab * ab);
  return (1 + wald / (n - 2)) ** (-(n - 2) / 2);
}

const UNDEFINED = {
  intercept: Number.NaN,
  slope: Number.NaN,
  interceptError: Number.NaN,
  slopeError: Number.NaN,
  waldP: Number.NaN,
  scoreP: Number.NaN,
  r2: Number.NaN,
};
