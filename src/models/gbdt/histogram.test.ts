import {describe, expect, it} from "vitest";
import {float32Values} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";
import {BIN_SLOTS, binFeatures} from "./binning.ts";
import {
  BLOCK_ROWS,
  createGradients,
  createHistogram,
  fillHistogram,
  MAX_PACKED_ROWS,
  setGradients,
  sumGradients,
} from "./histogram.ts";
import {simulate} from "./simulated.fixture.ts";

const ROWS = 500;
const WIDTH = 6;

function build(seed: number, packed: boolean) {
  const {features, target, positive} = simulate(ROWS, {width: WIDTH, seed, missing: 0.1});
  const binned = binFeatures(float32Values(features), {width: WIDTH, bins: 32});
  const gradients = createGradients(ROWS, {packed});
  setGradients(gradients, target, packed ? new Float64Array(ROWS).fill(1) : positive);
  const fill = (rows: Int32Array) => {
    const histogram = createHistogram(binned, gradients);
    fillHistogram(histogram, binned, {gradients, rows});
    return histogram;
  };
  return {binned, gradients, fill, target};
}

const all = Int32Array.from({length: ROWS}, (_, i) => i);

describe.each([0, 1, 2, 3, 4])("histograms of seed %i", (seed) => {
  it.each([true, false])("fillHistogram() has the same exact sums for every feature, packed %s", (packed) => {
    const {fill, gradients} = build(seed, packed);
    const histogram = fill(all);
    const {gradient, hessian} = sumGradients(gradients, all);
    const slots = packed ? BIN_SLOTS : 2 * BIN_SLOTS;
    for (let j = 0; j < WIDTH; j++) {
      const bins = histogram.subarray(j * slots, (j + 1) * slots);
      if (gradients.form === "packed")
        expect(bins.reduce((sum, value) => sum + value)).toBe(hessian * gradients.unit + gradient);
      else {
        expect(bins.reduce((sum, value, k) => (k % 2 === 0 ? sum + value : sum), 0)).toBe(gradient);
        expect(bins.reduce((sum, value, k) => (k % 2 === 1 ? sum + value : sum), 0)).toBe(hessian);
      }
    }
  });

  it.each([true, false])(
    "parent less child is exactly the sibling, in any order of rows, packed %s",
    (packed) => {
      const {fill} = build(seed, packed);
      const random = createRandom(seed);
      const child = all.filter(() => random.uniform() < 0.3);
      const sibling = all.filter((row) => !child.includes(row)).reverse();
      const parent = fill(all);
      const lighter = fill(child);
      expect(parent.map((value, k) => value - lighter[k]!)).toEqual(fill(sibling));
    },
  );

  it("setGradients() rounds by less than 2^-26 of the largest gradient", () => {
    const {gradients, target} = build(seed, true);
    if (gradients.form !== "packed") throw new TypeError("expected packed gradients");
    const {packed, unit} = gradients;
    const largest = Math.max(...target.map(Math.abs));
    target.forEach((g, i) => {
      expect(Math.abs(packed[i]! - unit - g)).toBeLessThan(largest * 2 ** -26);
    });
  });
});

it("setGradients() refuses what is not finite", () => {
  const gradients = createGradients(2, {packed: false});
  expect(() => setGradients(gradients, Float64Array.of(1, Number.NaN), Float64Array.of(1, 1))).toThrow(
    RangeError,
  );
  expect(() => setGradients(gradients, Float64Array.of(1, 1), Float64Array.of(1, Infinity))).toThrow(
    "Cannot grow a tree: gradients must be finite, the largest is Infinity; lower learningRate",
  );
});

it("fillHistogram() of more rows than one sum can pack counts exactly, and sums what single gradients sum to", () => {
  const rows = MAX_PACKED_ROWS + 1;
  const {features, target} = simulate(rows, {width: 2, seed: 1, missing: 0.1});
  const binned = binFeatures(float32Values(features), {width: 2, bins: 32});
  const one = new Float64Array(rows).fill(1);
  const histogramOf = (packed: boolean, some: Int32Array) => {
    const gradients = createGradients(rows, {packed});
    setGradients(gradients, target, one);
    const histogram = createHistogram(binned, gradients);
    fillHistogram(histogram, binned, {gradients, rows: some});
    return {histogram, sums: sumGradients(gradients, some)};
  };
  const every = Int32Array.from({length: rows}, (_, i) => i);
  for (const some of [every, every.filter((i) => i % 3 === 0), every.subarray(0, BLOCK_ROWS)]) {
    const blocks = histogramOf(true, some);
    const pairs = histogramOf(false, some);
    expect(blocks.sums.hessian).toBe(some.length);
    for (let slot = 0; slot < pairs.histogram.length; slot += 2) {
      expect(blocks.histogram[slot + 1]).toBe(pairs.histogram[slot + 1]);
      const rounding = some.length * 2 ** -26 * 6; // of gradients below 6
      expect(Math.abs(blocks.histogram[slot]! - pairs.histogram[slot]!)).toBeLessThan(rounding);
    }
    for (const first of [0, 2 * BIN_SLOTS]) {
      let sum = 0;
      for (let slot = first; slot < first + 2 * BIN_SLOTS; slot += 2) sum += blocks.histogram[slot]!;
      expect(sum).toBe(blocks.sums.gradient); // exactly, whatever the blocks
    }
  }
});
