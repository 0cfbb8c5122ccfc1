import {describe, expect, it} from "vitest";
import {createMatrix, float32Values, type Matrix} from "../math/matrix.ts";
import {encodeXgboostJson} from "../models/gbdt/codec.ts";
import {predictMargin} from "../models/gbdt/predict.ts";
import type {BoostedTrees} from "../models/gbdt/tree.ts";
import {askXgboost, hasXgboost} from "../models/gbdt/xgboost.fixture.ts";
import {addInteractionPath} from "./interactionPath.ts";
import {createPairSums} from "./pairSums.ts";
import {shapInteractions} from "./shapInteractions.ts";
import {DEEP, expectation, firstRows, mostFeaturesOnPath, train} from "./treeShap.fixture.ts";
import {treeShap} from "./treeShap.ts";

describe.each([0, 1, 2, 3, 4])("shapInteractions() of seed %i", (seed) => {
  it("equals the pairs' interaction index over all coalitions", () => {
    const {model, unseen} = train(seed);
    const few = firstRows(unseen, 6);
    const {values} = shapInteractions(model, few);
    interactionsByDefinition(model, few).forEach((exact, at) => {
      if (!Number.isNaN(exact)) expect(values[at]).toBeCloseTo(exact, 10);
    });
  });

  it("is symmetric, its rows sum to SHAP values, all of it and the base to the prediction", () => {
    for (const changes of [{}, {depth: 6}, {loss: "gamma"} as const, DEEP]) {
      const {model, unseen: all} = train(seed, changes);
      const unseen = firstRows(all, changes === DEEP ? 3 : 100);
      const {values, width, base} = shapInteractions(model, unseen);
      const shap = treeShap(model, unseen);
      expect(base).toBe(shap.base);
      predictMargin(model, unseen).forEach((margin, i) => {
        const square = values.subarray(i * width * width, (i + 1) * width * width);
        let total = base;
        for (let j = 0; j < width; j++) {
          const line = square.subarray(j * width, (j + 1) * width);
          const sum = line.reduce((before, value) => before + value, 0);
          expect(Math.abs(sum - shap.values[i * width + j]!)).toBeLessThan(1e-10);
          line.forEach((value, k) => {
            expect(value).toBe(square[k * width + j]);
          });
          total += sum;
        }
        expect(Math.abs(total - margin)).toBeLessThan(1e-10);
      });
    }
  });

  it("equals the way without tables, on paths that meet a feature once and several times", () => {
    for (const depth of [4, 6]) {
      const {model, unseen} = train(seed, {depth});
      const few = firstRows(unseen, 20);
      const {values, width} = shapInteractions(model, few);
      const sums = createPairSums(few.rows, width);
      for (const tree of model.trees) addInteractionPath(tree, float32Values(few), sums);
      for (let i = 0; i < few.rows; i++)
        for (let j = 0; j < width; j++)
          for (let k = j + 1; k < width; k++) {
            const slow = sums.columns[j * width + k]?.[i] ?? 0;
            expect(Math.abs(values[(i * width + j) * width + k]! - slow)).toBeLessThan(1e-11);
          }
    }
  });
});

it.skipIf(!hasXgboost)(
  "shapInteractions() agrees with XGBoost's pred_interactions to 5e-6",
  () => {
    for (const [seed, changes] of [{}, {loss: "gamma", depth: 6} as const, {...DEEP, width: 10}].entries()) {
      const {model, unseen} = train(seed, changes);
      const few = firstRows(unseen, 25);
      const {interactions} = askXgboost({
        features: few,
        model: encodeXgboostJson(model),
        interactions: true,
      });
      const {values, width} = shapInteractions(model, few);
      interactions.forEach((square, i) => {
        for (let j = 0; j < width; j++)
          for (let k = 0; k < width; k++)
            expect(Math.abs(values[(i * width + j) * width + k]! - square[j]![k]!)).toBeLessThan(5e-6);
      });
    }
  },
  120_000,
);

it("shapInteractions() takes the way without tables where a path has more distinct features than they hold", () => {
  const {model} = train(3, DEEP);
  expect(Math.max(...model.trees.map(mostFeaturesOnPath))).toBeGreaterThan(7);
});

it("shapInteractions() of a row does not depend on the rows beside it", () => {
  const {model, unseen} = train(2);
  const {values, width} = shapInteractions(model, unseen);
  for (const i of [0, 256, 299]) {
    const row = createMatrix(unseen.values.slice(i * width, (i + 1) * width), width);
    expect(shapInteractions(model, row).values).toEqual(
      values.slice(i * width * width, (i + 1) * width * width),
    );
  }
});

it("shapInteractions() finds none between features that no tree splits on together", () => {
  const {model, unseen} = train(1, {depth: 1});
  const {values, width} = shapInteractions(model, unseen);
  values.forEach((value, at) => {
    if (Math.floor(at / width) % width !== at % width) expect(value).toBe(0);
  });
});

it("shapInteractions() refuses features of another width", () => {
  const {model} = train(1);
  expect(() => shapInteractions(model, createMatrix(new Float64Array(8), 4))).toThrow(RangeError);
});

/** Off the diagonal, by the definition; NaN on it. */
function interactionsByDefinition(model: BoostedTrees, {values, rows, width}: Matrix): Float64Array {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const phi = new Float64Array(rows * width * width).fill(Number.NaN);
  for (let i = 0; i < rows; i++) {
    const row = Float32Array.from(values.subarray(i * width, (i + 1) * width));
    const worth = Array.from({length: 1 << width}, (_, known) =>
      model.trees.reduce((sum, tree) => sum + expectation(tree, 0, row, known), 0),
    );
    for (let j = 0; j < width; j++)
      for (let k = 0; k < width; k++) {
        if (k === j) continue;
        const both = (1 << j) | (1 << k);
        let sum = 0;
        for (let known = 0; known < 1 << width; known++) {
          if (known & both) continue;
          const size = known.toString(2).replaceAll("0", "").length;
          const weight = (factorial(size) * factorial(width - size - 2)) / (2 * factorial(width - 1));
          const together = worth[known | both]! - worth[known | (1 << j)]! - worth[known | (1 << k)]!;
          sum += weight * (together + worth[known]!);
        }
        phi[(i * width + j) * width + k] = sum;
      }
  }
  return phi;
}
