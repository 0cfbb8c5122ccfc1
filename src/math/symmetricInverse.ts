// What is the inverse of a small symmetric matrix, if it is positive definite?

/**
 * The inverse by Cholesky's factors, of the matrix scaled to a unit diagonal: parameters may differ in unit
 * by orders of magnitude. Golub and Van Loan (2013), algorithm 4.2.1.
 *
 * @param matrix row-major, width x width; its lower triangle is read
 * @returns the inverse, row-major; null if the matrix is not positive definite to rounding
 */
export function symmetricInverse(matrix: Float64Array, width: number): Float64Array | null {
  const scale = Float64Array.from({length: width}, (_, i) => 1 / Math.sqrt(matrix[i * width + i]!));
  if (!scale.every(Number.isFinite)) return null;
  const lower = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    for (let i = j; i < width; i++) {
      let sum = matrix[i * width + j]! * scale[i]! * scale[j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * width + k]! * lower[j * width + k]!;
      if (i === j && !(sum > LEAST_PIVOT)) return null;
      lower[i * width + j] = i === j ? Math.sqrt(sum) : sum / lower[j * width + j]!;
    }
  }
  const inverse = new Float64Array(width * width);
  for (let c = 0; c < width; c++) {
    const x = new Float64Array(width);
    for (let i = c; i < width; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= lower[i * width + k]! * x[k]!;
      x[i] = sum / lower[i * width + i]!;
    }
    for (let i = width - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let k = i + 1; k < width; k++) sum -= lower[k * width + i]! * x[k]!;
      x[i] = sum / lower[i * width + i]!;
    }
    for (let i = 0; i < width; i++) inverse[i * width + c] = x[i]! * scale[i]! * scale[c]!;
  }
  return inverse;
}

/** A pivot this small beside the unit diagonal is rounding: the matrix is singular. */
const LEAST_PIVOT = 1e-13;
