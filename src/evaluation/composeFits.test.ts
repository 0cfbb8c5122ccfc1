import {describe, expect, it} from "vitest";
import {type CombinationKind, createCombination} from "../models/combination.ts";
import {composeFits, type FittedRows, type WeightedCombination} from "./composeFits.ts";

describe("composeFits()", () => {
  const fits = new Map([
    ["a", [fitted(10, 20), fitted(20, 30), fitted(30, 40)]],
    ["b", [fitted(10, 30), fitted(30, 40)]],
  ]);
  const mean = weighted("mean_ab", "log_mean", ["a", "b"], [[10, [0.5, 0.5], 0]]);

  it("ends a run where any fit or weight changes, and names the fits that are in force", () => {
    const runs = composeFits("mean_ab", {fits, combinations: new Map([["mean_ab", mean]])});
    expect(runs.map(({rows}) => [rows.start, rows.end])).toEqual([
      [10, 20],
      [20, 30],
      [30, 40],
    ]);
    expect(runs[1]!.parts).toEqual([
      {fitted: fits.get("a")![1], model: "a", weight: 0.5},
      {fitted: fits.get("b")![0], model: "b", weight: 0.5},
    ]);
    expect(runs.map(({trainedThrough}) => trainedThrough)).toEqual([110, 120, 130]);
  });

  it("multiplies weights out through combinations, a shared model once", () => {
    const outer = weighted(
      "outer",
      "stacked",
      ["a", "mean_ab"],
      [
        [10, [0.25, 0.75], 0],
        [25, [0, 1], 124],
      ],
    );
    const runs = composeFits("outer", {
      fits,
      combinations: new Map([
        ["mean_ab", mean],
        ["outer", outer],
      ]),
    });
    expect(
      runs.map(({rows, parts}) => [rows.start, parts.map(({model, weight}) => [model, weight])]),
    ).toEqual([
      [
        10,
        [
          ["a", 0.625],
          ["b", 0.375],
        ],
      ],
      [
        20,
        [
          ["a", 0.625],
          ["b", 0.375],
        ],
      ],
      [
        25,
        [
          ["a", 0.5],
          ["b", 0.5],
        ],
      ],
      [
        30,
        [
          ["a", 0.5],
          ["b", 0.5],
        ],
      ],
    ]);
    expect(runs[2]!.trainedThrough).toBe(124); // the outcomes that chose the weights are newer than the fits
  });

  it("does not begin a run where only a member without weight is fitted anew", () => {
    const choice = weighted("choice", "leader", ["a", "b"], [[10, [0, 1], 0]]);
    const runs = composeFits("choice", {fits, combinations: new Map([["choice", choice]])});
    expect(runs.map(({rows}) => [rows.start, rows.end])).toEqual([
      [10, 30],
      [30, 40],
    ]);
  });

  it("has no run before every member with weight has a forecast", () => {
    const late = new Map([...fits, ["b", [fitted(30, 40)]]]);
    const joint = weighted("mean_ab", "log_mean", ["a", "b"], [[30, [0.5, 0.5], 0]]);
    const runs = composeFits("mean_ab", {fits: late, combinations: new Map([["mean_ab", joint]])});
    expect(runs.map(({rows}) => [rows.start, rows.end])).toEqual([[30, 40]]);
  });

  it("refuses a mean of levels and a member that is nowhere", () => {
    const levels = weighted("levels", "mean", ["a", "b"], [[10, [0.5, 0.5], 0]]);
    expect(() => composeFits("levels", {fits, combinations: new Map([["levels", levels]])})).toThrow(
      "it averages variances",
    );
    const lost = weighted("lost", "log_mean", ["a", "c"], [[10, [0.5, 0.5], 0]]);
    expect(() => composeFits("lost", {fits, combinations: new Map([["lost", lost]])})).toThrow(
      "c is neither a fitted model nor a combination",
    );
  });
});

function fitted(start: number, end: number): FittedRows {
  return {rows: {start, end}, trainedThrough: 100 + start};
}

function weighted(
  name: string,
  kind: CombinationKind,
  members: readonly string[],
  refits: readonly (readonly [number, readonly number[], number])[],
): WeightedCombination {
  return {
    combination: createCombination({name, kind, members}),
    refits: refits.map(([row, weights, lastOutcome]) => ({
      row,
      weights: Float64Array.from(weights),
      outcomes: lastOutcome > 0 ? 300 : 0,
      lastOutcome,
    })),
  };
}
