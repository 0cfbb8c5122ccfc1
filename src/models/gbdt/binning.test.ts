import {describe, expect, it} from "vitest";
import {LARGEST_FLOAT32} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";
import {binFeatures, MISSING_BIN, QUANTILE_ROWS} from "./binning.ts";

function draw(rows: number, seed: number, value: (random: ReturnType<typeof createRandom>) => number) {
  const random = createRandom(seed);
  return Float32Array.from({length: rows}, () => value(random));
}

describe("binFeatures()", () => {
  it.each([0, 1, 2, 3, 4])(
    "puts a value in bin b exactly where cuts[b-1] <= value < cuts[b], seed %i",
    (seed) => {
      for (const bins of [2, 3, 16, 255]) {
        const values = draw(1000, seed, (random) =>
          random.uniform() < 0.1 ? Number.NaN : Math.round(random.normal() * 4 ** seed) / 4 ** seed,
        );
        const {columns, cuts} = binFeatures(values, {width: 1, bins});
        const thresholds = cuts[0]!;
        expect(thresholds.every((cut, b) => b === 0 || cut > thresholds[b - 1]!)).toBe(true);
        values.forEach((value, i) => {
          const expected = Number.isNaN(value)
            ? MISSING_BIN
            : thresholds.filter((cut) => cut <= value).length;
          expect(columns[i]).toBe(expected);
        });
      }
    },
  );

  it("gives every distinct value a bin where there are as many", () => {
    const values = Float32Array.of(3, 1, 2, 2, 10, 1);
    const {columns, cuts} = binFeatures(values, {width: 1, bins: 4});
    expect(Array.from(columns)).toEqual([2, 0, 1, 1, 3, 0]);
    expect(Array.from(cuts[0]!)).toEqual([1.5, 2.5, 6.5]);
  });

  it("gives bins equal shares of the rows where values are many", () => {
    const values = draw(10_000, 5, (random) => Math.exp(3 * random.normal()));
    const {columns} = binFeatures(values, {width: 1, bins: 20});
    const counts = new Float64Array(20);
    for (const bin of columns) counts[bin]!++;
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThanOrEqual(1);
  });

  it("cuts between neighbouring floats and between zeros of either sign as their order says", () => {
    const next = 1 + 2 ** -23;
    const {columns, cuts} = binFeatures(Float32Array.of(1, next, -0, 0), {width: 1, bins: 255});
    expect(Array.from(columns)).toEqual([1, 2, 0, 0]);
    expect(Array.from(cuts[0]!)).toEqual([0.5, next]);
  });

  it("lets a split part the present from the missing, and nothing else where all are missing or equal", () => {
    const missing = Number.NaN;
    const {cuts} = binFeatures(Float32Array.of(1, missing, 7, 2, missing, 7), {width: 3, bins: 255});
    expect(Array.from(cuts[0]!)).toEqual([1.5]);
    expect(Array.from(cuts[1]!)).toEqual([]);
    expect(Array.from(cuts[2]!)).toEqual([]);
    const some = binFeatures(Float32Array.of(1, missing, 1), {width: 1, bins: 255});
    expect(Array.from(some.cuts[0]!)).toEqual([LARGEST_FLOAT32]);
  });

  it("lays the same bins out by row and by column", () => {
    const values = draw(7 * 5, 1, (random) => random.normal());
    const {bins, columns, stride, words} = binFeatures(values, {width: 5, bins: 255});
    expect(stride).toBe(8);
    for (let i = 0; i < 7; i++)
      for (let j = 0; j < 5; j++) {
        expect(bins[i * stride + j]).toBe(columns[j * 7 + i]);
        expect((words[(i * stride + j) >> 2]! >>> (8 * (j % 4))) & 255).toBe(columns[j * 7 + i]);
      }
  });

  it("takes the quantiles of many rows from some of them, to shares within a tenth of those of all", () => {
    const rows = 2 * QUANTILE_ROWS + 1;
    const random = createRandom(1);
    const values = Float32Array.from({length: rows}, (_, i) => (i % 5 === 0 ? Number.NaN : random.normal()));
    const {columns, cuts, hasMissing} = binFeatures(values, {width: 1, bins: 20});
    expect(hasMissing[0]).toBe(1);
    expect(cuts[0]).toHaveLength(20); // 19, and the one that parts the missing from the others
    const counts = new Float64Array(256);
    for (const bin of columns) counts[bin]! += 1;
    expect(counts[MISSING_BIN]).toBe(Math.ceil(rows / 5));
    for (let bin = 0; bin < 20; bin++) expect(Math.abs(counts[bin]! / (0.04 * rows) - 1)).toBeLessThan(0.1);
  });
});
