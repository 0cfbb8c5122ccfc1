// The published comparison on SPY, 2005-01-03 to 2023-12-21, derived again from the shared history.

import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {readConfig} from "../config.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import {createCombination} from "../models/combination.ts";
import {sessionDate} from "../units.ts";
import {combineForecasts} from "./combineForecasts.ts";
import {conformalIntervals} from "./conformal/conformalIntervals.ts";
import {coverageOf} from "./conformal/coverage.ts";
import {hasSharedMarket, sharedTable} from "./marketTable.fixture.ts";
import {type LeaderboardRow, scorecard} from "./scorecard.ts";
import {
  type ForecastSeries,
  forecastFold,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "./walkForward.ts";

const YAML = new URL("../../config/default.yaml", import.meta.url);
const {champion, gates, interval, seed, walk_forward} = readConfig("default.yaml", () =>
  readFileSync(YAML, "utf8"),
);
const {reference_period: reference, combinations} = walk_forward;
const years = Array.from({length: 2024 - 2005}, (_, i) => String(2005 + i));

/** The champion's members, the combinations among them, and the two models that all are compared with. */
const FITTED = ["rv20", "log_har_vix", "log_har_gamma", "anchored"];

describe.skipIf(!hasSharedMarket)("scorecard() of SPY 2005-2023", {timeout: 240_000}, () => {
  const table = hasSharedMarket ? sharedTable() : undefined;

  describe("5 ahead", () => {
    let record: Derived;
    beforeAll(() => {
      record = recordOf(table!, 5);
    }, 240_000);

    it("gives the published RV20 and regression", () => {
      const {rv20, log_har_vix: regression} = record.rows;
      expect(rv20!.n).toBe(4776);
      expect(rv20!.qlike).toBeCloseTo(0.5652, 4);
      expect(rv20!.rmse_pct).toBeCloseTo(1.261, 3);
      expect(regression!.qlike).toBeCloseTo(0.3583, 4);
      expect(regression!.rmse_pct).toBeCloseTo(1.022, 3);
      expect(regression!.bias).toBeCloseTo(1, 2);
    });

    it("goes beyond the published records with either leg and their mean", () => {
      const {log_har_gamma: gamma, anchored, combined} = record.rows;
      expect(gamma!.qlike).toBeLessThan(0.347);
      expect(anchored!.qlike).toBeLessThan(0.35);
      expect(combined!.qlike).toBeLessThan(0.345);
      expect(combined!.rmse_pct).toBeLessThan(0.998);
      expect(Math.abs(combined!.bias - 1)).toBeLessThan(0.05);
      expect(combined!.dm_t_har_vix).toBeLessThan(-3);
    });

    it("the champion passes the record's bounds, and is worse than RV20 in no year", () => {
      const own = record.rows[champion]!;
      expect(own.qlike).toBeLessThanOrEqual(0.345);
      expect(own.rmse_pct).toBeLessThanOrEqual(0.998);
      expect(own.dm_t_har_vix).toBeLessThan(-1.96);
      expect(own.bias).toBeGreaterThanOrEqual(gates.minimum_bias);
      expect(own.bias).toBeLessThanOrEqual(gates.maximum_bias);
      expect(record.years.map(({period}) => period)).toEqual(years);
      expect(record.years.filter(({gain_qlike_rv20}) => gain_qlike_rv20 <= 0)).toEqual([]);
    });

    it("the champion's adaptive interval covers .88 to .92, and .70 in the worst 63 sessions", () => {
      const {rate, worst_rate} = coverage(record);
      expect(rate).toBeGreaterThan(0.88);
      expect(rate).toBeLessThan(0.92);
      expect(worst_rate).toBeGreaterThanOrEqual(0.7);
    });
  });

  it("1 ahead gives the published figures, unchanged closes left out, and the champion its bound", () => {
    const record = recordOf(table!, 1);
    const {rv20, log_har_vix: regression} = record.rows;
    expect(rv20!.n).toBe(4776);
    expect(rv20!.qlike).toBeCloseTo(1.666, 3);
    expect(regression!.qlike).toBeCloseTo(1.462, 3); // published: 1.4637, which a floor of 1e-9 under ln y gives
    expect(record.rows[champion]!.qlike).toBeLessThanOrEqual(1.435);
    expect(coverage(record).rate).toBeGreaterThan(0.88);
    expect(coverage(record).rate).toBeLessThan(0.92);
  });

  it("22 ahead gives the published figures on known outcomes, and the champion its bound and level", () => {
    const {rows} = recordOf(table!, 22);
    expect(rows.rv20!.n).toBe(4759);
    expect(rows.rv20!.qlike).toBeCloseTo(0.559, 3);
    expect(rows.log_har_vix!.qlike).toBeCloseTo(0.347, 3);
    expect(rows[champion]!.qlike).toBeLessThanOrEqual(0.34);
    expect(rows[champion]!.bias).toBeGreaterThanOrEqual(gates.minimum_bias);
    expect(rows[champion]!.bias).toBeLessThanOrEqual(gates.maximum_bias);
  });
});

interface Derived {
  readonly horizon: number;
  readonly actual: Float64Array;
  readonly champion: ForecastSeries;
  /** Over the reference period, by model. */
  readonly rows: Readonly<Record<string, LeaderboardRow>>;
  /** The champion's, a row a year. */
  readonly years: readonly LeaderboardRow[];
}

// As the walk-forward does it, of the models that the champion's rule chooses from.
function recordOf(table: MarketTable, horizon: number): Derived {
  const {sessions} = table.features;
  const actual = table.variance[horizon]!;
  const forecasts: Record<string, ForecastSeries> = {};
  for (const name of FITTED) {
    const {model, window} = catalogueEntry(name);
    const tasks = planWalkForward(sessions, {
      model: name,
      seed,
      horizon,
      refitEvery: walk_forward.refit_sessions[name]!,
      window,
      firstOrigin: sessionDate(walk_forward.first_origin),
      trainFrom: sessionDate(walk_forward.train_from),
      minTrain: walk_forward.minimum_training_sessions,
    });
    const folds = tasks.map((task) => forecastFold(task, {model, table}));
    forecasts[name] = joinForecasts(folds, sessions.length);
  }
  for (const name of ["combined", champion]) {
    const combination = createCombination(combinations.find((own) => own.name === name)!);
    const members = combination.members.map((member) => forecasts[member]!);
    forecasts[name] = combineForecasts(combination, members, {sessions, horizon, actual});
  }
  const period = (name: string, first: string, last: string) => ({
    name,
    first: sessionDate(first),
    last: sessionDate(last),
  });
  const scores = scorecard(
    {sessions, horizon, actual, forecasts},
    {
      periods: [
        period(reference.name, reference.first, reference.last),
        ...years.map((year) => period(year, `${year}-01-01`, `${year}-12-31`)),
      ],
      seed,
    },
  );
  const whole = scores.filter((row) => row.period === reference.name);
  return {
    horizon,
    actual,
    champion: forecasts[champion]!,
    rows: Object.fromEntries(whole.map((row) => [row.model, row])),
    years: scores.filter((row) => row.model === champion && row.period !== reference.name),
  };
}

function coverage({horizon, actual, champion: {volatility: forecast}}: Derived) {
  const series = {actual: actual.map(Math.sqrt), forecast};
  const [bounds] = conformalIntervals(series, {
    horizon,
    method: "adaptive",
    levels: [interval.coverage],
    windowSessions: interval.window_sessions,
    minimumSessions: interval.minimum_sessions,
  });
  return coverageOf({...series, ...bounds!}, {level: interval.coverage});
}
