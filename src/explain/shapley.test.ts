import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {shapleyValues} from "./shapley.ts";

describe("shapleyValues()", () => {
  it.each([0, 1, 2, 3, 4])("is the mean over all orders in which players may arrive, seed %i", (seed) => {
    const random = createRandom(seed);
    const worth = Float64Array.from({length: 32}, () => random.normal());
    const values = shapleyValues(worth, 5);
    const orders = permutations([0, 1, 2, 3, 4]);
    expect(orders).toHaveLength(120);
    const means = new Float64Array(5);
    for (const order of orders) {
      let present = 0;
      for (const player of order) {
        means[player]! += (worth[present | (1 << player)]! - worth[present]!) / 120;
        present |= 1 << player;
      }
    }
    values.forEach((value, player) => {
      expect(Math.abs(value - means[player]!)).toBeLessThan(1e-13);
    });
  });

  it("gives each player of the glove game its published share", () => {
    // Two hold a left glove, one a right glove; a pair is worth 1: (1/6, 1/6, 4/6).
    const worth = Float64Array.from({length: 8}, (_, s) => (s & 4 && s & 3 ? 1 : 0));
    const values = shapleyValues(worth, 3);
    for (const [player, share] of [1 / 6, 1 / 6, 4 / 6].entries())
      expect(values[player]).toBeCloseTo(share, 15);
  });

  it("has nothing to share where there is no one, and refuses a worth too few", () => {
    expect(shapleyValues(new Float64Array(1), 0)).toHaveLength(0);
    expect(() => shapleyValues(new Float64Array(7), 3)).toThrow("3 players have 8 coalitions, 7 are given");
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
