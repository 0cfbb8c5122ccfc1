// What is a regression with an intercept on named columns of a frame?

import {column, type Frame, type RowRange} from "../frame.ts";
import {leastSquares} from "../math/leastSquares.ts";

/** Plain JSON: fitted value = intercept + sum_j coefficients[j] x feature j. */
export interface LinearFit {
  readonly features: readonly string[];
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /** Mean of each feature over the training rows: the point from which contributions are measured. */
  readonly means: readonly number[];
}

/**
 * Least squares on the given rows: the sum of weight x squared residual is least.
 *
 * @param rows indices into the frame; every feature is finite there
 * @param target one value an index
 * @param weights one an index, > 0; all equal where absent
 * @returns the fit, and the residuals of those rows
 * @throws {RangeError} if the columns are linearly dependent
 */
export function fitLinear(
  features: Frame,
  {
    names,
    rows,
    target,
    weights,
  }: {names: readonly string[]; rows: Uint32Array; target: Float64Array; weights?: Float64Array},
): {fit: LinearFit; residuals: Float64Array} {
  const width = names.length + 1;
  const values = new Float64Array(rows.length * width);
  // Rows times the root of their weight: least squares of these is the weighted fit of those.
  const root = (i: number): number => (weights ? Math.sqrt(weights[i]!) : 1);
  const means = names.map((name, j) => {
    const source = column(features, name);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const x = source[rows[i]!]!;
      sum += x;
      values[i * width + j + 1] = root(i) * x;
    }
    return sum / rows.length;
  });
  for (let i = 0; i < rows.length; i++) values[i * width] = root(i);
  const scaled = weights ? target.map((y, i) => root(i) * y) : target;
  const {coefficients, residuals} = leastSquares({values, rows: rows.length, width}, scaled);
  const [intercept = Number.NaN, ...slopes] = coefficients;
  return {
    fit: {features: names, intercept, coefficients: slopes, means},
    residuals: weights ? residuals.map((residual, i) => residual / root(i)) : residuals,
  };
}

/** Fitted values of a range of rows; NaN where a feature is missing. */
export function predictLinear(fit: LinearFit, features: Frame, rows: RowRange): Float64Array {
  const fitted = new Float64Array(rows.end - rows.start).fill(fit.intercept);
  fit.features.forEach((name, j) => {
    const source = column(features, name);
    const slope = fit.coefficients[j]!;
    for (let i = 0; i < fitted.length; i++) fitted[i]! += slope * source[rows.start + i]!;
  });
  return fitted;
}
