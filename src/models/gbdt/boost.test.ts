import DecisionTree from "ml-cart";
import {describe, expect, it} from "vitest";
import {createMatrix, type Matrix} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";
import {fitBoostedBags, fitBoostedTrees, outOfBagMargin} from "./boost.ts";
import {exactTreeValues} from "./exactTree.fixture.ts";
import {MAX_PACKED_ROWS} from "./histogram.ts";
import type {BoostOptions} from "./options.ts";
import {predictMargin} from "./predict.ts";
import {simulate} from "./simulated.fixture.ts";
import {LEAF} from "./tree.ts";
import {askXgboost, hasXgboost} from "./xgboost.fixture.ts";

const options: BoostOptions = {
  loss: "squared",
  trees: 50,
  depth: 4,
  learningRate: 0.1,
  minLeafWeight: 5,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  seed: 1,
};
const oneTree: BoostOptions = {...options, trees: 1, learningRate: 1, l2: 0, minLeafWeight: 1};

/** Few distinct values, some missing, so that bins hold every value apart. */
function coarse(rows: number, seed: number, values: number) {
  const random = createRandom(seed);
  const width = 3;
  const cells = Float64Array.from({length: rows * width}, () =>
    random.uniform() < 0.15 ? Number.NaN : random.integer(values),
  );
  const target = Float64Array.from({length: rows}, (_, i) => {
    const [a, b] = [cells[i * width]!, cells[i * width + 1]!];
    return (Number.isNaN(a) ? 3 : a > 2 ? 1 : -1) + (b > 4 ? 0.5 : 0) + random.normal();
  });
  return {features: createMatrix(cells, width), target};
}

describe("fitBoostedTrees() grows the tree of an exhaustive search", () => {
  const cases = [0, 1, 2, 3, 4].flatMap((seed) => [
    {seed, minLeafWeight: 1, l2: 0, minGain: 0},
    {seed, minLeafWeight: 6, l2: 2, minGain: 1},
  ]);

  it.each(cases)("with squared loss, %o", ({seed, ...changes}) => {
    const {features, target} = coarse(150, seed, 9);
    const model = fitBoostedTrees(features, target, {...oneTree, ...changes});
    const gradient = target.map((y) => model.baseScore - y);
    const hessian = new Float64Array(target.length).fill(1);
    const exact = exactTreeValues(features, {gradient, hessian}, {...oneTree, ...changes});
    predictMargin(model, features).forEach((margin, i) => {
      expect(margin).toBeCloseTo(model.baseScore + exact[i]!, 5);
    });
  });

  it.each(cases)("with gamma loss and weights, %o", ({seed, ...changes}) => {
    const {features, target} = coarse(150, seed, 9);
    const positive = target.map(Math.exp);
    const random = createRandom(seed);
    const weights = target.map(() => 0.5 + random.uniform());
    const model = fitBoostedTrees(features, positive, {...oneTree, ...changes, loss: "gamma", weights});
    const ratio = positive.map((y) => y / model.baseScore);
    const gradient = ratio.map((r, i) => weights[i]! * (1 - r));
    const hessian = ratio.map((r, i) => weights[i]! * r);
    const exact = exactTreeValues(features, {gradient, hessian}, {...oneTree, ...changes});
    predictMargin(model, features).forEach((margin, i) => {
      expect(margin).toBeCloseTo(Math.log(model.baseScore) + exact[i]!, 4);
    });
  });
});

it("fitBoostedTrees() recovers the tree that generated the data", () => {
  const random = createRandom(3);
  const features = createMatrix(
    Float64Array.from({length: 10_000}, () => random.integer(40)),
    5,
  );
  const at = (i: number, j: number) => features.values[i * 5 + j]!;
  const target = Float64Array.from({length: 2000}, (_, i) =>
    at(i, 2) < 13 ? (at(i, 0) < 8 ? 20 : 24) : at(i, 4) < 30 ? 2 : 7,
  );
  const {baseScore, trees} = fitBoostedTrees(features, target, {...oneTree, depth: 6});
  const {feature, threshold, value, left, right} = trees[0]!;
  expect(feature.length).toBe(7); // below the true leaves nothing is left to split
  const splits = Array.from(feature.keys()).filter((node) => feature[node] !== LEAF);
  const described = splits.map((node) => [feature[node], threshold[node]]);
  expect(described).toEqual(
    expect.arrayContaining([
      [2, 12.5],
      [0, 7.5],
      [4, 29.5],
    ]),
  );
  const leaves = splits
    .flatMap((node) => [left[node]!, right[node]!])
    .filter((node) => feature[node] === LEAF);
  expect(leaves.map((node) => Math.round(baseScore + value[node]!)).sort()).toEqual([2, 20, 24, 7]);
});

it("fitBoostedTrees() grows the tree that ml-cart grows on a hundred rows", () => {
  const {features, target} = simulate(100, {width: 3, seed: 6});
  const values = Float64Array.from(features.values, Math.fround); // ml-cart tests in float64
  const rows = Array.from({length: 100}, (_, i) => Array.from(values.subarray(3 * i, 3 * i + 3)));
  const cart = new DecisionTree.DecisionTreeRegression({maxDepth: 3, minNumSamples: 1});
  cart.train(rows, Array.from(target));
  const model = fitBoostedTrees(features, target, {...oneTree, depth: 3});
  const expected = cart.predict(rows);
  predictMargin(model, features).forEach((margin, i) => {
    expect(margin).toBeCloseTo(expected[i]!, 5);
  });
});

it.skipIf(!hasXgboost).each([0, 1, 2])(
  "fitBoostedTrees() predicts new rows as well as XGBoost, seed %i",
  (seed) => {
    const train = simulate(2000, {width: 8, seed, missing: 0.05});
    const test = simulate(4000, {width: 8, seed: seed + 100, missing: 0.05});
    const rmse = (predicted: ArrayLike<number>) =>
      Math.sqrt(test.target.reduce((sum, y, i) => sum + (y - predicted[i]!) ** 2, 0) / 4000);
    const model = fitBoostedTrees(train.features, train.target, {...options, trees: 100});
    const params = {max_depth: 4, eta: 0.1, min_child_weight: 5, lambda: 1, max_bin: 255};
    const {margin} = askXgboost({
      features: train.features,
      target: train.target,
      params,
      rounds: 100,
      unseen: test.features,
    });
    const ratio = rmse(predictMargin(model, test.features)) / rmse(margin);
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.03);
  },
);

describe("fitBoostedTrees() with monotone features", () => {
  it.each([0, 1, 2, 3, 4])("predicts monotonically where the data do not rise so, seed %i", (seed) => {
    const {features, target, positive} = simulate(800, {width: 4, seed, missing: 0.05});
    const monotone = [1, -1, 0, 1] as const;
    for (const loss of ["squared", "gamma"] as const) {
      const y = loss === "gamma" ? positive : target;
      const model = fitBoostedTrees(features, y, {...options, loss, monotone, minLeafWeight: 1});
      monotone.forEach((direction, j) => {
        if (direction === 0) return;
        const grid = alongFeature(features, j);
        const margin = predictMargin(model, grid);
        for (let k = 0; k < grid.rows; k++)
          if (k % GRID > 0) expect(direction * (margin[k]! - margin[k - 1]!)).toBeGreaterThanOrEqual(-1e-12);
      });
    }
  });

  it("loses nothing where the data are monotone already", () => {
    const {features} = simulate(1000, {width: 4, seed: 2});
    const target = Float64Array.from({length: 1000}, (_, i) => Math.floor(2 * features.values[4 * i + 1]!));
    const free = fitBoostedTrees(features, target, options);
    const bound = fitBoostedTrees(features, target, {...options, monotone: [0, 1, 0, 0]});
    expect(mse(predictMargin(bound, features), target)).toBeLessThan(
      1.1 * mse(predictMargin(free, features), target) + 1e-3,
    );
  });
});

describe("fitBoostedTrees() with early stopping", () => {
  const train = simulate(400, {width: 6, seed: 1, noise: 2});
  const validation = simulate(400, {width: 6, seed: 2, noise: 2});
  const earlyStopping = {validation: validation.features, target: validation.target, rounds: 10};
  const model = fitBoostedTrees(train.features, train.target, {...options, trees: 500, earlyStopping});

  it("keeps the number of trees with the lowest validation loss", () => {
    expect(model.trees.length).toBeGreaterThan(0);
    expect(model.trees.length).toBeLessThan(200);
    const full = fitBoostedTrees(train.features, train.target, {...options, trees: model.trees.length + 10});
    const losses = full.trees.map((_, k) =>
      mse(
        predictMargin({...full, trees: full.trees.slice(0, k + 1)}, validation.features),
        validation.target,
      ),
    );
    expect(losses.indexOf(Math.min(...losses))).toBe(model.trees.length - 1);
  });

  it("has the trees that it would have without", () => {
    const trees = model.trees.length;
    expect(fitBoostedTrees(train.features, train.target, {...options, trees})).toEqual(model);
  });

  it("keeps no tree where each makes the validation rows worse", () => {
    const opposite = {...earlyStopping, target: train.target.map((y) => -y), validation: train.features};
    expect(
      fitBoostedTrees(train.features, train.target, {...options, earlyStopping: opposite}).trees,
    ).toEqual([]);
  });
});

describe("fitBoostedTrees() is a function of its arguments", () => {
  const {features, target, positive} = simulate(500, {width: 5, seed: 9, missing: 0.1});
  const sampled = {...options, rowShare: 0.6, columnShare: 0.6};

  it("gives the same bytes again, and leaves its arguments as they were", () => {
    const before = structuredClone({features, target});
    const frozen = Object.freeze({...sampled});
    const model = fitBoostedTrees(Object.freeze(features), target, frozen);
    expect(fitBoostedTrees(features, target, frozen)).toEqual(model);
    expect({features, target}).toEqual(before);
    expect(fitBoostedTrees(features, target, {...sampled, seed: 2})).not.toEqual(model);
  });

  it("does not depend on the order of rows", () => {
    const reversed = createMatrix(features.values.slice(), 5);
    for (let i = 0; i < 500; i++)
      reversed.values.set(features.values.subarray(5 * i, 5 * i + 5), 5 * (499 - i));
    for (const [loss, y] of [
      ["squared", target],
      ["gamma", positive],
    ] as const) {
      const model = fitBoostedTrees(features, y, {...options, trees: 3, loss});
      const other = fitBoostedTrees(reversed, y.slice().reverse(), {...options, trees: 3, loss});
      expect(other.trees.map(({feature, threshold}) => [feature, threshold])).toEqual(
        model.trees.map(({feature, threshold}) => [feature, threshold]),
      );
    }
  });

  it("counts a row of weight 2 as two rows, and of weight 1 as one", () => {
    const weights = Float64Array.from({length: 500}, (_, i) => 1 + (i % 2));
    const rows = Array.from({length: 500}, (_, i) => i).flatMap((i) => (i % 2 === 1 ? [i, i] : [i]));
    const twice = createMatrix(
      Float64Array.from(rows.flatMap((i) => Array.from(features.values.subarray(5 * i, 5 * i + 5)))),
      5,
    );
    const few = {...options, bins: 255, trees: 10};
    const weighted = fitBoostedTrees(coarsen(features), target, {...few, weights});
    const repeated = fitBoostedTrees(
      coarsen(twice),
      Float64Array.from(rows, (i) => target[i]!),
      few,
    );
    expectClose(predictMargin(weighted, features), predictMargin(repeated, features));
    const ones = fitBoostedTrees(features, target, {...few, weights: new Float64Array(500).fill(1)});
    expectClose(
      predictMargin(ones, features),
      predictMargin(fitBoostedTrees(features, target, few), features),
    );
  });

  it("adds its trees to the offset, and says nothing of it itself", () => {
    const offset = target.map((y, i) => y - Math.sin(i));
    const model = fitBoostedTrees(features, target, {...options, offset});
    const residual = fitBoostedTrees(
      features,
      target.map((y, i) => y - offset[i]!),
      options,
    );
    expectClose(predictMargin(model, features), predictMargin(residual, features));
    const log = positive.map((y, i) => Math.log(y) - Math.sin(i));
    const gamma = fitBoostedTrees(features, positive, {...options, loss: "gamma", offset: log});
    const ratio = fitBoostedTrees(
      features,
      positive.map((y, i) => y / Math.exp(log[i]!)),
      {...options, loss: "gamma"},
    );
    expectClose(predictMargin(gamma, features), predictMargin(ratio, features));
  });

  it("uses only so many columns a tree", () => {
    const {trees} = fitBoostedTrees(features, target, {...options, columnShare: 0.4});
    for (const {feature} of trees)
      expect(new Set(feature.filter((j) => j !== LEAF)).size).toBeLessThanOrEqual(2);
    expect(new Set(trees.flatMap(({feature}) => Array.from(feature))).size).toBe(6);
  });
});

it("fitBoostedTrees() keeps leaves above their least weight, and gains above the least gain", () => {
  const {features, target} = simulate(600, {width: 4, seed: 5, missing: 0.2});
  const {trees} = fitBoostedTrees(features, target, {
    ...options,
    minLeafWeight: 40,
    minGain: 3,
    rowShare: 0.7,
  });
  for (const {feature, cover, gain} of trees)
    feature.forEach((column, node) => {
      expect(cover[node]).toBeGreaterThanOrEqual(40);
      if (column !== LEAF) expect(gain[node]).toBeGreaterThan(3);
    });
});

it("fitBoostedTrees() splits on whether a value is missing", () => {
  const random = createRandom(1);
  const values = Float64Array.from({length: 300}, () =>
    random.uniform() < 0.3 ? Number.NaN : random.normal(),
  );
  const target = values.map((x) => (Number.isNaN(x) ? 2 : 0.5));
  const model = fitBoostedTrees(createMatrix(values, 1), target, oneTree);
  const [absent, present] = predictMargin(model, createMatrix(Float64Array.of(Number.NaN, 99), 1));
  expect(absent).toBeCloseTo(2, 6);
  expect(present).toBeCloseTo(0.5, 6);
});

it("fitBoostedTrees() makes no split where there is nothing to learn", () => {
  const {features} = simulate(50, {width: 4, seed: 1});
  for (const y of [0, 0.1, 1e-7, 123_456.789]) {
    const model = fitBoostedTrees(features, new Float64Array(50).fill(y), {...oneTree, trees: 2});
    expect(predictMargin(model, features).every((margin) => Math.abs(margin - y) <= 1e-7 * y)).toBe(true);
    for (const {feature} of model.trees) expect(feature.length).toBe(1);
  }
});

it("fitBoostedTrees() fits more rows than packed sums can hold", () => {
  const rows = MAX_PACKED_ROWS + 1;
  const values = Float64Array.from({length: rows}, (_, i) => i);
  const target = values.map((x) => (x < rows / 3 ? 1 : 2));
  const model = fitBoostedTrees(createMatrix(values, 1), target, {...oneTree, depth: 1, bins: 3});
  expect(predictMargin(model, createMatrix(Float64Array.of(0, rows), 1))).toEqual(Float64Array.of(1, 2));
});

describe("outOfBagMargin()", () => {
  it("has residuals as large as those of new rows, or a little larger, where the fit's own are smaller", () => {
    const settings = {...options, trees: 80, depth: 3, learningRate: 0.03, minLeafWeight: 100, rowShare: 0.5};
    for (const rowBlock of [1, 20]) {
      const ratios = {own: 0, outOfBag: 0};
      for (const seed of [0, 1, 2, 3, 4]) {
        const train = simulate(5000, {width: 6, seed, noise: 2});
        const fresh = simulate(10_000, {width: 6, seed: seed + 50, noise: 2});
        const fitted = {...settings, rowBlock, seed};
        const model = fitBoostedTrees(train.features, train.target, fitted);
        const truth = mse(predictMargin(model, fresh.features), fresh.target);
        const outOfBag = outOfBagMargin(model, train.features, fitted);
        ratios.own += mse(predictMargin(model, train.features), train.target) / truth / 5;
        ratios.outOfBag += mse(outOfBag, train.target) / truth / 5;
      }
      expect(ratios.own).toBeLessThan(0.97);
      expect(Math.abs(ratios.outOfBag - 1.01)).toBeLessThan(0.02);
    }
  });

  it("is what fitBoostedBags() adds up on its way, to the bit, for each seed", () => {
    const {features, target} = simulate(700, {width: 6, seed: 3, missing: 0.1});
    for (const changes of [{}, {depth: 1}, {rowBlock: 7, rowShare: 0.3}, {minLeafWeight: 60, depth: 6}]) {
      const {seed: _, ...settings} = {...options, trees: 12, rowShare: 0.5, columnShare: 0.7, ...changes};
      const seeds = [1, 2, 9];
      fitBoostedBags(features, target, {...settings, seeds}).forEach(({model, outOfBag}, k) => {
        const own = {...settings, seed: seeds[k]!};
        expect(model).toEqual(fitBoostedTrees(features, target, own));
        expect(outOfBag).toEqual(outOfBagMargin(model, features, own));
      });
    }
  });

  it("is NaN for a row that every tree saw", () => {
    const {features, target} = simulate(100, {width: 4, seed: 1});
    const model = fitBoostedTrees(features, target, options);
    expect(outOfBagMargin(model, features, options).every(Number.isNaN)).toBe(true);
  });
});

describe("fitBoostedTrees() refuses", () => {
  const {features, target} = simulate(20, {width: 4, seed: 1});
  const faults: [string, Partial<BoostOptions>, string][] = [
    ["no trees", {trees: 0}, "trees must be a whole number from 1 to 1000000, current value is 0"],
    ["half a level", {depth: 1.5}, "depth must be a whole number from 1 to 16, current value is 1.5"],
    ["too many levels", {depth: 17}, "depth must be a whole number from 1 to 16, current value is 17"],
    ["256 bins", {bins: 256}, "bins must be a whole number from 2 to 255, current value is 256"],
    [
      "blocks of no rows",
      {rowBlock: 0},
      "rowBlock must be a whole number from 1 to 1000000, current value is 0",
    ],
    ["no rows drawn", {rowShare: 0}, "rowShare must be above 0 and at most 1, current value is 0"],
    [
      "more columns than all",
      {columnShare: 1.1},
      "columnShare must be above 0 and at most 1, current value is 1.1",
    ],
    [
      "no learning",
      {learningRate: Number.NaN},
      "learningRate must be above 0 and at most 1, current value is NaN",
    ],
    ["a negative ridge", {l2: -1}, "l2 must be finite and >= 0, current value is -1"],
    ["a negative leaf", {minLeafWeight: -1}, "minLeafWeight must be finite and >= 0, current value is -1"],
    ["gamma targets below 0", {loss: "gamma"}, "must be finite and > 0 for gamma loss, current value is -"],
    [
      "a direction short",
      {monotone: [1, 1, 1]},
      "monotone must be one direction for each of 4 features, current value is 3",
    ],
    [
      "an offset short",
      {offset: new Float64Array(19)},
      "offset must be one value for each of 20 rows, current value is 19",
    ],
    [
      "a weight below 0",
      {weights: target.map((_, i) => (i === 7 ? -1 : 1))},
      "weights in row 7 must be finite and >= 0, current value is -1",
    ],
    [
      "no weight at all",
      {weights: new Float64Array(20)},
      "weights must be positive in some row, current value is 0",
    ],
    [
      "validation of another width",
      {
        earlyStopping: {
          validation: createMatrix(new Float64Array(6), 3),
          target: new Float64Array(2),
          rounds: 5,
        },
      },
      "earlyStopping.validation must be 4 features wide, current value is 3",
    ],
  ];

  it.each(faults)("%s", (_, changes, message) => {
    const fit = () => fitBoostedTrees(features, target, {...options, ...changes});
    expect(fit).toThrow(RangeError);
    expect(fit).toThrow(message);
  });

  it("targets that are not one finite number a row, and features that are infinite", () => {
    expect(() => fitBoostedTrees(features, target.slice(1), options)).toThrow(
      "Cannot fit boosted trees: target must be one value for each of 20 rows, current value is 19",
    );
    const missing = target.map((y, i) => (i === 3 ? Number.NaN : y));
    expect(() => fitBoostedTrees(features, missing, options)).toThrow(
      "target in row 3 must be finite, current value is NaN",
    );
    const infinite = createMatrix(features.values.slice().fill(Infinity, 9, 10), 4);
    expect(() => fitBoostedTrees(infinite, target, options)).toThrow("row 2, column 1 must be below 3.4e38");
    const single = createMatrix(new Float64Array(4), 4);
    expect(() => fitBoostedTrees(single, new Float64Array(1), options)).toThrow(
      "rows must be 2 or more, current value is 1",
    );
  });

  it("to predict features of another width", () => {
    const model = fitBoostedTrees(features, target, options);
    expect(() => predictMargin(model, createMatrix(new Float64Array(6), 3))).toThrow(
      "Cannot predict: features must be 4 columns, as in training, current value is 3",
    );
  });
});

const GRID = 40;

/** Some rows of a matrix, each repeated along a grid of one feature. */
function alongFeature({values, width}: Matrix, feature: number): Matrix {
  const cells: number[] = [];
  for (let row = 0; row < 30; row++)
    for (let k = 0; k < GRID; k++) {
      const copy = Array.from(values.subarray(row * width, (row + 1) * width));
      copy[feature] = -3 + (6 * k) / (GRID - 1);
      cells.push(...copy);
    }
  return createMatrix(Float64Array.from(cells), width);
}

/** Values rounded to halves, so that every one has a bin, however often it is repeated. */
function coarsen({values, width}: Matrix): Matrix {
  return createMatrix(
    values.map((x) => Math.round(2 * x) / 2),
    width,
  );
}

function mse(margin: Float64Array, target: Float64Array): number {
  return target.reduce((sum, y, i) => sum + (y - margin[i]!) ** 2, 0) / target.length;
}

function expectClose(actual: Float64Array, expected: Float64Array): void {
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
}
