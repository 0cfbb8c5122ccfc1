import {describe, expect, it} from "vitest";
import {createMatrix} from "../../math/matrix.ts";
import {fitBoostedTrees} from "./boost.ts";
import {predictMargin} from "./predict.ts";
import {prepareMargin} from "./predictRow.ts";
import {simulate} from "./simulated.fixture.ts";
import {LEAF, type Tree} from "./tree.ts";

function train(seed: number, depth: number) {
  const {features, target} = simulate(600, {width: 5, seed, missing: 0.1});
  return fitBoostedTrees(features, target, {
    loss: "squared",
    trees: 50,
    depth,
    learningRate: 0.1,
    minLeafWeight: 2,
    l2: 0,
    rowShare: 0.7,
    columnShare: 0.8,
    seed,
  });
}

describe("prepareMargin()", () => {
  it("says of a row alone and of many what predictMargin() says, to the bit", () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const unseen = simulate(200, {width: 5, seed: seed + 10, missing: 0.2}).features;
      for (const depth of [2, 3, 6]) {
        const model = train(seed, depth);
        const expected = predictMargin(model, unseen);
        const marginOf = prepareMargin(model);
        expect(marginOf(unseen)).toEqual(expected);
        const alone = Array.from(
          expected,
          (_, i) => marginOf(createMatrix(unseen.values.slice(i * 5, i * 5 + 5), 5))[0]!,
        );
        expect(Float64Array.from(alone)).toEqual(expected);
      }
    }
  });

  it("takes trees that are a leaf, and no other width", () => {
    const model = train(0, 2);
    const leaf: Tree = {...model.trees[0]!, feature: Int32Array.of(LEAF), value: Float32Array.of(3)};
    const row = createMatrix(new Float64Array(5), 5);
    expect(prepareMargin({...model, baseScore: 1, trees: [leaf, leaf]})(row)).toEqual(Float64Array.of(7));
    expect(() => prepareMargin(model)(createMatrix(new Float64Array(4), 4))).toThrow(RangeError);
  });
});
