import {describe, expect, it} from "vitest";
import {planFolds} from "./folds.ts";
import {type FitGrid, planUniverses} from "./multiverse.ts";

const grid: FitGrid = {
  trainFrom: [8552, 10228, 12054],
  windowSessions: [2000, 1000],
  refitSessions: [252, 63],
  refitSessionsAlone: [21],
  purgeSessions: [5, 10, 22],
  featureSets: [
    {name: "all", features: ["a", "b"]},
    {name: "ranges", features: ["a"]},
  ],
};

describe("planUniverses()", () => {
  const universes = planUniverses(grid, {horizon: 5});

  it("crosses features, purges and training spans, and starts with the first of each list", () => {
    expect(universes).toHaveLength(2 * 3 * 5);
    expect(universes[0]).toMatchObject({
      trainFrom: 8552,
      window: "expanding",
      purge: 5,
      featureSet: {name: "all"},
    });
    expect(new Set(universes.map((universe) => JSON.stringify(universe))).size).toBe(30);
  });

  it("tries the slow refits on the first of every other list alone", () => {
    expect(universes.map(({refits}) => refits)).toEqual([[21, 63, 252], ...Array(29).fill([63, 252])]);
  });

  it("crosses no rolling window with a first day: by the first forecast it has forgotten them all", () => {
    const rolling = universes.filter(({window}) => window !== "expanding");
    expect(new Set(rolling.map(({trainFrom}) => trainFrom))).toEqual(new Set([8552]));
    const sessions = Int32Array.from({length: 5000}, (_, t) => 8500 + t);
    const folds = (trainFrom: number) =>
      planFolds(sessions, {
        firstOrigin: 12_900,
        horizon: 5,
        refitEvery: 63,
        window: {sessions: 2000},
        trainFrom,
      });
    expect(folds(8552)).toEqual(folds(10_228));
  });

  it("refuses a purge that leaks, refits off the grid, and an empty choice", () => {
    expect(() => planUniverses({...grid, purgeSessions: [5, 3]}, {horizon: 5})).toThrow(
      "a purge of 3 sessions leaks labels of 5",
    );
    expect(() => planUniverses({...grid, refitSessions: [63, 250]}, {horizon: 5})).toThrow(
      "every 250 sessions are not on the grid of every 21",
    );
    expect(() => planUniverses({...grid, featureSets: []}, {horizon: 5})).toThrow("featureSets is empty");
  });
});
