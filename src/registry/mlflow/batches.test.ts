import {describe, expect, it} from "vitest";
import {batches, flatten, LIMITS, toMetrics, toParams} from "./batches.ts";

const numbered = (count: number, value = "v"): Record<string, string> =>
  Object.fromEntries(Array.from({length: count}, (_, i) => [`key ${i}`, value]));

describe("batches()", () => {
  it("keeps every request within every limit, and loses nothing", () => {
    const data = {
      params: toParams(numbered(350, "\u{1f600}".repeat(4000))),
      metrics: toMetrics(Object.fromEntries(Array.from({length: 2500}, (_, i) => [`m${i}`, i])), {
        timestamp: 1,
      }),
      tags: toParams(numbered(150)),
    };
    const parts = [...batches(data)];
    for (const {params, metrics, tags} of parts) {
      expect(params.length).toBeLessThanOrEqual(100);
      expect(metrics.length).toBeLessThanOrEqual(1000);
      expect(tags.length).toBeLessThanOrEqual(100);
      expect(params.length + metrics.length + tags.length).toBeLessThanOrEqual(1000);
      const request = JSON.stringify({run_id: "x".repeat(256), params, metrics, tags});
      expect(Buffer.byteLength(request)).toBeLessThanOrEqual(LIMITS.requestBytes);
    }
    for (const kind of ["params", "metrics", "tags"] as const)
      expect(parts.flatMap((part) => part[kind] as unknown[])).toEqual(data[kind]);
  });

  it("makes no request of nothing", () => {
    expect([...batches({params: [], metrics: [], tags: []})]).toEqual([]);
  });
});

describe("toParams()", () => {
  it("has keys that are no path and no two alike, and cuts no character in two", () => {
    const made = toParams({
      "/etc": "1",
      "..": "2",
      "": "3",
      "^VIX": "4",
      "=VIX": "5",
      emoji: "\u{1f600}".repeat(3001),
    });
    expect(made.map(({key}) => key)).toEqual(["_etc", "_..", "_", "_VIX", "_VIX_2", "emoji"]);
    expect(made.at(-1)!.value.isWellFormed()).toBe(true);
    expect(made.at(-1)!.value.length).toBeLessThanOrEqual(6000);
  });
});

describe("flatten()", () => {
  it("names a value by its place, and keeps lists whole", () => {
    expect(
      flatten({seed: 1, walk: {refit: {rv20: 21}}, horizons: [1, 5], vix: null, champion: "selected"}),
    ).toEqual({
      seed: "1",
      "walk.refit.rv20": "21",
      horizons: "[1,5]",
      vix: "null",
      champion: "selected",
    });
  });
});
