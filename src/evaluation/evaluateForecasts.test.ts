import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {dieboldMariano} from "./dieboldMariano.ts";
import {evaluateForecasts} from "./evaluateForecasts.ts";
import {qlike} from "./losses.ts";
import {knownVariance} from "./overlapping.fixture.ts";
import type {Period} from "./periods.ts";
import {scorecard} from "./scorecard.ts";
import type {ScoredForecasts} from "./scoredForecasts.ts";

const HORIZON = 5;
const all: Period = {name: "all", first: 0, last: 1e6};

describe("evaluateForecasts()", () => {
  const scored = simulate(2000, 1);
  const evaluation = evaluateForecasts(scored, {periods: [all], seed: 1});

  it("compares every model with every other, both ways round", () => {
    const {model_tests} = evaluation;
    expect(model_tests).toHaveLength(4 * 3);
    for (const row of model_tests) {
      const back = model_tests.find(({model, other}) => model === row.other && other === row.model)!;
      expect(back.dm_t).toBe(-row.dm_t);
      expect([back.difference_lo, back.difference_hi]).toEqual([-row.difference_hi, -row.difference_lo]);
      expect(row.difference_lo).toBeLessThan(row.difference);
      expect(row.difference).toBeLessThan(row.difference_hi);
    }
    const row = model_tests.find(({model, other}) => model === "good" && other === "rv20")!;
    const losses = (name: string) => qlike(scored.actual, scored.forecasts[name]!.variance);
    const {t, p, difference} = dieboldMariano([losses("good"), losses("rv20")], {horizon: HORIZON});
    expect(row).toMatchObject({dm_t: t, dm_p: p, difference, n: 2000, n_effective: 400});
  });

  it("asks of every model whether another is better", () => {
    const p = Object.fromEntries(evaluation.superior_ability.map((row) => [row.benchmark, row.p_consistent]));
    expect(p.good).toBeGreaterThan(0.3);
    expect(p.rv20).toBeLessThan(0.05);
    expect(evaluation.superior_ability.find(({benchmark}) => benchmark === "rv20")).toMatchObject({
      rivals: 3,
      best_rival: "good",
    });
  });

  it("follows every model but the reference over time, and keeps the extreme window", () => {
    const models = new Set(evaluation.fluctuation.map(({model}) => model));
    expect([...models]).toEqual(["rv20", "good", "high"]);
    const own = evaluation.fluctuation.filter(({model}) => model === "rv20");
    expect(own[0]).toMatchObject({other: "log_har_vix", n: 600, n_effective: 120, critical: 3.012});
    expect(own.at(-1)!.date).toBe(scored.sessions.at(-1));
    expect(own.length).toBeLessThan(1401 / 5 + 2);
  });

  it("calls a true forecast calibrated and one a half too high not", () => {
    const p = (model: string) =>
      evaluation.calibration.filter((row) => row.model === model).map((row) => [row.scale, row.score_p]);
    expect(p("good").map(([scale]) => scale)).toEqual(["variance", "volatility"]);
    expect(p("high")[0]![1]).toBeLessThan(0.01);
    expect(p("good")[0]![1]).toBeGreaterThan(0.05);
    const tenth = evaluation.reliability
      .filter(({model}) => model === "high")
      .map(({bias_lo}) => bias_lo > 1);
    expect(tenth.filter(Boolean).length).toBeGreaterThan(5);
  });

  it("shares the scorecard's figures", () => {
    expect(evaluation.leaderboard).toEqual(scorecard(scored, {periods: [all], seed: 1}));
  });

  it("tests nothing where outcomes are few or were chosen, and says the losses there all the same", () => {
    const members = new Uint8Array(2000).fill(1, 0, 1000);
    const periods = [
      {...all, name: "short", last: scored.sessions[480]!},
      {...all, name: "stress", members, byOutcome: true},
    ];
    const few = evaluateForecasts(scored, {periods, seed: 1});
    expect(few.leaderboard.map(({period, n}) => [period, n])).toEqual([
      ...new Array(4).fill(["short", 481]),
      ...new Array(4).fill(["stress", 1000]),
    ]);
    for (const row of few.leaderboard) {
      expect(row.qlike).toBeGreaterThan(0);
      expect([row.dm_t_rv20, row.mcs_p, row.mcs_p_range, row.gain_qlike_rv20_lo]).toEqual(
        new Array(4).fill(Number.NaN),
      );
    }
    const {leaderboard, ...tests} = few;
    expect(Object.values(tests).map(({length}) => length)).toEqual([0, 0, 0, 0, 0]);
  });

  it("does without the reference where there is none", () => {
    const {log_har_vix, ...forecasts} = scored.forecasts;
    const {fluctuation, leaderboard} = evaluateForecasts({...scored, forecasts}, {periods: [all], seed: 1});
    expect(fluctuation).toEqual([]);
    expect(leaderboard[0]!.gain_qlike_har_vix).toBeNaN();
  });
});

describe("scorecard()'s intervals of gains", () => {
  it("hold the true gain in 88 % and more of the samples", () => {
    const long = gains(simulate(60_000, 99), {...all, byOutcome: true}); // no intervals wanted there
    const trials = 60;
    const held = {qlike: 0, rmse: 0};
    for (let trial = 0; trial < trials; trial++) {
      const row = gains(simulate(1500, trial));
      if (row.gain_qlike_rv20_lo <= long.gain_qlike_rv20 && row.gain_qlike_rv20_hi >= long.gain_qlike_rv20)
        held.qlike++;
      if (row.gain_rmse_rv20_lo <= long.gain_rmse_rv20 && row.gain_rmse_rv20_hi >= long.gain_rmse_rv20)
        held.rmse++;
    }
    expect(held.qlike / trials).toBeGreaterThanOrEqual(0.88);
    expect(held.rmse / trials).toBeGreaterThanOrEqual(0.88);
  });
});

function gains(scored: ScoredForecasts, period = all) {
  const {rv20, good} = scored.forecasts;
  const rows = scorecard({...scored, forecasts: {rv20: rv20!, good: good!}}, {periods: [period], seed: 1});
  return rows.find(({model}) => model === "good")!;
}

// Forecasts that see the true variance through ever more noise, the first of them very little.
function simulate(n: number, seed: number): ScoredForecasts {
  const random = createRandom(seed);
  const {outcome, expected} = knownVariance(random, {n, horizon: HORIZON});
  const sees = (noise: number, factor = 1) => {
    const variance = expected.map((v) => factor * v * Math.exp(noise * random.normal() - noise ** 2 / 2));
    return {variance, volatility: variance.map(Math.sqrt)};
  };
  return {
    sessions: Int32Array.from({length: n}, (_, t) => 12_784 + t),
    horizon: HORIZON,
    actual: outcome,
    forecasts: {rv20: sees(0.6), log_har_vix: sees(0.3), good: sees(0.02), high: sees(0.02, 1.5)},
  };
}
