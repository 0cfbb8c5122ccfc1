import {describe, expect, it} from "vitest";
import {createMatrix, float32Values, type Matrix} from "../math/matrix.ts";
import {decodeXgboostJson, encodeXgboostJson} from "../models/gbdt/codec.ts";
import {predictMargin} from "../models/gbdt/predict.ts";
import {type BoostedTrees, LEAF, type Tree} from "../models/gbdt/tree.ts";
import {askXgboost, hasXgboost} from "../models/gbdt/xgboost.fixture.ts";
import {DEEP, expectation, firstRows, mostFeaturesOnPath, train} from "./treeShap.fixture.ts";
import {prepareTreeShap, treeShap} from "./treeShap.ts";
import {addTreeShapPath} from "./treeShapPath.ts";

describe.each([0, 1, 2, 3, 4])("treeShap() of seed %i", (seed) => {
  it("equals Shapley's sum over all coalitions", () => {
    const {model, unseen} = train(seed);
    const few = firstRows(unseen, 6);
    const {values} = treeShap(model, few);
    shapleyByDefinition(model, few).forEach((exact, k) => {
      expect(values[k]).toBeCloseTo(exact, 10);
    });
  });

  it("sums with the base to the prediction, to 1e-10", () => {
    for (const changes of [{}, {depth: 7}, {loss: "gamma"} as const, DEEP]) {
      const {model, unseen} = train(seed, changes);
      const {values, base, width} = treeShap(model, unseen);
      predictMargin(model, unseen).forEach((margin, i) => {
        const sum = values.subarray(i * width, (i + 1) * width).reduce((total, value) => total + value, base);
        expect(Math.abs(sum - margin)).toBeLessThan(1e-10);
      });
    }
  });

  it("equals Algorithm 2, on paths that meet a feature once and several times", () => {
    for (const changes of [{}, {depth: 6}, DEEP]) {
      const {model, unseen} = train(seed, changes);
      const {values} = treeShap(model, unseen);
      pathShap(model, unseen).forEach((value, k) => {
        expect(Math.abs(values[k]! - value)).toBeLessThan(1e-11);
      });
    }
  });
});

it.skipIf(!hasXgboost)(
  "treeShap() agrees with XGBoost's pred_contribs to 5e-6",
  () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const {model, unseen} = train(seed, seed % 2 === 0 ? {} : {loss: "gamma", depth: 6});
      const {shap} = askXgboost({features: unseen, model: encodeXgboostJson(model)});
      const {values, base, width} = treeShap(model, unseen);
      shap.forEach((row, i) => {
        const ours = [...values.subarray(i * width, (i + 1) * width), base];
        row.forEach((value, j) => {
          expect(Math.abs(ours[j]! - value)).toBeLessThan(5e-6);
        });
      });
    }
  },
  120_000,
);

it("treeShap() takes Algorithm 2 where a path has more distinct features than tables hold", () => {
  const {model} = train(3, DEEP);
  expect(Math.max(...model.trees.map(mostFeaturesOnPath))).toBeGreaterThan(7);
});

it("treeShap() of a row depends neither on the rows beside it nor on prepareTreeShap()", () => {
  const {model, unseen} = train(2);
  const {values, width} = treeShap(model, unseen);
  for (const i of [0, 100, 256, 299]) {
    const row = createMatrix(unseen.values.slice(i * width, (i + 1) * width), width);
    expect(treeShap(model, row).values).toEqual(values.slice(i * width, (i + 1) * width));
    expect(prepareTreeShap(model)(row)).toEqual(treeShap(model, row));
  }
});

it("prepareTreeShap() gives one row what many get: features met twice, missing values, small trees and large", () => {
  for (const seed of [0, 1, 2, 3, 4]) {
    for (const changes of [
      {depth: 3, trees: 60},
      {depth: 2},
      {loss: "gamma", depth: 3} as const,
      {depth: 6},
    ]) {
      const {model, unseen} = train(seed, changes);
      const {values, width, base} = treeShap(model, unseen);
      const shapOf = prepareTreeShap(model);
      for (let i = 0; i < 40; i++) {
        const row = shapOf(createMatrix(unseen.values.slice(i * width, (i + 1) * width), width));
        expect(row.base).toBe(base);
        row.values.forEach((value, j) => {
          expect(Math.abs(value - values[i * width + j]!)).toBeLessThan(1e-14);
        });
      }
    }
  }
});

it("prepareTreeShap() of one row takes trees that are a leaf, and no other width", () => {
  const {model} = train(0, {trees: 1, depth: 2});
  const leaf: Tree = {...model.trees[0]!, feature: Int32Array.of(LEAF), value: Float32Array.of(3)};
  const row = createMatrix(new Float64Array(5), 5);
  const {values, base} = prepareTreeShap({...model, trees: [leaf, leaf]})(row);
  expect(values).toEqual(new Float64Array(5));
  expect(base).toBe(model.baseScore + 6);
  expect(() => prepareTreeShap(model)(createMatrix(new Float64Array(4), 4))).toThrow(RangeError);
});

it("treeShap() is unchanged by a journey through JSON", () => {
  const {model, unseen} = train(1);
  expect(treeShap(decodeXgboostJson(encodeXgboostJson(model)), unseen)).toEqual(treeShap(model, unseen));
});

it("treeShap() gives nothing to features that no tree uses, and all to the base without trees", () => {
  const {model, unseen} = train(1, {columnShare: 0.2, trees: 1});
  const used = new Set(model.trees.flatMap(({feature}) => Array.from(feature)));
  treeShap(model, unseen).values.forEach((value, k) => {
    if (!used.has(k % 5)) expect(value).toBe(0);
  });
  const {values, base} = treeShap({...model, trees: []}, unseen);
  expect(values.every((value) => value === 0)).toBe(true);
  expect(base).toBe(model.baseScore);
});

it("treeShap() refuses features of another width", () => {
  const {model} = train(1);
  expect(() => treeShap(model, createMatrix(new Float64Array(8), 4))).toThrow(RangeError);
});

/** phi_j = sum over coalitions S without j of |S|! (M - |S| - 1)! / M! x (v(S with j) - v(S)). Shapley (1953). */
function shapleyByDefinition(model: BoostedTrees, {values, rows, width}: Matrix): Float64Array {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const phi = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const row = Float32Array.from(values.subarray(i * width, (i + 1) * width));
    const worth = Array.from({length: 1 << width}, (_, known) =>
      model.trees.reduce((sum, tree) => sum + expectation(tree, 0, row, known), 0),
    );
    for (let j = 0; j < width; j++)
      for (let known = 0; known < 1 << width; known++) {
        if (known & (1 << j)) continue;
        const size = known.toString(2).replaceAll("0", "").length;
        const weight = (factorial(size) * factorial(width - size - 1)) / factorial(width);
        phi[i * width + j]! += weight * (worth[known | (1 << j)]! - worth[known]!);
      }
  }
  return phi;
}

function pathShap(model: BoostedTrees, matrix: Matrix): Float64Array {
  const {rows, width} = matrix;
  const features = float32Values(matrix);
  const sums = new Float64Array(features.length);
  for (const tree of model.trees) addTreeShapPath(tree, features, {sums, rows});
  return sums.map((_, k) => sums[(k % width) * rows + Math.floor(k / width)]!);
}
