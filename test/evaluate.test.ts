// What does the evaluate stage leave in the lake, from a run of the command?
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {EVALUATED} from "../src/store/evaluationDatasets.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";
import {runPipeline} from "./runPipeline.ts";

describe("the evaluate stage on the sample market", {timeout: 240_000}, () => {
  let folder: string;
  const tables = {} as Record<(typeof EVALUATED)[number] | "features_daily", Table>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "volbook-evaluate-"));
    const variables = {
      CONFIG: "test/small.yaml",
      SOURCE: "sample",
      DATA_DIR: folder,
      NOW: "2023-06-01T12:00:00Z",
    };
    expect(await runPipeline(["evaluate"], variables)).toMatchObject({code: 0, stderr: ""});
    const lake = openLake({store: localDirectory(join(folder, "sample"))});
    for (const name of [...EVALUATED, "features_daily"] as const) tables[name] = await lake.read(name);
  }, 240_000);
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  it("has the effective n beside n in every table", () => {
    for (const name of EVALUATED) {
      const horizon = integers(tables[name], "horizon");
      const n = integers(tables[name], "n");
      numbers(tables[name], "n_effective").forEach((effective, row) => {
        expect(effective).toBeCloseTo(n[row]! / horizon[row]!, 10);
      });
    }
  });

  it("scores all days, the reference span, years, thirds of VIX and stress at every horizon", () => {
    const {leaderboard} = tables;
    const periods = texts(leaderboard, "period");
    const expected = [
      "all",
      "2021-2022",
      "2021",
      "2022",
      "2023",
      "vix_low",
      "vix_middle",
      "vix_high",
      "stress",
    ];
    for (const horizon of [1, 5, 22]) {
      const own = periods.filter((_, row) => integers(leaderboard, "horizon")[row] === horizon);
      expect(new Set(own)).toEqual(new Set(expected));
    }
  });

  it("shares the scored days out among the thirds of VIX, and has a tenth of them in stress", () => {
    const {leaderboard} = tables;
    const n = (period: string, horizon: number) =>
      integers(leaderboard, "n")[
        texts(leaderboard, "period").findIndex(
          (own, row) => own === period && integers(leaderboard, "horizon")[row] === horizon,
        )
      ]!;
    for (const horizon of [1, 5, 22]) {
      const thirds = ["vix_low", "vix_middle", "vix_high"].map((name) => n(name, horizon));
      expect(thirds.reduce((sum, count) => sum + count, 0)).toBe(n("all", horizon));
      expect(n("stress", horizon)).toBe(Math.floor(n("all", horizon) / 10));
    }
  });

  it("tests every pair of models both ways where there are a hundred independent outcomes, and nowhere else", () => {
    const {leaderboard, model_tests} = tables;
    const models = new Set(texts(leaderboard, "model")).size;
    const tested = new Map<string, number>();
    texts(model_tests, "period").forEach((period, row) => {
      const key = `${integers(model_tests, "horizon")[row]} ${period}`;
      tested.set(key, (tested.get(key) ?? 0) + 1);
      expect(numbers(model_tests, "n_effective")[row]).toBeGreaterThan(98); // unchanged closes are left out
    });
    expect([...new Set(tested.values())]).toEqual([models * (models - 1)]);
    expect([...tested.keys()]).toContain("1 vix_low");
    expect([...tested.keys()].filter((key) => key.startsWith("22") || key.endsWith("stress"))).toEqual([]);
  });

  it("leaves a leaderboard without figures of tests where there are none", () => {
    const {leaderboard} = tables;
    const tests = ["dm_t_har_vix", "dm_p_rv20", "mcs_p", "mcs_p_range", "gain_qlike_rv20_lo"];
    texts(leaderboard, "period").forEach((period, row) => {
      const effective = numbers(leaderboard, "n_effective")[row]!;
      if (effective >= 100 && period !== "stress") return;
      for (const name of tests) expect(numbers(leaderboard, name)[row]).toBeNaN();
    });
  });
});
