import {describe, expect, it} from "vitest";
import {lastTrainingReturn, leakingFolds, planFolds} from "./folds.ts";

const sessions = Int32Array.from({length: 400}, (_, i) => 10_000 + i);
const options = {firstOrigin: 10_100, horizon: 5, refitEvery: 21, window: "expanding"} as const;

describe("planFolds()", () => {
  it("anchors the refits at the first origin and forecasts every later session once", () => {
    const folds = planFolds(sessions, options);
    expect(folds[0]).toEqual({trainStart: 0, trainEnd: 96, testStart: 100, testEnd: 121});
    expect(folds.map(({testStart}) => testStart)).toEqual(folds.map((_, i) => 100 + 21 * i));
    folds.slice(1).forEach((fold, i) => {
      expect(fold.testStart).toBe(folds[i]!.testEnd);
    });
    expect(folds.at(-1)!.testEnd).toBe(400);
  });

  it.each([1, 5, 22])(
    "trains up to the row whose label ends with the refit's session, %i ahead",
    (horizon) => {
      for (const fold of planFolds(sessions, {...options, horizon})) {
        expect(lastTrainingReturn(fold, horizon)).toBe(fold.testStart);
      }
    },
  );

  it("does not move old folds when sessions are appended", () => {
    const before = planFolds(sessions.subarray(0, 250), options);
    const after = planFolds(sessions, options);
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    expect({...after[before.length - 1]!, testEnd: 250}).toEqual(before.at(-1));
  });

  it("waits for the least number of training rows", () => {
    const [first] = planFolds(sessions, {...options, minTrain: 150});
    expect(first!.trainEnd - first!.trainStart).toBe(150);
    expect(planFolds(sessions, {...options, minTrain: 96})[0]!.testStart).toBe(100);
  });

  it("keeps a rolling window's length", () => {
    for (const {trainStart, trainEnd} of planFolds(sessions, {...options, window: {sessions: 60}}))
      expect(trainEnd - trainStart).toBe(60);
  });

  it("never trains before trainFrom", () => {
    const folds = planFolds(sessions, {...options, trainFrom: 10_050, window: {sessions: 1000}});
    expect(folds.every(({trainStart}) => trainStart === 50)).toBe(true);
  });

  it("refuses lengths that are not positive, and a start beyond the sessions", () => {
    expect(() => planFolds(sessions, {...options, refitEvery: 0})).toThrow(
      "Cannot fold sessions: refitEvery must be a whole number > 0, current value is 0",
    );
    expect(() => planFolds(sessions, {...options, window: {sessions: -5}})).toThrow(
      "Cannot fold sessions: window.sessions must be a whole number > 0, current value is -5",
    );
    expect(() => planFolds(sessions, {...options, firstOrigin: 20_000})).toThrow(
      "lies beyond the 400 sessions",
    );
  });
});

describe("leakingFolds()", () => {
  it.each([1, 5, 22])("finds nothing in a purged plan, %i ahead", (horizon) => {
    expect(leakingFolds(planFolds(sessions, {...options, horizon}), horizon)).toEqual([]);
  });

  it("catches every fold planned without the purge", () => {
    const folds = planFolds(sessions, {...options, purge: 0});
    expect(leakingFolds(folds, 5)).toEqual(folds);
  });

  it("catches a purge one session short", () => {
    const folds = planFolds(sessions, {...options, purge: 4});
    expect(leakingFolds(folds, 5)).toEqual(folds);
  });
});
