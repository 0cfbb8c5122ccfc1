import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {createBoundTracker} from "./boundTracker.ts";

const window = {outer: 1, inner: 0.9}; // slope 2 at a miss rate of .05

describe("createBoundTracker()", () => {
  it("moves as the two equations say", () => {
    const tracker = createBoundTracker(4, {
      missRate: 0.05,
      horizon: 1,
      driftSessions: 10,
      clusterSessions: 5,
      clusterShare: 0.5,
    });
    expect(tracker.place(0, window)).toBe(1);
    tracker.learn(0, 1.01); // a miss
    const drift = (2 * 0.95) / 10;
    const recent = 0.95 / 5;
    expect(tracker.place(1, window)).toBeCloseTo(1 + drift + 0.5 * 2 * recent, 12);
    tracker.learn(1, 1.01); // inside what was placed, though beyond the window's
    const second = recent + (-0.05 - recent) / 5;
    expect(tracker.place(2, window)).toBeCloseTo(1 + drift - (2 * 0.05) / 10 + second, 12);
  });

  it.each([1, 5, 22])("keeps its promise on scores that no window foresees, %i ahead", (horizon) => {
    // The level jumps every 500 rows and the window's bounds stay where they are.
    const random = createRandom(horizon);
    const rows = 20_000;
    const tracker = createBoundTracker(rows, {missRate: 0.05, horizon});
    let missed = 0;
    const placed: number[] = [];
    const scores = Array.from({length: rows}, (_, t) => random.normal() + 2 * Math.sin(Math.floor(t / 500)));
    scores.forEach((score, t) => {
      if (t >= horizon) tracker.learn(t - horizon, scores[t - horizon]!);
      placed.push(tracker.place(t, {outer: 1.645, inner: 1.282}));
      missed += Number(score > placed[t]!);
    });
    expect(missed / rows).toBeGreaterThan(0.045);
    expect(missed / rows).toBeLessThan(0.055);
    expect(scores.filter((score) => score > 1.645).length / rows).toBeGreaterThan(0.15); // a bound that stays
    expect(Math.max(...placed)).toBeLessThan(20);
  });

  it("leaves out a month that holds fewer than four outcomes", () => {
    const moved = (horizon: number, clusterShare: number) => {
      const tracker = createBoundTracker(2, {missRate: 0.05, horizon, clusterShare});
      tracker.place(0, window);
      tracker.learn(0, 9);
      return tracker.place(1, window);
    };
    expect(moved(22, 0.5)).toBe(moved(22, 0));
    expect(moved(5, 0.5)).toBeGreaterThan(moved(5, 0));
  });

  it("neither moves nor learns where the window puts the bound at infinity", () => {
    const tracker = createBoundTracker(3, {missRate: 0.05, horizon: 1});
    expect(tracker.place(0, {outer: Infinity, inner: 2})).toBe(Infinity);
    tracker.learn(0, Infinity);
    expect(tracker.place(1, window)).toBe(1);
    tracker.learn(1, Infinity); // an unchanged close beyond a bound above 0
    expect(tracker.place(2, window)).toBeGreaterThan(1);
  });
});
