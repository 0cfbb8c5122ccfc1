import {describe, expect, it} from "vitest";
import {randomBars} from "../features/randomBars.ts";
import {createRandom} from "../random.ts";
import {changeFutureBars, changeValues, FUTURES, futureRows} from "./futures.ts";

const values = Float64Array.from({length: 40}, (_, i) => 1 + i);
const later = FUTURES.map((future) => [future] as const);

describe("futureRows()", () => {
  it.each(later)("%s leaves rows up to the known one as they are and changes a later one", (future) => {
    for (const known of [-1, 0, 17, 36]) {
      const changed = changeValues(values, futureRows(future, {rows: 40, known, seed: 3}));
      expect(changed.subarray(0, known + 1)).toEqual(values.subarray(0, known + 1));
      expect(changed.subarray(known + 1)).not.toEqual(values.subarray(known + 1));
    }
  });

  it("reverses and shuffles without losing a value, the shuffle by its seed", () => {
    const shuffled = (seed: number) =>
      changeValues(values, futureRows("shuffled", {rows: 40, known: 9, seed}));
    const reversed = changeValues(values, futureRows("reversed", {rows: 40, known: 9}));
    expect(reversed.slice(10)).toEqual(values.slice(10).reverse());
    expect(shuffled(1).toSorted()).toEqual(values);
    expect(shuffled(1)).toEqual(shuffled(1));
    expect(shuffled(1)).not.toEqual(shuffled(2));
  });

  it.each(later)("%s keeps at most so many later rows", (future) => {
    const {kept} = futureRows(future, {rows: 40, known: 9, atMost: 5});
    expect(kept.length).toBeLessThanOrEqual(15);
    expect(kept.length).toBeGreaterThanOrEqual(10);
  });
});

describe("changeFutureBars()", () => {
  const bars = randomBars(createRandom(2), {count: 60});
  const day = bars.sessions[30]!;

  it.each(later)("%s makes bars with increasing sessions that agree up to the day", (future) => {
    const changed = changeFutureBars(bars, {future, day, seed: 1});
    for (let i = 1; i < changed.sessions.length; i++) {
      expect(changed.sessions[i]!).toBeGreaterThan(changed.sessions[i - 1]!);
    }
    for (const name of ["sessions", "open", "high", "low", "close", "adjClose", "volume"] as const) {
      expect(changed[name].subarray(0, 31)).toEqual(bars[name].subarray(0, 31));
      expect(changed[name]).toHaveLength(changed.sessions.length);
    }
  });

  it("keeps the order of a bar's prices when it scales or moves them", () => {
    for (const future of ["scaled", "reversed", "shuffled", "extreme"] as const) {
      const {low, close, high} = changeFutureBars(bars, {future, day, seed: 1});
      low.forEach((price, i) => {
        expect(price).toBeLessThanOrEqual(close[i]!);
        expect(close[i]!).toBeLessThanOrEqual(high[i]!);
      });
    }
  });

  it("deletes what is dated after `last`, and everything of a series that begins after the day", () => {
    const last = bars.sessions[40]!;
    expect(changeFutureBars(bars, {future: "scaled", day, last}).sessions.at(-1)).toBe(last);
    const before = bars.sessions[0]! - 10;
    expect(changeFutureBars(bars, {future: "truncated", day: before}).sessions).toHaveLength(0);
  });
});
