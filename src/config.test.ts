import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {parseConfig, readConfig} from "./config.ts";

const text = readFileSync(new URL("../config/default.yaml", import.meta.url), "utf8");

describe("parseConfig()", () => {
  it("reads the default configuration", () => {
    expect(parseConfig(text)).toMatchObject({source: "auto", champion: "selected", horizons: [1, 5, 22]});
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
    ["a champion that is not fitted", "champion: selected", "champion: oracle", /champion is "oracle"/],
    [
      "a combination of what is not forecast",
      "members: &members [shar,",
      "members: &members [oracle,",
      /combination mean has the member oracle, which is neither/,
    ],
    [
      "a combination of one made after it",
      "members: &members [shar,",
      "members: &members [stacked,",
      /combination mean has the member stacked, which is neither .* nor a combination before it/,
    ],
    [
      "a combination with the name of a model",
      "- name: mean",
      "- name: har",
      /walk_forward\.combinations names har, which is already the name/,
    ],
    [
      "a kind of combination that is not known",
      "kind: mean",
      "kind: median",
      /walk_forward\.combinations\.\d\.kind .*current value is "median"/,
    ],
    ["text that is not YAML", "source: auto", "source: [", /./],
  ])("refuses %s and names it", (_, from, to, message) => {
    expect(() => parseConfig(text.replace(from, to))).toThrow(message);
  });
});

describe("readConfig()", () => {
  const files: Record<string, string> = {
    "config/default.yaml": text,
    "config/targets/BVSP.yaml":
      "extends: ../default.yaml\nuniverse: {target: ^BVSP, vix: null}\nwalk_forward: {refit_sessions: {gbdt: 126}}\n",
    "config/targets/short.yaml": "extends: BVSP.yaml\nhorizons: [5]\n",
    "config/lost.yaml": "extends: nowhere.yaml\n",
    "config/list.yaml": "extends: [default.yaml]\n",
    "config/circle.yaml": "extends: circle.yaml\n",
    "config/wrong.yaml": "extends: default.yaml\nuniverse: {targte: QQQ}\n",
    "config/number.yaml": "extends: default.yaml\ninterval: {coverage: 90}\n",
  };
  const read = (path: string) => readConfig(path, (name) => files[name.replace("targets/../", "")]);

  it("lays a file over the one it extends, a mapping key by key and anything else whole", () => {
    const base = read("config/default.yaml");
    const short = read("config/targets/short.yaml");
    expect(base).toEqual(parseConfig(text));
    expect(short).toEqual({
      ...base,
      horizons: [5],
      universe: {...base.universe, target: "^BVSP", vix: null},
      walk_forward: {
        ...base.walk_forward,
        refit_sessions: {...base.walk_forward.refit_sessions, gbdt: 126},
      },
    });
  });

  it.each([
    [
      "config/lost.yaml",
      "Cannot read the configuration config/nowhere.yaml, which config/lost.yaml extends: there is no such file",
    ],
    ["config/list.yaml", 'extends of config/list.yaml must name a file, current value is ["default.yaml"]'],
    ["config/circle.yaml", "more than 8 files extend one another, or they go in a circle"],
    ["config/wrong.yaml", 'universe.targte is not a key that there is, current value is "QQQ"'],
    ["config/number.yaml", "interval.coverage must be < 1, current value is 90"],
    ["config/absent.yaml", "Cannot read the configuration config/absent.yaml: there is no such file"],
  ])("refuses %s and says why", (path, message) => {
    expect(() => read(path)).toThrow(message);
  });

  it("takes no extends where there is no file it could be beside", () => {
    expect(() => parseConfig(`extends: x.yaml\n${text}`)).toThrow("extends is not a key that there is");
  });
});
