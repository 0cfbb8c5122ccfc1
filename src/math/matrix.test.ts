import {expect, it} from "vitest";
import {createMatrix, float32Values, LARGEST_FLOAT32} from "./matrix.ts";

it("createMatrix() refuses values that do not fill its rows", () => {
  expect(createMatrix(new Float64Array(6), 3)).toMatchObject({rows: 2, width: 3});
  expect(() => createMatrix(new Float64Array(7), 3)).toThrow(
    "Cannot make a matrix: 7 values do not fill rows of 3",
  );
  expect(() => createMatrix(new Float64Array(0), 0)).toThrow(
    "width must be a whole number > 0, current value is 0",
  );
});

it("float32Values() keeps missing values and refuses those that float32 cannot hold", () => {
  const values = Float64Array.of(0.1, Number.NaN, -3e38, 1e-50);
  expect(Array.from(float32Values(createMatrix(values, 2)))).toEqual([
    Math.fround(0.1),
    Number.NaN,
    Math.fround(-3e38),
    0,
  ]);
  for (const large of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e39, LARGEST_FLOAT32]) {
    const matrix = createMatrix(Float64Array.of(1, 2, 3, large), 2);
    expect(() => float32Values(matrix)).toThrow(RangeError);
    expect(() => float32Values(matrix)).toThrow("row 1, column 1 must be below 3.4e38 in size");
  }
});
