import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {parseConfig} from "./config.ts";

const text = readFileSync(new URL("../config/default.yaml", import.meta.url), "utf8");

describe("parseConfig()", () => {
  it("reads the default configuration", () => {
    expect(parseConfig(text)).toMatchObject({source: "auto", champion: "anchored", horizons: [1, 5, 22]});
  });

  it.each([
    ["a key that is not known", "gates:", "gatez:", /must have required properties gates/],
    ["a number out of range", "seed: 20050103", "seed: -1", /seed must be >= 0, current value is -1/],
    [
      "a text for a number",
      "coverage: 0.9",
      "coverage: high",
      /interval\.coverage must be number, current value is "high"/,
    ],
    ["a horizon without labels", "horizons: [1, 5, 22]", "horizons: [1, 5, 10]", /horizons/],
    [
      "no five-session horizon",
      "horizons: [1, 5, 22]",
      "horizons: [1]",
      /horizons must include 5, current value is 1/,
    ],
    [
      "a day that does not exist",
      "first: 1993-01-29",
      "first: 1993-02-30",
      /"1993-02-30": it must be a real day/,
    ],
    ["a champion that is not fitted", "champion: anchored", "champion: oracle", /champion is "oracle"/],
    [
      "a combination of what is not forecast",
      "{name: mean, kind: mean, members: [shar,",
      "{name: mean, kind: mean, members: [oracle,",
      /combination mean has the member oracle, which is neither/,
    ],
    [
      "a combination of one made after it",
      "{name: mean, kind: mean, members: [shar,",
      "{name: mean, kind: mean, members: [stacked,",
      /combination mean has the member stacked, which is neither .* nor a combination before it/,
    ],
    [
      "a combination with the name of a model",
      "{name: mean, kind: mean,",
      "{name: har, kind: mean,",
      /walk_forward\.combinations names har, which is already the name/,
    ],
    [
      "a kind of combination that is not known",
      "{name: mean, kind: mean,",
      "{name: mean, kind: median,",
      /walk_forward\.combinations\.0\.kind .*current value is "median"/,
    ],
    ["text that is not YAML", "source: auto", "source: [", /./],
  ])("refuses %s and names it", (_, from, to, message) => {
    expect(() => parseConfig(text.replace(from, to))).toThrow(message);
  });
});
