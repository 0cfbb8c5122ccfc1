import {describe, expect, it} from "vitest";
import {createMatrix, type Matrix} from "../../math/matrix.ts";
import {createRandom} from "../../random.ts";
import {createBootstrap} from "./bootstrap.ts";
import {type ForestOptions, fitForest} from "./forest.ts";
import {predictMargin} from "./predict.ts";
import {treeDepth} from "./tree.ts";

const options: ForestOptions = {
  trees: 60,
  depth: 8,
  minLeafRows: 10,
  columnShare: 0.5,
  rowBlock: 10,
  clearance: 0,
  bins: 64,
  seed: 3,
};

describe("createBootstrap()", () => {
  it.each([0, 1, 2, 3, 4])("draws as many as there are, in runs, and omits a third, seed %i", (seed) => {
    const draw = createBootstrap(1000, {block: 10, clearance: 0, seed});
    let omitted = 0;
    for (let k = 0; k < 50; k++) {
      const {drawn, omitted: left} = draw();
      expect(drawn.length).toBe(1000);
      expect(left.some((i) => drawn.includes(i))).toBe(false);
      expect(new Set([...drawn, ...left]).size).toBe(1000);
      omitted += left.length / 1000 / 50;
    }
    expect(omitted).toBeGreaterThan(0.33);
    expect(omitted).toBeLessThan(0.41); // (1 - 10 / 1000)^100 = .366
  });

  it("calls omitted only what is further than the clearance from all that is drawn", () => {
    const draw = createBootstrap(500, {block: 20, clearance: 4, seed: 1});
    for (let k = 0; k < 20; k++) {
      const {drawn, omitted} = draw();
      for (let i = 0; i < 500; i++) {
        const nearest = drawn.reduce((least, j) => Math.min(least, Math.abs(i - j)), 500);
        expect(omitted.includes(i)).toBe(nearest > 4);
      }
    }
  });
});

describe("fitForest()", () => {
  it("predicts the mean of its trees, each grown apart", () => {
    const {features, target} = simulate({rows: 800, seed: 1});
    const whole = fitForest(features, target, options).forest;
    const apart = whole.trees.map((tree) => predictMargin({...whole, trees: [tree]}, features));
    const means = apart.map((margin) =>
      margin.map((value) => whole.baseScore + 60 * (value - whole.baseScore)),
    );
    predictMargin(whole, features).forEach((value, i) => {
      const mean = means.reduce((sum, tree) => sum + tree[i]!, 0) / 60;
      expect(value).toBeCloseTo(mean, 9);
    });
    for (const tree of whole.trees) expect(treeDepth(tree)).toBeLessThanOrEqual(8);
  });

  it("has in each leaf the mean of the drawn rows that fall into it, whatever features its nodes were offered", () => {
    const {features, target} = simulate({rows: 600, seed: 8});
    const {forest} = fitForest(features, target, options);
    const draw = createBootstrap(600, {block: options.rowBlock, clearance: 0, seed: options.seed});
    for (const tree of forest.trees) {
      const {drawn} = draw();
      const leaves = predictMargin({...forest, baseScore: 0, trees: [tree]}, features);
      const sums = new Map<number, {sum: number; count: number}>();
      for (const i of drawn) {
        const {sum, count} = sums.get(leaves[i]!) ?? {sum: 0, count: 0};
        sums.set(leaves[i]!, {sum: sum + target[i]! - forest.baseScore, count: count + 1});
      }
      for (const [value, {sum, count}] of sums) {
        expect(60 * value).toBeCloseTo(sum / count, 5);
        expect(count).toBeGreaterThanOrEqual(options.minLeafRows);
      }
    }
  });

  it("nears the function that made the data, better than one tree does", () => {
    const {features, target} = simulate({rows: 3000, seed: 2});
    const fresh = simulate({rows: 1000, seed: 99, noise: 0});
    const error = (trees: number): number => {
      const {forest} = fitForest(features, target, {...options, trees});
      const predicted = predictMargin(forest, fresh.features);
      return fresh.target.reduce((sum, y, i) => sum + (y - predicted[i]!) ** 2, 0) / 1000;
    };
    const one = error(1);
    const many = error(60);
    expect(many).toBeLessThan(0.5 * one);
    expect(many).toBeLessThan(0.15); // the function's own variance is 2.1
  });

  it("splits each node on the features drawn for it alone, and on all of them over the forest", () => {
    const {features, target} = simulate({rows: 1500, seed: 4});
    const rootsOf = (columnShare: number) =>
      new Set(
        fitForest(features, target, {...options, columnShare}).forest.trees.map((tree) => tree.feature[0]!),
      );
    expect(rootsOf(1).size).toBe(1); // the strongest feature, always
    expect(rootsOf(0.25).size).toBe(4); // one of four a node
  });

  it("gives out-of-bag means whose errors are those of new rows", () => {
    const {features, target} = simulate({rows: 3000, seed: 5});
    const {forest, outOfBag} = fitForest(features, target, options);
    const squared = (means: Float64Array, of: Float64Array): number =>
      of.reduce((sum, y, i) => sum + (y - means[i]!) ** 2, 0) / of.length;
    const fresh = simulate({rows: 3000, seed: 50});
    const honest = squared(outOfBag, target) / squared(predictMargin(forest, fresh.features), fresh.target);
    const flattered = squared(predictMargin(forest, features), target) / squared(outOfBag, target);
    expect(honest).toBeGreaterThan(0.95);
    expect(honest).toBeLessThan(1.1);
    expect(flattered).toBeLessThan(0.9);
  });

  it("does not see overlapping labels through neighbours once rows are cleared of them", () => {
    // Labels that are sums over the next 22 shocks, and a feature that says only which row it is.
    const random = createRandom(7);
    const shocks = Array.from({length: 1522}, () => random.normal());
    const target = Float64Array.from({length: 1500}, (_, t) =>
      shocks.slice(t + 1, t + 23).reduce((sum, e) => sum + e, 0),
    );
    const features = createMatrix(
      Float64Array.from({length: 1500}, (_, t) => t),
      1,
    );
    const explained = (clearance: number): number => {
      const {outOfBag} = fitForest(features, target, {
        ...options,
        bins: 255,
        columnShare: 1,
        rowBlock: 44,
        clearance,
      });
      let own = 0;
      let all = 0;
      outOfBag.forEach((mean, i) => {
        if (Number.isNaN(mean)) return;
        own += (target[i]! - mean) ** 2;
        all += target[i]! ** 2;
      });
      return 1 - own / all;
    };
    expect(explained(0)).toBeGreaterThan(0.1); // flattered: nothing can be foretold here
    expect(explained(21)).toBeLessThan(0.02);
  });

  it("gives the same bytes for the same seed, and others for another", () => {
    const {features, target} = simulate({rows: 500, seed: 6});
    const of = (seed: number) =>
      JSON.stringify(
        fitForest(features, target, {...options, seed}).forest.trees.map(({value}) => [...value]),
      );
    expect(of(1)).toBe(of(1));
    expect(of(2)).not.toBe(of(1));
  });

  it("names an option that it cannot use", () => {
    const {features, target} = simulate({rows: 50, seed: 6});
    expect(() => fitForest(features, target, {...options, columnShare: 0})).toThrow(
      "Cannot fit boosted trees: columnShare must be above 0 and at most 1, current value is 0",
    );
  });
});

// y = 2 x0 + step of x1 + noise; x2 and x3 are of no use.
function simulate({rows, seed, noise = 1}: {rows: number; seed: number; noise?: number}): {
  features: Matrix;
  target: Float64Array;
} {
  const random = createRandom(seed);
  const values = Float64Array.from({length: 4 * rows}, () => random.uniform());
  const target = Float64Array.from(
    {length: rows},
    (_, i) => 4 * values[4 * i]! + (values[4 * i + 1]! > 0.5 ? 1.7 : 0) + noise * random.normal(),
  );
  return {features: createMatrix(values, 4), target};
}
