// Which linear combination of columns comes closest to a target?

import type {Matrix} from "./matrix.ts";

export interface LeastSquaresFit {
  /** One a column of the design. */
  readonly coefficients: Float64Array;
  /** Target minus fitted, one a row. */
  readonly residuals: Float64Array;
  /** Classical covariance s^2 (X'X)^-1, s^2 = RSS / (rows - width); row-major, width x width. */
  readonly covariance: Float64Array;
}

/**
 * A column whose part orthogonal to the columns before it is this small, relative to its length, is
 * dependent.
 */
const RANK_TOLERANCE = 1e-10;

/**
 * Ordinary least squares by Householder QR: accurate to the condition of X, not of X'X. Golub and Van Loan
 * (2013), algorithms 5.2.1 and 5.3.2.
 *
 * @param design rows x width; put the intercept in as a column of ones
 * @param target one value a row
 * @throws {RangeError} if the shapes differ, a value is not finite, rows <= width, or a column depends on
 *   others
 */
export function leastSquares(design: Matrix, target: Float64Array): LeastSquaresFit {
  const {rows, width} = design;
  requireShape(design, target);
  const a = toColumns(design); // column-major: Householder works down columns
  const scale = columnLengths(a, design);
  const diagonal = new Float64Array(width);
  const b = target.slice();

  for (let k = 0; k < width; k++) {
    const pivot = k * rows;
    let norm = 0;
    for (let i = k; i < rows; i++) norm += a[pivot + i]! ** 2;
    norm = Math.sqrt(norm);
    if (norm <= RANK_TOLERANCE * scale[k]! || norm === 0) {
      throw new RangeError(
        `Cannot solve least squares: column ${k} of ${width} is a linear combination of the columns before it; leave it out`,
      );
    }
    const alpha = a[pivot + k]! > 0 ? -norm : norm;
    a[pivot + k]! -= alpha; // the reflector v now lies below the diagonal
    const half = -alpha * a[pivot + k]!; // v'v / 2
    for (let j = k + 1; j < width; j++) reflect(a, {v: pivot, x: j * rows, from: k, rows, half}, a);
    reflect(b, {v: pivot, x: 0, from: k, rows, half}, a);
    diagonal[k] = alpha;
  }

  const coefficients = new Float64Array(width);
  for (let k = width - 1; k >= 0; k--) {
    let sum = b[k]!;
    for (let j = k + 1; j < width; j++) sum -= a[j * rows + k]! * coefficients[j]!;
    coefficients[k] = sum / diagonal[k]!;
  }
  const residuals = residualsOf(design, target, coefficients);
  return {coefficients, residuals, covariance: covarianceOf(a, diagonal, residuals)};
}

function requireShape({values, rows, width}: Matrix, target: Float64Array): void {
  if (values.length !== rows * width || target.length !== rows) {
    throw new RangeError(
      `Cannot solve least squares: ${values.length} values and ${target.length} targets for ${rows} rows x ${width} columns`,
    );
  }
  if (rows <= width) {
    throw new RangeError(`Cannot solve least squares: ${rows} rows must be more than ${width} columns`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot solve least squares: row ${Math.floor(bad / width)}, column ${bad % width} is ${values[bad]}; keep complete rows only`,
    );
  }
  const badTarget = target.findIndex((value) => !Number.isFinite(value));
  if (badTarget >= 0)
    throw new RangeError(`Cannot solve least squares: target ${badTarget} is ${target[badTarget]}`);
}

function toColumns({values, rows, width}: Matrix): Float64Array {
  const columns = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) columns[j * rows + i] = values[i * width + j]!;
  }
  return columns;
}

function columnLengths(columns: Float64Array, {rows, width}: Matrix): Float64Array {
  return Float64Array.from({length: width}, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += columns[j * rows + i]! ** 2;
    return Math.sqrt(sum);
  });
}

// x -= v (v'x) / (v'v / 2), over rows from..rows.
function reflect(
  target: Float64Array,
  at: {v: number; x: number; from: number; rows: number; half: number},
  reflectors: Float64Array,
): void {
  const {v, x, from, rows, half} = at;
  let dot = 0;
  for (let i = from; i < rows; i++) dot += reflectors[v + i]! * target[x + i]!;
  const step = dot / half;
  for (let i = from; i < rows; i++) target[x + i]! -= step * reflectors[v + i]!;
}

function residualsOf({values, rows, width}: Matrix, target: Float64Array, coefficients: Float64Array) {
  const residuals = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let fitted = 0;
    for (let j = 0; j < width; j++) fitted += values[i * width + j]! * coefficients[j]!;
    residuals[i] = target[i]! - fitted;
  }
  return residuals;
}

// s^2 R^-1 R^-T, with R above the diagonal of `a` and its diagonal apart.
function covarianceOf(a: Float64Array, diagonal: Float64Array, residuals: Float64Array): Float64Array {
  const width = diagonal.length;
  const rows = residuals.length;
  const inverse = new Float64Array(width * width); // R^-1, upper triangular
  for (let j = 0; j < width; j++) {
    inverse[j * width + j] = 1 / diagonal[j]!;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = i + 1; k <= j; k++) sum += a[k * rows + i]! * inverse[k * width + j]!;
      inverse[i * width + j] = -sum / diagonal[i]!;
    }
  }
  let squares = 0;
  for (const residual of residuals) squares += residual ** 2;
  const s2 = squares / (rows - width);
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = Math.max(i, j); k < width; k++) sum += inverse[i * width + k]! * inverse[j * width + k]!;
      covariance[i * width + j] = s2 * sum;
    }
  }
  return covariance;
}
