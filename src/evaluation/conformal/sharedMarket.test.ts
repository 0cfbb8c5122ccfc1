// Do adaptive intervals keep their promise on SPY 2005-2023, and in its worst quarter? The champion's: records.test.ts.
import {describe, expect, it} from "vitest";
import {catalogueEntry} from "../../models/catalogue.ts";
import {sessionDate} from "../../units.ts";
import {hasSharedMarket, sharedTable} from "../marketTable.fixture.ts";
import {forecastFold, joinForecasts, planWalkForward} from "../walkForward.ts";
import {conformalIntervals} from "./conformalIntervals.ts";
import {coverageOf} from "./coverage.ts";

const LEVEL = 0.9;

describe.skipIf(!hasSharedMarket)("conformalIntervals(), adaptive, of SPY 2005-2023", () => {
  const table = hasSharedMarket ? sharedTable() : undefined;

  it.each([
    ["log_har_vix", 1],
    ["log_har_vix", 5],
    ["rv20", 1],
  ] as const)(
    "%s %i ahead: covers .88 to .92, and .70 in the worst 63 sessions",
    (model, horizon) => {
      const {rate, worst_rate} = record(model, horizon);
      expect(rate).toBeGreaterThan(0.88);
      expect(rate).toBeLessThan(0.92);
      expect(worst_rate).toBeGreaterThanOrEqual(0.7);
    },
    180_000,
  );

  it.each([["log_har_vix", 22]] as const)("%s %i ahead: covers .88 to .92", (model, horizon) => {
    const {rate} = record(model, horizon);
    expect(rate).toBeGreaterThan(0.88);
    expect(rate).toBeLessThan(0.92);
  });

  function record(name: string, horizon: number) {
    const {sessions} = table!.features;
    const {model, refitEvery, window} = catalogueEntry(name);
    const tasks = planWalkForward(sessions, {
      model: name,
      seed: 20050103,
      horizon,
      refitEvery,
      window,
      firstOrigin: sessionDate("2005-01-03"),
      trainFrom: sessionDate("1993-06-01"),
    });
    const folds = tasks.map((task) => forecastFold(task, {model, table: table!}));
    const series = {
      actual: table!.variance[horizon]!.map(Math.sqrt),
      forecast: joinForecasts(folds, sessions.length).volatility,
    };
    const [interval] = conformalIntervals(series, {
      horizon,
      method: "adaptive",
      levels: [LEVEL],
      windowSessions: 1000,
      minimumSessions: 250,
    });
    return coverageOf({...series, ...interval!}, {level: LEVEL});
  }
});
