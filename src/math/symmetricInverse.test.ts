import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {symmetricInverse} from "./symmetricInverse.ts";

describe("symmetricInverse()", () => {
  it.each([0, 1, 2, 3, 4])("times the matrix is the identity, units a million apart, seed %d", (seed) => {
    const matrix = randomDefinite(5, seed);
    const inverse = symmetricInverse(matrix, 5)!;
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        let sum = 0;
        for (let k = 0; k < 5; k++) sum += inverse[i * 5 + k]! * matrix[k * 5 + j]!;
        const unit = Math.sqrt(inverse[i * 5 + i]! * matrix[j * 5 + j]!);
        expect(Math.abs(sum - (i === j ? 1 : 0)) / unit).toBeLessThan(1e-12);
      }
    }
  });

  it("of a matrix that is singular, indefinite or unknown is null", () => {
    expect(symmetricInverse(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
    expect(symmetricInverse(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
    expect(symmetricInverse(Float64Array.of(0, 0, 0, 1), 2)).toBeNull();
    expect(symmetricInverse(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toBeNull();
  });
});

function randomDefinite(width: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const units = Float64Array.from({length: width}, (_, i) => 10 ** (-3 * (i % 3)));
  const root = Float64Array.from({length: width * width}, () => random.normal());
  return Float64Array.from({length: width * width}, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < width; k++) sum += root[i * width + k]! * root[j * width + k]!;
    return sum * units[i]! * units[j]!;
  });
}
