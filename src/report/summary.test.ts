import {describe, expect, it} from "vitest";
import {plainText} from "../../reports/build-tools/fill-in.js";
import type {LeaderboardRow} from "../evaluation/scorecard.ts";
import {type Table, tableFromRows} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";
import {summarizeReport} from "./summary.ts";
import type {ReportRun, ReportTables} from "./summaryShape.ts";

const DAYS = ["2023-12-13", "2023-12-14", "2023-12-15", "2023-12-18", "2023-12-19"].map(sessionDate);
const FORECASTS = [0.018, 0.012, 0.03, 0.019, 0.021];
const OUTCOMES = [0.02, 0.0125, 0.05, undefined, undefined];

function makeTables(): ReportTables {
  const doubles = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, "DOUBLE" as const]));
  const predictions = tableFromRows(
    {
      date: "DATE",
      ...doubles(["rv_5d_hat", "rv_1d_hat", "rv_22d_hat", "rv_5d_lo", "rv_5d_hi"]),
      model_version: "VARCHAR",
      trained_through: "DATE",
      kind: "VARCHAR",
    },
    DAYS.map((date, i) => ({
      date,
      rv_5d_hat: FORECASTS[i],
      rv_1d_hat: FORECASTS[i]! / Math.sqrt(5),
      rv_22d_hat: FORECASTS[i]! * 2,
      rv_5d_lo: FORECASTS[i]! / 2,
      rv_5d_hi: FORECASTS[i]! * 1.5,
      model_version: "v1",
      trained_through: DAYS[0]! - 20,
      kind: i === 4 ? "live" : "walk-forward",
    })),
  );
  const labels = tableFromRows(
    {date: "DATE", ...doubles(["rv_5d"])},
    DAYS.map((date, i) => ({date, rv_5d: OUTCOMES[i]})),
  );
  const features = tableFromRows(
    {date: "DATE", vix: "DOUBLE"},
    DAYS.map((date) => ({date, vix: 12.6})),
  );
  return {predictions, labels, features, shap: makeShap(), leaderboard: makeLeaderboard()};
}

// base .02; the VIX's part carries the whole change between the last two sessions.
function makeShap(): Table {
  const rows = DAYS.flatMap((date, i) => {
    const target = Math.log(FORECASTS[i]! / 0.02);
    return [
      {date, horizon: 5, feature: "(base)", value: undefined, shap: Math.log(0.02)},
      {date, horizon: 5, feature: "log_vix_var", value: 1, shap: target - 0.01},
      {date, horizon: 5, feature: "leverage_1d", value: -1, shap: 0.01},
      {date, horizon: 1, feature: "log_vix_var", value: 1, shap: 99},
    ];
  });
  return tableFromRows(
    {date: "DATE", horizon: "INTEGER", feature: "VARCHAR", value: "DOUBLE", shap: "DOUBLE"},
    rows,
  );
}

function makeLeaderboard(): Table {
  const line = {period: "all", n: 3, n_effective: 0.6, rmse_pct: 1, mae_pct: 1, r2: 0.5, bias: 1, mcs_p: 1};
  const rows = [
    {...line, horizon: 5, model: "rv20", qlike: 0.5, gain_qlike_rv20: 0, dm_t_har_vix: 3},
    {...line, horizon: 5, model: "anchored", qlike: 0.3529, gain_qlike_rv20: 0.376, dm_t_har_vix: -2.6},
    {...line, horizon: 5, model: "anchored", period: "2023", qlike: 9, gain_qlike_rv20: -9, dm_t_har_vix: 9},
    {...line, horizon: 1, model: "anchored", qlike: 1.4, gain_qlike_rv20: 0.1, dm_t_har_vix: -9},
  ];
  return tableFromRows(
    {
      horizon: "INTEGER",
      model: "VARCHAR",
      period: "VARCHAR",
      n: "INTEGER",
      ...Object.fromEntries(
        [
          "n_effective",
          "qlike",
          "rmse_pct",
          "mae_pct",
          "r2",
          "bias",
          "gain_qlike_rv20",
          "dm_t_har_vix",
          "mcs_p",
        ].map((name) => [name, "DOUBLE" as const]),
      ),
    },
    rows satisfies Partial<LeaderboardRow>[],
  );
}

const RUN: ReportRun = {
  symbol: "SPY",
  source: "yahoo",
  runId: "r1",
  runAt: "2023-12-19T22:00:00.000Z",
  newestBar: DAYS[4]!,
  champion: "anchored",
  coverage: 0.9,
  intervalMethod: "adaptive",
  gates: [],
  hashes: {},
};

describe("summarizeReport()", () => {
  const summary = summarizeReport(makeTables(), RUN);
  const main = summary.forecasts[1]!;

  it("shows the newest forecast, its change and its rate a year", () => {
    expect(summary.asOf).toBe("2023-12-19");
    expect(main.volatility).toBe(0.021);
    expect(main.annualized).toBeCloseTo(0.021 * Math.sqrt(252 / 5), 12);
    expect(main.change).toBeCloseTo(0.021 / 0.019 - 1, 12);
  });

  it("ranks the forecast among earlier ones only", () => {
    expect(main.earlierForecasts).toBe(4);
    expect(main.percentile).toBe(75); // above .018, .012 and .019, below .03
  });

  it("counts intervals only where the outcome is known", () => {
    expect(summary.interval).toMatchObject({known: 3, contained: 2, low: 0.0105}); // .05 > 1.5 x .03
    expect(summary.interval.high).toBeCloseTo(0.0315, 12);
  });

  it("compares with the VIX over the same five sessions", () => {
    expect(summary.implied.volatility).toBeCloseTo(0.126 * Math.sqrt(5 / 252), 12);
  });

  it("takes the forecast apart so that the effects multiply to it", () => {
    const {base, contributions} = summary.drivers;
    expect(contributions.map(({feature}) => feature)).toEqual(["log_vix_var", "leverage_1d"]);
    const product = contributions.reduce((value, {effect}) => value * (1 + effect), base);
    expect(product).toBeCloseTo(0.021, 12);
  });

  it("attributes the change since the session before to what changed", () => {
    expect(summary.drivers.steps.map(({feature}) => feature)).toEqual(["log_vix_var"]);
    expect(summary.drivers.steps[0]!.effect).toBeCloseTo(0.021 / 0.019 - 1, 12);
    expect(summary.drivers.steps[0]!.points).toBeCloseTo(0.021 - 0.019, 12);
  });

  it("parts changed inputs from a new fit where the model was refitted in between", () => {
    // Under the new fit the session before would have been .02 instead of .019: the VIX did the rest.
    const parts = {"(base)": Math.log(0.02), log_vix_var: -0.01, leverage_1d: 0.01};
    const restated = tableFromRows(
      {date: "DATE", horizon: "INTEGER", feature: "VARCHAR", shap: "DOUBLE"},
      Object.entries(parts).map(([feature, shap]) => ({date: DAYS[3]!, horizon: 5, feature, shap})),
    );
    const {steps} = summarizeReport({...makeTables(), restated}, RUN).drivers;
    const effects = Object.fromEntries(steps.map(({feature, effect}) => [feature, effect]));
    expect(effects["(new fit)"]).toBeCloseTo(0.02 / 0.019 - 1, 12);
    expect(effects.log_vix_var).toBeCloseTo(0.021 / 0.02 - 1, 12);
  });

  it("says all that in dated sentences with units", () => {
    const text = plainText([summary.headline, ...summary.context].join(" "), {...summary}).replaceAll(
      "\u202f",
      " ",
    );
    expect(text).toContain(
      "SPY is expected to move about 2.10 % over the five sessions after 19 December 2023 (90 % of outcomes between 1.05 % and 3.15 %): a volatility of 14.9 % a year.",
    );
    expect(text).toContain("higher than 75 % of the 4 earlier forecasts since 2023");
    expect(text).toContain(
      "it rose from 1.90 % the session before, mainly through the level of the VIX (+10.5 %)",
    );
  });

  it("takes the track record from the whole period at five sessions", () => {
    expect(summary.trackRecord.rows.map(({model}) => model)).toEqual(["anchored", "rv20"]);
    const text = plainText(summary.trackRecord.sentences.join(" "), {...summary});
    expect(text).toMatch(/0\.3529, 37\.6.% less than.*t = −2\.60/);
  });

  it("shows the intervals of the newest forecast alone, of the published method, by horizon and coverage", () => {
    const rows = [DAYS[3]!, DAYS[4]!].flatMap((date) =>
      [1, 5].flatMap((horizon) =>
        ["adaptive", "split"].flatMap((method) =>
          [0.8, 0.9].map((level) => ({date, horizon, method, level, lo: 0.01 * level, hi: 0.03 * level})),
        ),
      ),
    );
    const intervals = tableFromRows(
      {date: "DATE", horizon: "INTEGER", method: "VARCHAR", level: "DOUBLE", lo: "DOUBLE", hi: "DOUBLE"},
      rows,
    );
    const found = summarizeReport({...makeTables(), intervals}, RUN).intervals;
    expect(found.map(({horizon, coverage}) => [horizon, coverage])).toEqual([
      [1, 0.8],
      [1, 0.9],
      [5, 0.8],
      [5, 0.9],
    ]);
    expect(found[2]!.highAnnualized).toBeCloseTo(0.024 * Math.sqrt(252 / 5), 12);
  });

  it("leaves the outcome of the newest forecasts unknown", () => {
    expect(summary.history.at(-1)).toMatchObject({date: isoDate(DAYS[4]!), outcome: Number.NaN});
    expect(summary.history[2]!.outcome).toBe(0.05);
  });

  it("marks the sample as simulated", () => {
    expect(summary.simulated).toBe(false);
    expect(summarizeReport(makeTables(), {...RUN, source: "sample"}).simulated).toBe(true);
  });

  it("refuses a run without forecasts", () => {
    const empty = tableFromRows({date: "DATE", rv_5d_hat: "DOUBLE"}, []);
    expect(() => summarizeReport({...makeTables(), predictions: empty}, RUN)).toThrow("run make infer");
  });
});
