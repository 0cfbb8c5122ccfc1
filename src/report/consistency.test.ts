import {describe, expect, it} from "vitest";
import {evaluateForecasts} from "../evaluation/evaluateForecasts.ts";
import {createRandom} from "../random.ts";
import {columnTypes} from "../store/contract.ts";
import {datasets} from "../store/datasets.ts";
import {type Table, tableFromRows} from "../store/table.ts";
import {isoDate} from "../units.ts";
import {checkConsistency} from "./consistency.ts";

const OPTIONS = {champion: "anchored", intervalMethod: "adaptive"};
const FIRST = 18_000; // 2019-04-14
const SESSIONS = 1100;

type Tables = Readonly<Record<string, Table>>;
type Rows = readonly Readonly<Record<string, unknown>>[];

const published = publish();

/** The tables with one value changed. */
function plant(
  dataset: string,
  column: string,
  {row = 0, by}: {row?: number; by: (value: number) => number},
) {
  const table = published[dataset]!;
  const values = table.columns[column] as Float64Array | Int32Array;
  const changed = values.slice();
  changed[row] = by(values[row]!);
  return {...published, [dataset]: {...table, columns: {...table.columns, [column]: changed}}};
}

const findings = (tables: Tables) => checkConsistency(tables, OPTIONS).inconsistencies;
const known = (dataset: string, column: string) =>
  (published[dataset]!.columns[column] as Float64Array).findIndex(
    (value) => Number.isFinite(value) && value !== 0,
  );

describe("checkConsistency()", () => {
  it("finds nothing in tables that the evaluation made, and has looked at every one", () => {
    const {inconsistencies, checked} = checkConsistency(published, OPTIONS);
    expect(inconsistencies).toEqual([]);
    for (const dataset of Object.keys(published).filter((name) => name !== "walkforward_daily"))
      expect([dataset, (checked[dataset] ?? 0) > 0]).toEqual([dataset, true]);
  });

  it.each([
    ["leaderboard", "n_effective"],
    ["leaderboard", "gain_qlike_rv20"],
    ["leaderboard", "gain_rmse_har_vix"],
    ["leaderboard", "qlike"],
    ["leaderboard", "rmse_pct"],
    ["leaderboard", "mae_pct"],
    ["leaderboard", "bias"],
    ["leaderboard", "dm_t_rv20"],
    ["leaderboard", "dm_p_har_vix"],
    ["model_tests", "difference"],
    ["model_tests", "difference_lo"],
    ["model_tests", "dm_t"],
    ["reliability", "bias"],
    ["reliability", "var_hat"],
    ["reliability", "var"],
    ["coverage", "rate"],
    ["coverage", "worst_rate"],
    ["importance", "mean_abs_shap"],
    ["loss_anatomy", "value"],
    ["loss_anatomy", "qlike_full"],
    ["combination_weights", "weight"],
    ["multiverse", "gain"],
    ["multiverse_claims", "share"],
    ["oracle", "excess"],
    ["targets", "gain_qlike_rv20"],
    ["labels_daily", "rv_1d"],
    ["labels_daily", "rv_5d"],
    ["labels_daily", "rv_22d"],
    ["predictions_daily", "rv_5d_hat"],
    ["predictions_daily", "rv_1d_lo"],
    ["shap_daily", "shap"],
  ])("names a %s whose %s is a millionth off", (dataset, column) => {
    const row = known(dataset, column);
    const found = findings(plant(dataset, column, {row, by: (value) => value * (1 + 1e-6)}));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.text).toMatch(/ is -?[\d.e-]+, (but|above) /);
  });

  it.each([
    ["leaderboard", "mcs_p", "no model has 1", () => 0.4],
    ["model_tests", "dm_t", "two signs", (t: number) => -t],
    ["superior_ability", "p_consistent", "above p_upper", () => 2],
    ["superior_ability", "rivals", "the number of other models", (n: number) => n + 1],
    ["fluctuation", "critical", "the other windows", (value: number) => value * 1.01],
    ["coverage", "covered", "the sum over calendar years", (n: number) => n - 1],
    ["intervals_daily", "lo", "above hi", () => 1],
    ["intervals_daily", "hi", "the wider interval", (hi: number) => hi * 2],
    ["multiverse", "rank", "its place among the cells", () => 2],
    ["multiverse_claims", "robust", "against", (robust: number) => 1 - robust],
    ["certificate", "passed", "violations in", () => 0],
  ])("names a %s whose %s contradicts it: %s", (dataset, column, text, by) => {
    const rows =
      dataset === "leaderboard" ? Array.from(published[dataset]!.columns[column] as Float64Array) : [];
    const row = rows.length > 0 ? rows.indexOf(1) : known(dataset, column);
    const found = findings(plant(dataset, column, {row, by}));
    expect(found.map((entry) => entry.text).join("\n")).toContain(text);
    expect(found.some((entry) => entry.dataset === dataset)).toBe(true);
  });

  it("names the row by its key", () => {
    const row = known("labels_daily", "rv_5d");
    const [found] = findings(plant("labels_daily", "rv_5d", {row, by: (value) => value + 1e-9}));
    expect(found).toMatchObject({dataset: "labels_daily", row: isoDate(FIRST + row)});
  });

  it("looks at nothing that is absent", () => {
    expect(checkConsistency({}, OPTIONS)).toMatchObject({inconsistencies: []});
  });
});

function publish(): Tables {
  const random = createRandom(3);
  const returns = Float64Array.from({length: SESSIONS + 22}, () => 0.01 * random.normal());
  const rv = (t: number, h: number) =>
    t + h > SESSIONS
      ? Number.NaN
      : Math.sqrt(returns.slice(t + 1, t + 1 + h).reduce((sum, r) => sum + r * r, 0));
  const days = Int32Array.from({length: SESSIONS}, (_, t) => FIRST + t);
  const noise = (scale: number) => Float64Array.from(days, () => 5e-4 * Math.exp(scale * random.normal()));
  const forecasts = Object.fromEntries(
    (["rv20", "log_har_vix", "anchored"] as const).map((model, i) => {
      const variance = noise(0.6 - 0.2 * i);
      return [model, {variance, volatility: variance.map(Math.sqrt)}];
    }),
  );
  const evaluation = evaluateForecasts(
    {sessions: days, horizon: 5, actual: Float64Array.from(days, (_, t) => rv(t, 5) ** 2), forecasts},
    {
      periods: [
        {name: "all", first: FIRST, last: FIRST + SESSIONS},
        ...[2019, 2020, 2021, 2022].map((year) => ({
          name: String(year),
          first: FIRST + [0, 262, 628, 993][year - 2019]!,
          last: FIRST + [261, 627, 992, SESSIONS][year - 2019]!,
        })),
      ],
      seed: 1,
    },
  );
  const {volatility} = forecasts.anchored!;
  const dated = (row: (t: number) => object) => Array.from(days, (date, t) => ({date, ...row(t)}));
  const bounds = (t: number, level: number) => ({
    lo: volatility[t]! * (1 - level / 2),
    hi: volatility[t]! * (1 + level),
  });
  const shares = {sizes: [0.3, -0.1, 0.05, 0.01], base: -4};
  const rows: Record<string, Rows> = {
    ...(evaluation as unknown as Record<string, Rows>),
    labels_daily: dated((t) => ({rv_1d: rv(t, 1), rv_5d: rv(t, 5), rv_22d: rv(t, 22)})) as Rows,
    walkforward_daily: dated((t) => ({
      horizon: 5,
      model: "anchored",
      var_hat: volatility[t]! ** 2,
      rv_hat: volatility[t],
      trained_through: FIRST - 1,
    })) as Rows,
    intervals_daily: [...days.keys()].flatMap((t) =>
      [0.8, 0.9].map((level) => ({
        date: days[t],
        horizon: 5,
        method: "adaptive",
        level,
        ...bounds(t, level),
      })),
    ),
    predictions_daily: dated((t) => ({
      rv_5d_hat: volatility[t],
      rv_5d_lo: bounds(t, 0.9).lo,
      rv_5d_hi: bounds(t, 0.9).hi,
      rv_1d_hat: 0.01,
      rv_1d_lo: 0.01,
      rv_1d_hi: 0.02,
      interval_coverage: 0.9,
      top_drivers: ["a", "b", "c"],
      kind: "walk-forward",
    })) as Rows,
    shap_daily: [...days.keys()].flatMap((t) => [
      {
        date: days[t],
        horizon: 5,
        feature: "(base)",
        shap: Math.log(volatility[t]!) - shares.sizes.reduce((sum, size) => sum + size, 0),
      },
      ...["a", "b", "c", "d"].map((feature, j) => ({
        date: days[t],
        horizon: 5,
        feature,
        shap: shares.sizes[j],
      })),
    ]),
    coverage: ["all", "2019", "2020"].map((period, i) => ({
      horizon: 5,
      model: "anchored",
      method: "adaptive",
      level: 0.9,
      period,
      n: [300, 100, 200][i],
      covered: [270, 88, 182][i],
      rate: [0.9, 0.88, 0.91][i],
      below: 0.05,
      worst_rate: 44 / 63,
    })),
    importance: ["all", "2019", "2020"].map((period, i) => ({
      horizon: 5,
      period,
      feature: "vix",
      mean_abs_shap: [0.2, 0.1, 0.25][i],
      n: [300, 100, 200][i],
    })),
    loss_anatomy: ["own ranges", "VIX level"].map((group, i) => ({
      horizon: 5,
      period: "all",
      group,
      value: [0.1, 0.15][i],
      n: 300,
      qlike_base: 0.6,
      qlike_full: 0.35,
    })),
    combination_weights: ["a", "b"].map((member, i) => ({
      date: FIRST,
      horizon: 5,
      model: "stacked",
      member,
      weight: [0.25, 0.75][i],
      outcomes: 300,
    })),
    multiverse: [0.1, 0.2].map((gain, i) => ({
      cell: `cell ${i}`,
      rank: i + 1,
      horizon: 5,
      model: "anchored",
      reference: "rv20",
      loss_model: 1 - gain,
      loss_reference: 1,
      gain: 1 - (1 - gain) / 1,
    })),
    multiverse_claims: [
      {
        claim: "beats",
        horizon: 5,
        model: "anchored",
        cells: 4,
        holding: 3,
        share: 0.75,
        threshold: 0.7,
        robust: 1,
      },
    ],
    oracle: [
      {
        horizon: 5,
        model: "anchored",
        period: "all",
        n: 300,
        qlike: 0.35,
        qlike_oracle: 0.3,
        excess: 0.35 - 0.3,
      },
    ],
    certificate: [
      {
        kind: "feature",
        name: "vix",
        claim: "is the same",
        passed: 1,
        futures: ["noise"],
        changes: 9,
        rows: 10,
        cells: 100,
        moved: 5,
        violations: 0,
        sha256: "0".repeat(64),
      },
    ],
    targets: ["rv20", "anchored"].map((model, i) => ({
      symbol: "QQQ",
      horizon: 5,
      model,
      n: 300,
      n_effective: 60,
      qlike: [0.5, 0.4][i],
      rmse_pct: [1, 0.9][i],
      gain_qlike_rv20: [0, 1 - 0.4 / 0.5][i],
      gain_rmse_rv20: [0, 1 - 0.9 / 1][i],
    })),
  };
  return Object.fromEntries(
    Object.entries(rows).map(([dataset, own]) => {
      const contract = datasets.find((candidate) => candidate.dataset === dataset)!;
      return [dataset, tableFromRows(columnTypes(contract), own)];
    }),
  );
}
