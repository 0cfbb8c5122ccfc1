// What does a model read? Rows of numbers side by side, in one block of memory.

/** As a threshold it parts any value from a missing one. */
export const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** Row-major: row i is values[i * width .. (i + 1) * width). Missing is NaN. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly width: number;
}

/**
 * A checked matrix on the same memory.
 *
 * @throws {RangeError} if the width is not a whole number above 0, or does not divide the number of values
 */
export function createMatrix(values: Float64Array, width: number): Matrix {
  if (!Number.isInteger(width) || width < 1)
    throw new RangeError(`Cannot make a matrix: width must be a whole number > 0, current value is ${width}`);
  if (values.length % width !== 0)
    throw new RangeError(`Cannot make a matrix: ${values.length} values do not fill rows of ${width}`);
  return {values, rows: values.length / width, width};
}

/**
 * The values rounded to float32, the precision in which trees are trained, stored and exchanged: a row then
 * takes the same way through a tree in training, in prediction and in XGBoost.
 *
 * @throws {RangeError} if a value is infinite or too large for float32; missing is NaN
 */
export function float32Values({values, rows, width}: Matrix): Float32Array {
  if (values.length !== rows * width)
    throw new RangeError(`Cannot read a matrix: ${rows} rows of ${width} are not ${values.length} values`);
  const rounded = new Float32Array(values);
  for (let i = 0; i < rounded.length; i++) {
    if (Math.abs(rounded[i]!) >= LARGEST_FLOAT32)
      throw new RangeError(
        `Cannot read a matrix: row ${Math.floor(i / width)}, column ${i % width} must be below 3.4e38 in size, ` +
          `or NaN where missing, current value is ${values[i]}`,
      );
  }
  return rounded;
}
