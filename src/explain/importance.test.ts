import {expect, it} from "vitest";
import {createMatrix} from "../math/matrix.ts";
import {fitBoostedTrees} from "../models/gbdt/boost.ts";
import {simulate} from "../models/gbdt/simulated.fixture.ts";
import {gainImportance, meanAbsoluteShap} from "./importance.ts";
import {treeShap} from "./treeShap.ts";

const {features, target} = simulate(1000, {width: 8, seed: 1});
const model = fitBoostedTrees(features, target, {
  loss: "squared",
  trees: 60,
  depth: 4,
  learningRate: 0.1,
  minLeafWeight: 5,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  seed: 1,
});

it("meanAbsoluteShap() is the mean size of each column", () => {
  const shap = createMatrix(Float64Array.of(1, -2, -3, 4, 5, -6), 2);
  expect(Array.from(meanAbsoluteShap(shap))).toEqual([3, 4]);
  expect(() => meanAbsoluteShap(createMatrix(new Float64Array(0), 2))).toThrow("rows must be 1 or more");
});

it("meanAbsoluteShap() and gainImportance() rank the four features in the signal above those that are not", () => {
  for (const importance of [meanAbsoluteShap(treeShap(model, features)), gainImportance(model)]) {
    expect(Math.min(...importance.subarray(0, 4))).toBeGreaterThan(2 * Math.max(...importance.subarray(4)));
  }
});

it("gainImportance() sums to 1, and is 0 for a model without splits", () => {
  expect(gainImportance(model).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  expect(Array.from(gainImportance({...model, trees: []}))).toEqual(new Array(8).fill(0));
});
