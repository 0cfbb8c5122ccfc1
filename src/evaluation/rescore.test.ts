import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {evaluateForecasts} from "./evaluateForecasts.ts";
import {absoluteErrorPct} from "./losses.ts";
import {knownVariance} from "./overlapping.fixture.ts";
import type {Period} from "./periods.ts";
import {rangeOutcomes} from "./proxyOutcomes.ts";
import {rescoreForecasts} from "./rescore.ts";
import type {ScoredForecasts} from "./scoredForecasts.ts";

const all: Period = {name: "all", first: 0, last: 1e6};

describe("rescoreForecasts()", () => {
  it.each([1, 5, 22])("gives the leaderboard's own figures to the last bit, %i sessions ahead", (horizon) => {
    const scored = simulate(2500, horizon);
    scored.actual[7] = 0; // an unchanged close has no QLIKE
    const {leaderboard, superior_ability} = evaluateForecasts(scored, {periods: [all], seed: 3});
    for (const [suffix, baseline] of [
      ["rv20", "rv20"],
      ["har_vix", "log_har_vix"],
    ] as const) {
      const byQlike = rescoreForecasts(scored, {period: all, loss: "qlike", baseline, seed: 3});
      const byError = rescoreForecasts(scored, {period: all, loss: "rmse", baseline, seed: 3});
      leaderboard.forEach((row, i) => {
        expect(byQlike[i]).toEqual({
          model: row.model,
          n: row.n,
          n_effective: row.n_effective,
          loss: row.qlike,
          gain: row[`gain_qlike_${suffix}`],
          gain_lo: row[`gain_qlike_${suffix}_lo`],
          gain_hi: row[`gain_qlike_${suffix}_hi`],
          dm_t: row[`dm_t_${suffix}`],
          dm_p: row[`dm_p_${suffix}`],
          mcs_p: row.mcs_p,
          mcs_p_range: row.mcs_p_range,
          spa_p: superior_ability.find(({benchmark}) => benchmark === row.model)!.p_consistent,
          bias: row.bias,
        });
        expect(byError[i]).toMatchObject({
          loss: row.rmse_pct,
          gain: row[`gain_rmse_${suffix}`],
          gain_lo: row[`gain_rmse_${suffix}_lo`],
          gain_hi: row[`gain_rmse_${suffix}_hi`],
        });
      });
    }
  });

  it("takes any model for the baseline and any loss, and tests by that loss", () => {
    const scored = simulate(2000, 5);
    const rows = rescoreForecasts(scored, {period: all, loss: "mae", baseline: "good", seed: 1});
    const own = rows.find(({model}) => model === "high")!;
    const mean = (name: string) => {
      const errors = absoluteErrorPct(scored.actual.map(Math.sqrt), scored.forecasts[name]!.volatility);
      return errors.reduce((sum, value) => sum + value, 0) / errors.length;
    };
    expect(own.loss).toBeCloseTo(mean("high"), 12);
    expect(own.gain).toBeCloseTo(1 - mean("high") / mean("good"), 12);
    expect(own.gain_lo).toBeLessThan(own.gain);
    expect(own.gain).toBeLessThan(own.gain_hi);
    expect(own.dm_t).toBeGreaterThan(3);
    expect(rows.find(({model}) => model === "good")).toMatchObject({gain: 0, dm_t: Number.NaN, mcs_p: 1});
  });

  it("answers a squared loss by its root, and tests the square", () => {
    const scored = simulate(2000, 5);
    const ask = (loss: "rmse" | "rmse_variance") =>
      rescoreForecasts(scored, {period: all, loss, baseline: "good", seed: 1}).find(
        ({model}) => model === "high",
      )!;
    const {variance} = scored.forecasts.high!;
    const errors = scored.actual.map((y, t) => (1e4 * (y - variance[t]!)) ** 2);
    const mean = errors.reduce((sum, value) => sum + value, 0) / errors.length;
    expect(ask("rmse_variance").loss).toBeCloseTo(Math.sqrt(mean), 9);
    expect(ask("rmse_variance").dm_t).not.toBe(ask("rmse").dm_t);
  });

  it("shows losses and tests nothing where there are too few outcomes, and nothing where there are none", () => {
    const scored = simulate(300, 5);
    const rows = rescoreForecasts(scored, {period: all, loss: "qlike", baseline: "rv20", seed: 1});
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatchObject({n: 300, dm_t: Number.NaN, mcs_p: Number.NaN, spa_p: Number.NaN});
    expect(rows[1]!.gain).toBeGreaterThan(0);
    const never = {name: "never", first: -10, last: -1};
    expect(rescoreForecasts(scored, {period: never, loss: "qlike", baseline: "rv20", seed: 1})).toEqual([]);
  });

  it("names the models there are where the baseline is none of them", () => {
    expect(() =>
      rescoreForecasts(simulate(300, 5), {period: all, loss: "qlike", baseline: "garch", seed: 1}),
    ).toThrow("Cannot score against garch: there are forecasts of rv20, good, high, log_har_vix");
  });
});

it("rangeOutcomes() puts ranges on the level of squared returns by what was known at the first forecast", () => {
  const sessions = Int32Array.from({length: 40}, (_, t) => t);
  const squared = Float64Array.from(sessions, (t) => (t < 20 ? 2 : 50));
  const ranges = Float64Array.from(sessions, (t) => (t === 3 ? Number.NaN : 1));
  const columns = {sessions, squared, ranges};
  const outcomes = rangeOutcomes(columns, {horizon: 5, firstOrigin: 20});
  expect(outcomes[30]).toBe(2); // outcomes of 0 to 15 are known at 20; none of them is 50
  expect(outcomes[3]).toBeNaN();
  expect(rangeOutcomes(columns, {horizon: 5, firstOrigin: 2})[30]).toBe(1);
});

function simulate(n: number, horizon: number): ScoredForecasts {
  const random = createRandom(11 + horizon);
  const {outcome, expected} = knownVariance(random, {n, horizon});
  const noisy = (factor: number, spread: number) => {
    const variance = expected.map((value) => factor * value * Math.exp(spread * random.normal()));
    return {variance, volatility: variance.map(Math.sqrt)};
  };
  return {
    sessions: Int32Array.from({length: n}, (_, t) => t),
    horizon,
    actual: outcome,
    forecasts: {rv20: noisy(1, 0.9), good: noisy(1, 0.1), high: noisy(1.5, 0.3), log_har_vix: noisy(1, 0.3)},
  };
}
