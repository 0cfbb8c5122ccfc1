// Which log-linear forecast has the least QLIKE?

import {column, type Frame} from "../frame.ts";
import {symmetricInverse} from "../math/symmetricInverse.ts";
import type {LinearFit} from "./linear.ts";

const ITERATIONS = 50;
const STEP_TOLERANCE = 1e-9; // in logs per standard deviation of a column

interface Design {
  readonly rows: number;
  readonly width: number; // the constant included
  readonly values: Float64Array; // row-major, standardised
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/**
 * Minimises mean(y / f + ln f) + ridge / 2 × sum_j beta_j^2 over ln f = b0 + sum_j beta_j z_j, z_j the standardised
 * features: the gamma deviance under a log link, which is QLIKE itself (Patton 2011, equation 24), with a ridge on
 * the slopes. Convex; Newton's method with halved steps. An outcome of 0 is allowed. McCullagh and Nelder (1989),
 * chapter 8.
 *
 * @param rows indices into the frame; every feature is finite there
 * @param target y, one value an index, >= 0 and not all 0
 * @param ridge >= 0; a column that does not vary needs it above 0
 * @returns slopes on the features as they are
 * @throws {RangeError} if a target is negative or not finite, or the columns are linearly dependent
 */
export function fitGammaRegression(
  features: Frame,
  {
    names,
    rows,
    target,
    ridge,
  }: {names: readonly string[]; rows: Uint32Array; target: Float64Array; ridge: number},
): LinearFit {
  const mean = checkedMean(target);
  const design = standardise(features, {names, rows});
  const {width} = design;
  const problem: Problem = {design, target, ridge};
  const start = new Float64Array(width);
  start[0] = Math.log(mean);
  const beta = minimum(problem, start);
  const {means, deviations} = design;
  const coefficients = names.map((_, j) => beta[j + 1]! / deviations[j]!);
  const intercept = coefficients.reduce((sum, slope, j) => sum - slope * means[j]!, beta[0]!);
  return {features: names, intercept, coefficients, means};
}

function minimum(problem: Problem, start: Float64Array): Float64Array {
  let beta = start;
  let loss = objective(problem, beta);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = newtonStep(problem, beta);
    const longest = Math.max(...step.map(Math.abs));
    let share = 1;
    let next = moved(beta, step, share);
    let nextLoss = objective(problem, next);
    while (!(nextLoss <= loss) && share * longest > STEP_TOLERANCE) {
      share /= 2;
      next = moved(beta, step, share);
      nextLoss = objective(problem, next);
    }
    if (nextLoss <= loss) [beta, loss] = [next, nextLoss];
    if (share * longest <= STEP_TOLERANCE) return beta;
  }
  throw new RangeError(
    `Cannot fit a gamma regression: no minimum after ${ITERATIONS} steps; look for a column far from the others`,
  );
}

function checkedMean(target: Float64Array): number {
  let sum = 0;
  target.forEach((y, i) => {
    if (!(y >= 0 && Number.isFinite(y)))
      throw new RangeError(`Cannot fit a gamma regression: target ${i} must be finite and >= 0, it is ${y}`);
    sum += y;
  });
  if (sum === 0) throw new RangeError("Cannot fit a gamma regression: every target is 0");
  return sum / target.length;
}

function standardise(features: Frame, {names, rows}: {names: readonly string[]; rows: Uint32Array}): Design {
  const width = names.length + 1;
  const values = new Float64Array(rows.length * width);
  const means: number[] = [];
  const deviations: number[] = [];
  for (let i = 0; i < rows.length; i++) values[i * width] = 1;
  names.forEach((name, j) => {
    const source = column(features, name);
    let sum = 0;
    let squares = 0;
    for (const t of rows) sum += source[t]!;
    const mean = sum / rows.length;
    for (const t of rows) squares += (source[t]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows.length) || 1; // a column that stands still has slope 0
    rows.forEach((t, i) => {
      values[i * width + j + 1] = (source[t]! - mean) / deviation;
    });
    means.push(mean);
    deviations.push(deviation);
  });
  return {rows: rows.length, width, values, means, deviations};
}

interface Problem {
  readonly design: Design;
  readonly target: Float64Array;
  readonly ridge: number;
}

function objective({design, target, ridge}: Problem, beta: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < design.rows; i++) {
    const fitted = fittedLog(design, beta, i);
    sum += target[i]! * Math.exp(-fitted) + fitted;
  }
  let penalty = 0;
  for (let j = 1; j < design.width; j++) penalty += beta[j]! ** 2;
  return sum / design.rows + (ridge / 2) * penalty;
}

function newtonStep({design, target, ridge}: Problem, beta: Float64Array): Float64Array {
  const {rows, width, values} = design;
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let i = 0; i < rows; i++) {
    const ratio = target[i]! * Math.exp(-fittedLog(design, beta, i));
    const row = i * width;
    for (let j = 0; j < width; j++) {
      gradient[j]! += (ratio - 1) * values[row + j]!;
      const weighted = ratio * values[row + j]!;
      for (let k = 0; k <= j; k++) hessian[j * width + k]! += weighted * values[row + k]!;
    }
  }
  for (let j = 0; j < width; j++) {
    const penalty = j === 0 ? 0 : ridge;
    gradient[j] = gradient[j]! / rows - penalty * beta[j]!;
    for (let k = 0; k <= j; k++) {
      hessian[j * width + k]! /= rows;
      hessian[k * width + j] = hessian[j * width + k]!;
    }
    hessian[j * width + j]! += penalty;
  }
  const inverse = symmetricInverse(hessian, width);
  if (!inverse) {
    throw new RangeError(
      "Cannot fit a gamma regression: a column is constant or a linear combination of others; leave it out or raise the ridge",
    );
  }
  return Float64Array.from({length: width}, (_, j) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += inverse[j * width + k]! * gradient[k]!;
    return sum;
  });
}

function fittedLog({width, values}: Design, beta: Float64Array, row: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += beta[j]! * values[row * width + j]!;
  return sum;
}

function moved(beta: Float64Array, step: Float64Array, share: number): Float64Array {
  return Float64Array.from(beta, (value, j) => value + share * step[j]!);
}
