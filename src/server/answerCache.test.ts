import {describe, expect, it} from "vitest";
import {createAnswerCache} from "./answerCache.ts";

function create(changes = {}) {
  let time = 0;
  const cache = createAnswerCache<number>({
    entries: 3,
    seconds: 10,
    longestKey: 5,
    now: () => time,
    ...changes,
  });
  return {cache, pass: (ms: number) => (time += ms)};
}

describe("createAnswerCache()", () => {
  it("keeps an answer for its time, however often it is asked", () => {
    const {cache, pass} = create();
    cache.set("a", 1);
    for (let i = 0; i < 9; i++) {
      pass(1000);
      expect(cache.get("a")).toBe(1);
    }
    pass(1000);
    expect(cache.get("a")).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it("holds so many, and forgets the one that was not asked for the longest", () => {
    const {cache} = create();
    for (const [i, key] of ["a", "b", "c"].entries()) cache.set(key, i);
    cache.get("a");
    cache.set("d", 3);
    expect(["a", "b", "c", "d"].map((key) => cache.get(key))).toEqual([0, undefined, 2, 3]);
    for (let i = 0; i < 1000; i++) cache.set(String(i), i);
    expect(cache.size).toBe(3);
  });

  it("keeps nothing under a long key, and nothing at all for 0 seconds", () => {
    const {cache} = create();
    cache.set("longer", 1);
    expect(cache.get("longer")).toBeUndefined();
    const {cache: none} = create({seconds: 0});
    none.set("a", 1);
    expect(none.get("a")).toBeUndefined();
  });
});
