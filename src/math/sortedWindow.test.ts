import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {createSortedWindow} from "./sortedWindow.ts";

describe("createSortedWindow()", () => {
  it.each([1, 7, 50, Infinity])("has the ranks of the latest values sorted, capacity %d", (capacity) => {
    const random = createRandom(3);
    const values = Array.from({length: 200}, () => Math.round(5 * random.normal()) + 0); // many ties
    values.splice(40, 2, -Infinity, Infinity);
    const window = createSortedWindow(capacity);
    values.forEach((value, t) => {
      window.push(value);
      const latest = values.slice(Math.max(0, t + 1 - capacity), t + 1).sort((a, b) => a - b);
      expect(window.size()).toBe(latest.length);
      latest.forEach((expected, i) => {
        expect(window.smallest(i + 1)).toBe(expected);
        expect(window.largest(latest.length - i)).toBe(expected);
      });
      expect(window.countBelow(value)).toBe(latest.filter((other) => other < value).length);
    });
  });
});
