import {describe, expect, it} from "vitest";
import {type Evidence, evidence, isCleared, mergeEvidence} from "./evidence.ts";

const vix = {kind: "feature", name: "vix", horizon: null} as const;
const held = evidence(vix, {future: "scaled", rows: 10, cells: 10, moved: 3, violation: null});
const broke = (session: number, text: string): Evidence =>
  evidence(vix, {future: "erased", rows: 20, cells: 20, moved: 0, violation: {session, text}});

describe("mergeEvidence()", () => {
  it("counts all changes of a subject and names its earliest violation, in whatever order they come", () => {
    const found = [broke(9, "b"), held, broke(7, "z"), broke(7, "a")];
    const merged = mergeEvidence(found);
    expect(merged).toEqual([
      {
        ...vix,
        futures: ["erased", "scaled"],
        changes: 4,
        rows: 20,
        cells: 70,
        moved: 3,
        violations: 3,
        first: {session: 7, text: "a"},
      },
    ]);
    expect(mergeEvidence(found.reverse())).toEqual(merged);
  });

  it("keeps subjects apart by kind, name and horizon, in that order", () => {
    const label = {kind: "label", name: "rv_5d", horizon: 5} as const;
    const sizes = {future: "scaled", rows: 1, cells: 1, moved: 0, violation: null};
    const found = [evidence({...label, horizon: 22}, sizes), evidence(label, sizes), held];
    expect(mergeEvidence(found).map(({kind, horizon}) => [kind, horizon])).toEqual([
      ["feature", null],
      ["label", 5],
      ["label", 22],
    ]);
  });
});

describe("isCleared()", () => {
  it("wants something compared and nothing amiss", () => {
    expect(isCleared(held)).toBe(true);
    expect(isCleared(broke(1, "x"))).toBe(false);
    expect(isCleared({...held, cells: 0})).toBe(false);
  });
});
