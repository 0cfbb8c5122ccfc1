// The published comparison on SPY, 2005-01-03 to 2023-12-21, derived again from the shared history.

import {describe, expect, it} from "vitest";
import {catalogueEntry} from "../models/catalogue.ts";
import {createCombination} from "../models/combination.ts";
import {sessionDate} from "../units.ts";
import {combineForecasts} from "./combineForecasts.ts";
import {hasSharedMarket, sharedTable} from "./marketTable.fixture.ts";
import {type LeaderboardRow, scorecard} from "./scorecard.ts";
import {
  type ForecastSeries,
  forecastFold,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "./walkForward.ts";

const period = {name: "2005-2023", first: sessionDate("2005-01-03"), last: sessionDate("2023-12-21")};

describe.skipIf(!hasSharedMarket)("scorecard() of SPY 2005-2023", () => {
  const table = hasSharedMarket ? sharedTable() : undefined;

  it("5 ahead gives the published RV20 and regression, and goes beyond the published records", () => {
    const [rv20, regression, gamma, anchored, combined] = score(table!, {
      horizon: 5,
      models: ["rv20", "log_har_vix", "log_har_gamma", "anchored"],
      combine: ["log_har_gamma", "anchored"],
    });
    expect(rv20!.n).toBe(4776);
    expect(rv20!.qlike).toBeCloseTo(0.5652, 4);
    expect(rv20!.rmse_pct).toBeCloseTo(1.261, 3);
    expect(regression!.qlike).toBeCloseTo(0.3583, 4);
    expect(regression!.rmse_pct).toBeCloseTo(1.022, 3);
    expect(regression!.bias).toBeCloseTo(1, 2);
    expect(gamma!.qlike).toBeLessThan(0.347);
    expect(anchored!.qlike).toBeLessThan(0.35);
    expect(combined!.qlike).toBeLessThan(0.345);
    expect(combined!.rmse_pct).toBeLessThan(0.998);
    expect(Math.abs(combined!.bias - 1)).toBeLessThan(0.05);
    expect(combined!.dm_t_har_vix).toBeLessThan(-3);
  }, 180_000);

  it("1 ahead gives the published figures, unchanged closes left out of QLIKE and of the fit", () => {
    const [rv20, regression] = score(table!, {horizon: 1, models: ["rv20", "log_har_vix"]});
    expect(rv20!.n).toBe(4776);
    expect(rv20!.qlike).toBeCloseTo(1.666, 3);
    expect(regression!.qlike).toBeCloseTo(1.462, 3); // published: 1.4637, which a floor of 1e-9 under ln y gives
  });

  it("22 ahead gives the published figures on the origins whose outcome is known", () => {
    const [rv20, regression] = score(table!, {horizon: 22, models: ["rv20", "log_har_vix"]});
    expect(rv20!.n).toBe(4759);
    expect(rv20!.qlike).toBeCloseTo(0.559, 3);
    expect(regression!.qlike).toBeCloseTo(0.347, 3);
  });
});

function score(
  table: MarketTable,
  {horizon, models, combine = []}: {horizon: number; models: readonly string[]; combine?: readonly string[]},
): LeaderboardRow[] {
  const {sessions} = table.features;
  const forecasts: Record<string, ForecastSeries> = Object.fromEntries(
    models.map((name) => {
      const {model, window, refitEvery} = catalogueEntry(name);
      const tasks = planWalkForward(sessions, {
        model: name,
        seed: 20050103,
        horizon,
        refitEvery,
        window,
        firstOrigin: period.first,
        trainFrom: sessionDate("1993-06-01"),
      });
      const folds = tasks.map((task) => forecastFold(task, {model, table}));
      return [name, joinForecasts(folds, sessions.length)];
    }),
  );
  if (combine.length > 0) {
    const combination = createCombination({name: "combined", kind: "log_mean", members: combine});
    forecasts.combined = combineForecasts(
      combination,
      combine.map((name) => forecasts[name]!),
      {sessions, horizon, actual: table.variance[horizon]!},
    );
  }
  return scorecard(
    {sessions, horizon, actual: table.variance[horizon]!, forecasts},
    {periods: [period], seed: 1},
  );
}
