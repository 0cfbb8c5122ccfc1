import {describe, expect, it} from "vitest";
import {evaluateForecasts} from "../evaluation/evaluateForecasts.ts";
import {planRegimes} from "../evaluation/regimes.ts";
import type {ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import {createRandom} from "../random.ts";
import type {Table} from "../store/table.ts";
import {isoDate} from "../units.ts";
import {breakIt, type Choices} from "./breakIt.ts";
import {coveragePath} from "./coveragePath.ts";
import {cumulativeDifferences, lossColumns, rollingMeans} from "./lossPaths.ts";

const HORIZON = 5;
const FIRST = 12_000;
const N = 900;
const DAY = 86_400_000;
const MODELS = {rv20: 0.5, log_har_vix: 0.3, good: 0.1};

function market(): {tables: Parameters<typeof breakIt>[0]; scored: ScoredForecasts; index: Float64Array} {
  const random = createRandom(4);
  const before = 300; // sessions before the first forecast
  const days = Int32Array.from({length: before + N}, (_, t) => FIRST - before + t);
  const truth = Float64Array.from(days, (_, t) => 0.0004 * Math.exp(0.8 * Math.sin(t / 30)));
  const rv = truth.map((value) => Math.sqrt(value * Math.exp(0.5 * random.normal())));
  for (let t = rv.length - HORIZON; t < rv.length; t++) rv[t] = Number.NaN;
  const vix = truth.map((value) => 1000 * Math.sqrt(value));
  const sessions = days.subarray(before);
  const variance: Record<string, Float64Array> = {};
  const volatility: Record<string, Float64Array> = {};
  for (const [model, noise] of Object.entries(MODELS)) {
    variance[model] = truth.slice(before).map((value) => value * Math.exp(noise * random.normal()));
    volatility[model] = variance[model].map(Math.sqrt);
  }
  const table = (columns: Table["columns"], date: Int32Array): Table => ({
    rows: date.length,
    columns: {date, ...columns},
  });
  return {
    tables: {
      variance: table(variance, sessions),
      volatility: table(volatility, sessions),
      outcomes: table({rv_5d: rv, range_rv_5d: rv.map((value) => 0.9 * value), vix}, days),
    },
    scored: {
      sessions,
      horizon: HORIZON,
      actual: rv.slice(before).map((value) => value ** 2),
      forecasts: Object.fromEntries(
        Object.keys(MODELS).map((model) => [
          model,
          {variance: variance[model]!, volatility: volatility[model]!},
        ]),
      ),
    },
    index: vix,
  };
}

describe("breakIt()", () => {
  const {tables, scored, index} = market();
  const settings = {seed: 7, trainFrom: isoDate(FIRST - 300)};
  const choices: Choices = {
    horizon: HORIZON,
    loss: "qlike",
    proxy: "squared returns",
    baseline: "rv20",
    regime: "all",
    first: isoDate(FIRST),
    last: isoDate(FIRST + N),
  };
  const all = {name: "all", first: FIRST, last: FIRST + N};

  it("gives the published leaderboard where the choices are its own, regimes included", () => {
    const days = Int32Array.from({length: 300 + N}, (_, t) => FIRST - 300 + t);
    const regimes = planRegimes(scored, {sessions: days, level: index});
    const {leaderboard} = evaluateForecasts(scored, {periods: [all, ...regimes], seed: 7});
    expect(regimes.map(({name}) => name)).toContain("stress");
    for (const regime of ["all", ...regimes.map(({name}) => name)]) {
      const rows = breakIt(tables, {...choices, regime}, settings);
      const expected = leaderboard.filter(({period}) => period === regime);
      expect(rows.map(({model, n, loss, gain, dm_t, mcs_p}) => [model, n, loss, gain, dm_t, mcs_p])).toEqual(
        expected.map((row) => [row.model, row.n, row.qlike, row.gain_qlike_rv20, row.dm_t_rv20, row.mcs_p]),
      );
    }
  });

  it("follows every choice", () => {
    const base = breakIt(tables, choices, settings);
    const good = (changed: Partial<Choices>) =>
      breakIt(tables, {...choices, ...changed}, settings).find(({model}) => model === "good")!;
    expect(good({loss: "rmse"}).loss).not.toBe(base[2]!.loss);
    expect(good({baseline: "log_har_vix"}).gain).toBeLessThan(base[2]!.gain);
    expect(good({last: isoDate(FIRST + 599)}).n).toBe(600);
    // Ranges a tenth lower throughout are put on the level of squared returns: nothing changes.
    expect(good({proxy: "ranges"}).loss).toBeCloseTo(base[2]!.loss, 12);
    expect(breakIt(tables, {...choices, without: ["log_har_vix"]}, settings)).toHaveLength(2);
    expect(breakIt(tables, {...choices, first: "1980-01-01", last: "1980-12-31"}, settings)).toEqual([]);
  });
});

describe("loss paths", () => {
  const {tables} = market();
  const columns = lossColumns(tables.variance, {outcomes: tables.outcomes, horizon: HORIZON});

  it("cumulativeDifferences() end at the sum of the differences, thinned or not", () => {
    const sum = (model: string) => columns.losses.get(model)!.reduce((total, loss) => total + loss, 0);
    expect(columns.sessions).toHaveLength(N - HORIZON);
    for (const every of [1, 5]) {
      const paths = cumulativeDifferences(columns, {reference: "rv20", every});
      expect(paths.map(({name}) => name)).toEqual(["log_har_vix", "good"]);
      expect(paths[1]!.values.at(-1)).toBeCloseTo(sum("good") - sum("rv20"), 9);
      expect(paths[1]!.dates.at(-1)).toBe(columns.sessions.at(-1)! * DAY);
      expect(paths[1]!.values).toHaveLength(Math.ceil((N - HORIZON) / every));
    }
  });

  it("rollingMeans() have full windows that end at their date", () => {
    const [path] = rollingMeans(columns, {window: 250});
    const own = columns.losses.get("rv20")!;
    const mean = (from: number) => own.slice(from, from + 250).reduce((a, b) => a + b, 0) / 250;
    expect(path!.values).toHaveLength(N - HORIZON - 249);
    expect(path!.values[0]).toBeCloseTo(mean(0), 12);
    expect(path!.values[100]).toBeCloseTo(mean(100), 12);
    expect(path!.dates[0]).toBe(columns.sessions[249]! * DAY);
    expect(rollingMeans(columns, {window: N})).toEqual([]);
  });
});

it("coveragePath() counts known outcomes in full windows alone", () => {
  const date = Int32Array.from({length: 10}, (_, t) => 100 + t);
  const outcomes = {
    rows: 10,
    columns: {date, rv_5d: Float64Array.from([1, 1, 9, 1, 1, 1, Number.NaN, 1, 9, 1])},
  };
  const bounds = {a_90_lo: new Float64Array(10), a_90_hi: new Float64Array(10).fill(2)};
  const path = coveragePath(
    {rows: 10, columns: {date, ...bounds}},
    {outcomes, horizon: 5, interval: "a_90", window: 4},
  );
  expect(Array.from(path.values)).toEqual([0.75, 0.75, 0.75, 1, 0.75, 0.75]);
  expect(path.dates[0]).toBe(103 * DAY);
});
