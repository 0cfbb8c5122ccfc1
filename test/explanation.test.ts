import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {bridgeForecast, NEW_FIT} from "../src/explain/bridge.ts";
import {type Attribution, attribute, explainedSessions} from "../src/report/attribution.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {runPipeline} from "./runPipeline.ts";

const folder = mkdtempSync(join(tmpdir(), "volbook-explanation-"));
const HORIZONS = [1, 5, 22];
const CHAMPION = "selected"; // by test/small.yaml
let lake: ReturnType<typeof openLake>;

beforeAll(async () => {
  const variables = {
    CONFIG: "test/small.yaml",
    SOURCE: "sample",
    DATA_DIR: folder,
    NOW: "2023-06-01T12:00:00Z",
  };
  expect(await runPipeline(["explain"], variables)).toMatchObject({code: 0, stderr: ""});
  lake = openLake({store: localDirectory(join(folder, "sample"))});
}, 400_000);
afterAll(() => rmSync(folder, {recursive: true, force: true}), 400_000);

describe("the bridge from each forecast to the next", () => {
  it.each(HORIZONS)("sums exactly on every day, refits included, %i sessions ahead", async (horizon) => {
    const shap = await lake.read("shap_daily");
    const restated = attributions(await lake.read("shap_restated"), horizon);
    const explained = [...attributions(shap, horizon).values()];
    const forecasts = await championForecasts(horizon);
    let refits = 0;
    for (let i = 1; i < explained.length; i++) {
      const [before, after] = [explained[i - 1]!, explained[i]!];
      const bars = bridgeForecast(before, after, restated.get(before.session));
      const [from, to] = [forecasts.get(before.session)!, forecasts.get(after.session)!];
      expect(Math.abs(sum(bars.map(({change}) => change)) - Math.log(to.rv / from.rv))).toBeLessThan(1e-12);
      expect(Math.abs(sum(bars.map(({points}) => points)) - (to.rv - from.rv))).toBeLessThan(1e-12);
      const refitted = from.trainedThrough !== to.trainedThrough;
      expect(restated.has(before.session)).toBe(refitted);
      // Weights chosen again may be the same: then the new fit is the old one, and has no bar.
      const changed = bars.some(({feature}) => feature === NEW_FIT);
      if (changed) expect(refitted).toBe(true);
      if (changed) refits++;
    }
    expect(explained.length).toBeGreaterThan(500);
    expect(refits).toBeGreaterThan(5);
  });
});

describe("the anatomy of the champion's loss", () => {
  it("adds up, in every period, to the loss of the base less that of the leaderboard", async () => {
    const rows = tableRows(await lake.read("loss_anatomy"));
    const leaderboard = tableRows(await lake.read("leaderboard"));
    const parts = Map.groupBy(rows, ({horizon, period}) => `${horizon} ${period}`);
    expect(parts.size).toBeGreaterThanOrEqual(3 * 4); // all, the reference span, three years and more
    for (const own of parts.values()) {
      const {horizon, period, n, qlike_base, qlike_full} = own[0] as Record<string, number>;
      const values = own.map(({value}) => value as number);
      expect(Math.abs(sum(values) - (qlike_base! - qlike_full!))).toBeLessThan(1e-12);
      const scored = leaderboard.find(
        (row) => row.model === CHAMPION && row.horizon === horizon && row.period === period,
      )!;
      expect(qlike_full).toBeCloseTo(scored.qlike as number, 12);
      expect(scored.n).toBeGreaterThanOrEqual(n!);
    }
  });

  it("credits what the simulated market is made of: its own variance and the VIX that prices it", async () => {
    const rows = tableRows(await lake.read("loss_anatomy"));
    const all = rows.filter(({horizon, period}) => horizon === 5 && period === "all");
    const best = all.toSorted((a, b) => (b.value as number) - (a.value as number)).slice(0, 2);
    expect(best.map(({group}) => group).sort()).toEqual(["VIX level", "own ranges"]);
  });
});

function attributions(shap: Table, horizon: number): Map<number, Attribution> {
  return new Map([...explainedSessions(shap, horizon)].map(([day, rows]) => [day, attribute(shap, rows)]));
}

async function championForecasts(horizon: number) {
  const walkforward = await lake.read("walkforward_daily", {equals: {model: CHAMPION}});
  const [dates, horizons] = [integers(walkforward, "date"), integers(walkforward, "horizon")];
  const [rv, trained] = [numbers(walkforward, "rv_hat"), integers(walkforward, "trained_through")];
  expect(new Set(texts(walkforward, "model"))).toEqual(new Set([CHAMPION]));
  return new Map(
    Array.from(dates.keys())
      .filter((row) => horizons[row] === horizon)
      .map((row) => [dates[row]!, {rv: rv[row]!, trainedThrough: trained[row]!}]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
