import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {sessionDate} from "../units.ts";
import {GATE_NAMES, type GateName} from "./gateNames.ts";
import {evaluateGates, stoppingGates} from "./gates.ts";
import {planPeriods} from "./periods.ts";
import {type ScoredForecasts, scorecard} from "./scorecard.ts";

const gateOptions = {
  horizon: 1,
  minimumGainRmse: 0.02,
  minimumGainQlike: 0.02,
  dieboldMarianoT: -1.96,
  minimumBias: 0.95,
  maximumBias: 1.05,
};

describe("scorecard()", () => {
  it("gives the figures of a case small enough to do by hand", () => {
    const scored: ScoredForecasts = {
      sessions: Int32Array.of(1, 2, 3),
      horizon: 1,
      actual: Float64Array.of(4e-4, 1e-4, 9e-4),
      forecasts: {
        rv20: forecasts([4e-4, 4e-4, 4e-4], [0.02, 0.02, 0.02]),
        exact: forecasts([4e-4, 1e-4, 9e-4], [0.02, 0.01, 0.03]),
      },
    };
    const [baseline, exact] = scorecard(scored, {periods: [{name: "all", first: 1, last: 3}], seed: 1});
    const q = (ratio: number) => ratio - Math.log(ratio) - 1;
    expect(baseline!.qlike).toBeCloseTo((q(0.25) + q(2.25)) / 3, 14);
    expect(baseline!.rmse_pct).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(baseline!.mae_pct).toBeCloseTo(2 / 3, 12);
    expect(baseline!.r2).toBeCloseTo(0, 12); // it forecasts the mean volatility
    expect(baseline!.bias).toBeCloseTo(12 / 14, 12);
    expect(exact).toMatchObject({
      n: 3,
      qlike: 0,
      rmse_pct: 0,
      r2: 1,
      bias: 1,
      gain_qlike_rv20: 1,
      gain_rmse_rv20: 1,
    });
    expect(exact!.mcs_p).toBeNaN(); // three rows are no sample
  });

  it("compares all models on the rows where all have a forecast, and counts those", () => {
    const scored = simulate(400);
    scored.forecasts.good!.variance[7] = Number.NaN;
    scored.actual[9] = Number.NaN;
    const rows = scorecard(scored, {periods: [{name: "all", first: 0, last: 20_000}], seed: 1});
    expect(rows.map(({n}) => n)).toEqual([398, 398, 398, 398]);
    const alone = scorecard(
      {...scored, forecasts: {rv20: scored.forecasts.rv20!}},
      {periods: [{name: "all", first: 0, last: 20_000}], seed: 1},
    );
    expect(alone[0]!.n).toBe(399);
  });

  it("leaves an unchanged close out of QLIKE alone", () => {
    const scored = simulate(400);
    scored.actual[11] = 0;
    const [row] = scorecard(scored, {periods: [{name: "all", first: 0, last: 20_000}], seed: 1});
    expect(row!.n).toBe(400);
    expect(Number.isFinite(row!.qlike)).toBe(true);
  });

  it("ranks a better forecast first by every figure, and drops the useless from the confidence set", () => {
    const rows = scorecard(simulate(2000), {periods: [{name: "all", first: 0, last: 20_000}], seed: 1});
    const [rv20, regression, good, useless] = rows;
    expect(good!.qlike).toBeLessThan(rv20!.qlike);
    expect(good!.dm_t_rv20).toBeLessThan(-1.96);
    expect(good!.dm_t_har_vix).toBeLessThan(0);
    expect(rv20!.dm_t_rv20).toBeNaN();
    expect(regression!.dm_t_har_vix).toBeNaN();
    expect(rv20!.dm_t_har_vix).toBeCloseTo(-regression!.dm_t_rv20, 10);
    expect(good!.mcs_p).toBe(1);
    expect(useless!.mcs_p).toBeLessThan(0.1);
  });

  it("gives the same figures twice", () => {
    const periods = [{name: "all", first: 0, last: 20_000}];
    expect(scorecard(simulate(500), {periods, seed: 4})).toEqual(
      scorecard(simulate(500), {periods, seed: 4}),
    );
  });

  it("refuses a comparison without the baseline", () => {
    const {forecasts: all, ...scored} = simulate(10);
    expect(() => scorecard({...scored, forecasts: {good: all.good!}}, {periods: [], seed: 1})).toThrow(
      "forecasts of rv20, the baseline, are missing",
    );
  });
});

describe("evaluateGates()", () => {
  const reference = {name: "reference", first: 13_000, last: 13_500};
  const leaderboard = scorecard(simulate(2000), {
    periods: planPeriods(simulate(2000).sessions, reference),
    seed: 1,
  });

  it("passes a forecast that is better than the baselines", () => {
    const gates = evaluateGates(leaderboard, {...gateOptions, model: "good"});
    expect(gates.map(({name, passed}) => [name, passed])).toEqual([
      ["gain_rmse", true],
      ["gain_qlike", true],
      ["diebold_mariano", true],
      ["confidence_set", true],
      ["minimum_bias", true],
      ["maximum_bias", true],
      ["worst_year", true],
    ]);
  });

  it("fails a useless model on every gate that blocks", () => {
    const gates = evaluateGates(leaderboard, {...gateOptions, model: "useless"});
    expect(gates.filter(({blocking}) => blocking).map(({passed}) => passed)).toEqual([false, false]);
    expect(gates.find(({name}) => name === "worst_year")!.passed).toBe(false);
  });

  it("fails the baseline itself: no gain is not a gain, and a missing t is not a pass", () => {
    const gates = evaluateGates(leaderboard, {...gateOptions, model: "rv20"});
    expect(gates.find(({name}) => name === "gain_qlike")!.passed).toBe(false);
    const regression = evaluateGates(leaderboard, {...gateOptions, model: "log_har_vix"});
    expect(regression.find(({name}) => name === "diebold_mariano")).toMatchObject({
      value: Number.NaN,
      judged: false,
      passed: false,
      blocking: false,
    });
  });

  it("stops at the gates told to block, and only there", () => {
    const stops = (model: string, blocking: readonly GateName[]) =>
      stoppingGates(evaluateGates(leaderboard, {...gateOptions, model, blocking})).map(({name}) => name);
    expect(stops("useless", GATE_NAMES)).toEqual(
      expect.arrayContaining(["gain_rmse", "gain_qlike", "diebold_mariano", "confidence_set", "worst_year"]),
    );
    expect(stops("useless", ["confidence_set"])).toEqual(["confidence_set"]);
    expect(stops("useless", [])).toEqual([]);
    expect(stops("good", GATE_NAMES)).toEqual([]);
  });

  it("does not judge what a short history cannot say, and lets nothing pass by it", () => {
    const short = simulate(90);
    const rows = scorecard(short, {periods: planPeriods(short.sessions, reference), seed: 1});
    const gates = evaluateGates(rows, {...gateOptions, model: "good", blocking: GATE_NAMES});
    const unjudged = gates.filter(({judged}) => !judged);
    expect(unjudged.map(({name}) => name)).toEqual(["diebold_mariano", "confidence_set", "worst_year"]);
    expect(unjudged.some(({passed}) => passed)).toBe(false);
    expect(stoppingGates(gates).map(({name}) => name)).not.toContain("diebold_mariano");
  });

  it("fails a gain that is missing, as it fails one that is too small", () => {
    const missing = leaderboard.map((row) => ({...row, gain_qlike_rv20: Number.NaN}));
    expect(stoppingGates(evaluateGates(missing, {...gateOptions, model: "good"}))).toMatchObject([
      {name: "gain_qlike", judged: true, passed: false},
    ]);
  });

  it("judges years by those with enough sessions", () => {
    const years = [
      {period: "2005", n: 99, gain_qlike_rv20: -0.5},
      {period: "2006", n: 100, gain_qlike_rv20: 0.1},
    ];
    const own = leaderboard.find(({model, period}) => model === "good" && period === "all")!;
    const rows = [own, ...years.map((year) => ({...own, ...year}))];
    const worst = (options: object) =>
      evaluateGates(rows, {...gateOptions, model: "good", ...options}).find(
        ({name}) => name === "worst_year",
      )!;
    expect(worst({})).toMatchObject({value: 0.1, passed: true});
    expect(worst({minimumYearSessions: 99})).toMatchObject({value: -0.5, passed: false});
    expect(worst({minimumGainYear: 0.2})).toMatchObject({value: 0.1, passed: false});
    expect(worst({}).claim).toContain("worst: 2006");
  });

  it("takes a gain equal to the margin", () => {
    const exact = leaderboard.map((row) => ({...row, gain_rmse_rv20: 0.02, gain_qlike_rv20: 0.0199}));
    const [rmse, qlike] = evaluateGates(exact, {...gateOptions, model: "good"});
    expect([rmse!.passed, qlike!.passed]).toEqual([true, false]);
  });

  it("refuses to judge what was not scored", () => {
    expect(() => evaluateGates(leaderboard, {...gateOptions, model: "oracle"})).toThrow(
      "Cannot judge oracle at 1 sessions: the leaderboard has no row for the period all",
    );
  });
});

describe("planPeriods()", () => {
  it("names all days, the published span and each calendar year", () => {
    const sessions = Int32Array.of(
      sessionDate("2004-12-31"),
      sessionDate("2005-01-03"),
      sessionDate("2006-06-01"),
    );
    const reference = {name: "2005-2023", first: sessionDate("2005-01-03"), last: sessionDate("2023-12-21")};
    const periods = planPeriods(sessions, reference);
    expect(periods.map(({name}) => name)).toEqual(["all", "2005-2023", "2004", "2005", "2006"]);
    expect(periods[0]).toEqual({name: "all", first: sessions[0], last: sessions[2]});
    expect(periods[3]).toEqual({
      name: "2005",
      first: sessionDate("2005-01-01"),
      last: sessionDate("2005-12-31"),
    });
    expect(planPeriods(sessions.subarray(0, 1), reference).map(({name}) => name)).toEqual(["all", "2004"]);
    expect(planPeriods(new Int32Array(0), reference)).toEqual([]);
  });
});

function forecasts(variance: readonly number[], volatility: readonly number[]) {
  return {variance: Float64Array.from(variance), volatility: Float64Array.from(volatility)};
}

// Outcomes chi-squared about a true variance; the forecasts see it through ever more noise.
function simulate(n: number): ScoredForecasts {
  const random = createRandom(11);
  const truth = new Float64Array(n);
  let level = 0;
  for (let t = 0; t < n; t++) {
    level = 0.97 * level + 0.2 * random.normal();
    truth[t] = 1e-4 * Math.exp(level);
  }
  const sees = (noise: number) => {
    const variance = truth.map((v) => v * Math.exp(noise * random.normal() - (noise * noise) / 2));
    return {variance, volatility: variance.map((v) => Math.sqrt((2 * v) / Math.PI))};
  };
  return {
    sessions: Int32Array.from({length: n}, (_, t) => 12_784 + t),
    horizon: 1,
    actual: truth.map((v) => v * random.normal() ** 2),
    forecasts: {rv20: sees(0.8), log_har_vix: sees(0.6), good: sees(0.1), useless: sees(1.6)},
  };
}
