import {beforeAll, describe, expect, it} from "vitest";
import {column} from "../frame.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import {sampleTable} from "./marketTable.fixture.ts";
import {type OracleRow, oracleRows} from "./oracle.ts";
import type {ScoredForecasts} from "./scoredForecasts.ts";
import {forecastFold, joinForecasts, planWalkForward} from "./walkForward.ts";

const MODELS = ["rv20", "ewma", "har", "log_har_range", "log_har_vix"];

let scored: ScoredForecasts;
let expected: Float64Array;
let rows: OracleRow[];
const whole = () => [{name: "all", first: 0, last: 30_000}];
const of = (model: string) => rows.find((row) => row.model === model)!;

beforeAll(() => {
  const table = sampleTable({seed: 11, first: "2000-01-03", last: "2015-12-31"});
  const {sessions} = table.features;
  const horizon = 5;
  expected = Float64Array.from(column(table.truth, "expected_5d"));
  const forecasts = Object.fromEntries(
    MODELS.map((name) => {
      const {model, window} = catalogueEntry(name);
      const options = {horizon, window, refitEvery: 250, firstOrigin: sessions[1000]!, minTrain: 900};
      const tasks = planWalkForward(sessions, {model: name, seed: 1, ...options});
      return [
        name,
        joinForecasts(
          tasks.map((task) => forecastFold(task, {model, table})),
          sessions.length,
        ),
      ];
    }),
  );
  const perfect = {variance: expected, volatility: expected.map(Math.sqrt)};
  scored = {sessions, horizon, actual: table.variance[horizon]!, forecasts: {...forecasts, perfect}};
  rows = oracleRows(scored, {expected, periods: whole()});
});

describe("oracleRows()", () => {
  it("has no excess and no distance for a model that knows the truth, to the bit", () => {
    expect(of("perfect")).toMatchObject({excess: 0, distance: 0, bias: 1});
    expect(of("perfect").qlike).toBe(of("perfect").qlike_oracle);
  });

  it.each(MODELS)("finds %s worse than the truth, by what the noise-free distance says", (model) => {
    const {n, excess, excess_t, distance} = of(model);
    expect(n).toBeGreaterThan(2900);
    expect(distance).toBeGreaterThan(0);
    // The excess is the distance plus noise of mean 0: its own standard error is excess / t.
    const error = Math.abs(excess / excess_t);
    expect(excess).toBeGreaterThan(-2 * error);
    expect(Math.abs(excess - distance)).toBeLessThan(3 * error);
  });

  it("ranks a regression that sees options before one that sees ranges, and both before the last 20 sessions", () => {
    expect(of("log_har_vix").distance).toBeLessThan(of("log_har_range").distance);
    expect(of("log_har_range").distance).toBeLessThan(of("rv20").distance);
  });

  it("compares on the rows whose truth and outcome are both known", () => {
    const cut = expected.map((value, t) => (t < 2000 ? Number.NaN : value));
    const {perfect: _, ...forecasts} = scored.forecasts;
    const later = oracleRows({...scored, forecasts}, {expected: cut, periods: whole()});
    expect(later[0]!.n).toBe(scored.sessions.length - 2000 - 5);
    const unknown = expected.map(() => Number.NaN);
    expect(oracleRows({...scored, forecasts}, {expected: unknown, periods: whole()})).toEqual([]);
  });

  it("sees a planted fault: a forecast that is twice the truth", () => {
    const double = {variance: expected.map((s) => 2 * s), volatility: expected.map((s) => Math.sqrt(2 * s))};
    const [row] = oracleRows({...scored, forecasts: {double}}, {expected, periods: whole()});
    expect(row!.distance).toBeCloseTo(0.5 + Math.log(2) - 1, 12);
    expect(row!.bias).toBeCloseTo(2, 12);
    expect(row!.excess_t).toBeGreaterThan(1.96);
  });
});
