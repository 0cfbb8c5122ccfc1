import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {fitBoostedTrees} from "./gbdt/boost.ts";
import {fromPlainTrees, toPlainTrees} from "./plainTrees.ts";

const random = createRandom(1);
const rows = 800;
const width = 5;
const values = Float64Array.from({length: rows * width}, () =>
  random.uniform() < 0.1 ? Number.NaN : random.normal(),
);
const target = Float64Array.from({length: rows}, (_, i) => (values[i * width] || 0) + 0.1 * random.normal());
const trees = fitBoostedTrees({values, rows, width}, target, {
  loss: "squared",
  trees: 12,
  depth: 4,
  learningRate: 0.1,
  minLeafWeight: 5,
  l2: 1,
  rowShare: 0.5,
  columnShare: 0.7,
  seed: 3,
});

describe("toPlainTrees() and fromPlainTrees()", () => {
  it("bring every bit of the trees through JSON", () => {
    expect(fromPlainTrees(JSON.parse(JSON.stringify(toPlainTrees(trees))))).toEqual(trees);
  });

  it("write base64 as everybody does, whatever the number of bytes", () => {
    for (let count = 0; count < 6; count++) {
      const {nodes} = toPlainTrees({...trees, trees: trees.trees.slice(0, count)});
      expect(Buffer.from(nodes, "base64").toString("base64")).toBe(nodes);
    }
  });

  it("take a sum of no trees", () => {
    expect(fromPlainTrees(toPlainTrees({...trees, trees: []})).trees).toEqual([]);
  });

  it("refuse text that is too short, and more features than can be counted", () => {
    const plain = toPlainTrees(trees);
    expect(() => fromPlainTrees({...plain, nodes: plain.nodes.slice(4)})).toThrow("Cannot read trees");
    expect(() => toPlainTrees({...trees, width: 40_000})).toThrow("32767 or fewer, there are 40000");
  });
});
