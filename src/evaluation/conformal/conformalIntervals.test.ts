import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {conformalIntervals, INTERVAL_METHODS, type IntervalMethod} from "./conformalIntervals.ts";
import {coverageOf} from "./coverage.ts";

const levels = [0.8, 0.9, 0.95];
const options = {horizon: 5, levels, windowSessions: 1000, minimumSessions: 250};
const SEEDS = [0, 1, 2, 3, 4];
const HORIZONS = [1, 5, 22];

describe.each(INTERVAL_METHODS)("conformalIntervals(), %s", (method) => {
  it.each(HORIZONS)("covers as often as it promises where nothing changes, %i ahead", (horizon) => {
    for (const [i, level] of levels.entries()) {
      const rates = SEEDS.map((seed) => record(simulate(5000, {horizon, seed}), {method, horizon})[i]!.rate);
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / SEEDS.length;
      expect(Math.abs(mean - level)).toBeLessThan(0.015);
    }
  });

  it.each([300, 500, 1500])("at row %i uses no outcome that ends after it, nor any later forecast", (t) => {
    expect(firstDifference(method, {t, horizon: 5, knownFrom: t})).toBe(t + 1);
  });

  it.each(HORIZONS)("is caught where it takes an outcome a day early, %i ahead", (horizon) => {
    // The planted fault: the interval is told a horizon one session shorter than its outcomes have.
    const honest = firstDifference(method, {t: 700, horizon, knownFrom: 700});
    const early = firstDifference(method, {t: 700, horizon: horizon - 1, knownFrom: 700, outcomes: horizon});
    expect(honest).toBe(701);
    expect(early).toBe(700);
  });

  it("says of a row, whatever follows, what it said when the row was the last", () => {
    const {actual, forecast} = simulate(1500, {seed: 6});
    const whole = conformalIntervals({actual, forecast}, {...options, method});
    for (const n of [255, 700, 1499]) {
      const known = actual.slice(0, n).fill(Number.NaN, n - 5);
      const then = conformalIntervals({actual: known, forecast: forecast.slice(0, n)}, {...options, method});
      then.forEach(({lower, upper}, i) => {
        expect(lower).toEqual(whole[i]!.lower.slice(0, n));
        expect(upper).toEqual(whole[i]!.upper.slice(0, n));
      });
    }
  });

  it.each(SEEDS)("lies within the interval of a higher level, seed %i", (seed) => {
    const series = simulate(4000, {seed, horizon: 1, shift: 1, zeros: 0.01});
    const [low, middle, high] = conformalIntervals(series, {...options, horizon: 1, method});
    const rows = Array.from({length: 4000 - 251}, (_, i) => i + 251);
    const disordered = rows.filter((t) => {
      const bounds = [high, middle, low].map((interval) => interval!.lower[t]!);
      bounds.push(...[low, middle, high].map((interval) => interval!.upper[t]!));
      return bounds.some((bound, i) => !(bound >= (bounds[i - 1] ?? 0)));
    });
    expect(disordered).toEqual([]);
  });

  it("has a lower bound of 0 where unchanged closes are more than the tail leaves out", () => {
    const series = simulate(4000, {horizon: 1, seed: 8, zeros: 0.07});
    const [low, middle, high] = conformalIntervals(series, {...options, horizon: 1, method});
    expect(low!.lower.slice(2000).every((bound) => bound > 0)).toBe(true); // 7 % of 10 %
    for (const {lower, upper} of [middle!, high!]) {
      expect(lower.slice(2000).filter((bound) => bound === 0).length).toBeGreaterThan(1900);
      expect(upper.slice(2000).every((bound) => bound > 0 && Number.isFinite(bound))).toBe(true);
    }
    const {below, rate} = coverageOf({...series, ...low!}, {level: 0.8});
    expect(below).toBeGreaterThan(0.08);
    expect(Math.abs(rate - 0.8)).toBeLessThan(0.02);
  });

  it("is missing until enough outcomes are known, and where there is no forecast", () => {
    const {actual, forecast} = simulate(400, {seed: 3});
    forecast[300] = Number.NaN;
    const [interval] = conformalIntervals({actual, forecast}, {...options, method});
    const {lower} = interval!;
    expect(lower.findIndex((bound) => !Number.isNaN(bound))).toBe(254);
    expect(lower[300]).toBeNaN();
    expect(lower[399]).toBeGreaterThan(0);
  });

  it("leaves its input as it was, and says the same twice", () => {
    const series = simulate(600, {seed: 1});
    const copy = {actual: series.actual.slice(), forecast: series.forecast.slice()};
    const first = conformalIntervals(series, {...options, method});
    expect(series).toEqual(copy);
    expect(conformalIntervals(series, {...options, method})).toEqual(first);
  });
});

describe("conformalIntervals()", () => {
  it.each([
    ["split", 1495],
    ["rolling", 1000],
  ] as const)("%s has the ranks of the sorted scores written out", (method, count) => {
    const {actual, forecast} = simulate(1600, {seed: 4});
    const t = 1499;
    const scores = Array.from({length: count}, (_, i) => Math.log(actual[t - 5 - i]! / forecast[t - 5 - i]!));
    scores.sort((a, b) => a - b);
    const found = conformalIntervals({actual, forecast}, {...options, method});
    for (const [i, level] of levels.entries()) {
      const rank = Math.floor(((count + 1) * Math.round(500 * (1 - level))) / 1000);
      expect(found[i]!.lower[t]).toBeCloseTo(forecast[t]! * Math.exp(scores[rank - 1]!), 14);
      expect(found[i]!.upper[t]).toBeCloseTo(forecast[t]! * Math.exp(scores[count - rank]!), 14);
    }
  });

  it.each(HORIZONS)(
    "adaptive keeps its promise when volatility leaves the forecast behind, %i ahead",
    (horizon) => {
      // After row 2,500 outcomes are 1.6 times what was forecast: no past score tells of it.
      const rates = (method: IntervalMethod) =>
        SEEDS.map((seed) => {
          const series = simulate(4000, {horizon, seed, shift: 0.47});
          return record(series, {method, horizon, from: 2500})[1]!.rate;
        });
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean(rates("adaptive"))).toBeGreaterThan(mean(rates("rolling")) + 0.01);
      expect(mean(rates("rolling"))).toBeGreaterThan(mean(rates("split")));
      expect(mean(rates("adaptive"))).toBeGreaterThan(horizon === 22 ? 0.83 : 0.86);
    },
  );

  it("adaptive does better than rolling in the worst 63 sessions, on average", () => {
    const worst = (method: IntervalMethod) =>
      Array.from({length: 10}, (_, seed) => {
        const series = simulate(4000, {horizon: 5, seed, shift: 0.25});
        return record(series, {method, horizon: 5})[1]!.worst_rate;
      }).reduce((a, b) => a + b, 0) / 10;
    expect(worst("adaptive")).toBeGreaterThan(worst("rolling") + 0.03);
  });

  it("refuses levels and minimums that cannot be", () => {
    const series = simulate(10, {seed: 0});
    const form = (changed: object) => () =>
      conformalIntervals(series, {...options, method: "adaptive", ...changed});
    expect(form({minimumSessions: 5})).toThrow(
      "minimumSessions must be from 39 to windowSessions (1000), current value is 5",
    );
    expect(form({levels: [0.9, 0.8]})).toThrow(
      "levels must increase within (0, 1), current value is 0.9, 0.8",
    );
    for (const wrong of [[1], [0], [], [Number.NaN]]) expect(form({levels: wrong})).toThrow("levels must");
  });
});

interface Simulation {
  readonly seed: number;
  readonly horizon?: number;
  /** Added to the log of every outcome from row 2,500 on. */
  readonly shift?: number;
  /** Share of outcomes that are 0. */
  readonly zeros?: number;
}

// Sums of `horizon` squared returns with a persistent variance, which the forecast knows up to an error of its own.
function simulate(
  n: number,
  {seed, horizon = 5, shift = 0, zeros = 0}: Simulation,
): {actual: Float64Array; forecast: Float64Array} {
  const random = createRandom(seed);
  let level = 0;
  const deviation = Float64Array.from({length: n + horizon}, () => {
    level = 0.98 * level + 0.1 * random.normal();
    return 0.01 * Math.exp(level / 4);
  });
  const squared = deviation.map((value) => (value * random.normal()) ** 2);
  const forecast = deviation
    .subarray(0, n)
    .map((value) => value * Math.sqrt(horizon) * Math.exp(0.1 * random.normal()));
  const actual = Float64Array.from({length: n}, (_, t) => {
    if (random.uniform() < zeros) return 0;
    const sum = squared.subarray(t + 1, t + 1 + horizon).reduce((a, b) => a + b, 0);
    return Math.sqrt(sum) * Math.exp(t >= 2500 ? shift : 0);
  });
  return {actual, forecast};
}

function record(
  series: {actual: Float64Array; forecast: Float64Array},
  {method, horizon, from = 0}: {method: IntervalMethod; horizon: number; from?: number},
) {
  return conformalIntervals(series, {...options, horizon, method}).map((interval, i) =>
    coverageOf(
      {...series, ...interval},
      {level: levels[i]!, among: Array.from(series.actual.keys()).slice(from)},
    ),
  );
}

// The first row whose interval depends on outcomes that end after row `knownFrom`, or on later forecasts.
function firstDifference(
  method: IntervalMethod,
  {
    t,
    horizon,
    knownFrom,
    outcomes = horizon,
  }: {t: number; horizon: number; knownFrom: number; outcomes?: number},
): number {
  const {actual, forecast} = simulate(2000, {seed: 9, horizon: outcomes});
  const form = (series: {actual: Float64Array; forecast: Float64Array}) =>
    conformalIntervals(series, {...options, horizon, method});
  const before = form({actual, forecast});
  const after = form({
    actual: actual.map((value, i) => (i + outcomes > knownFrom ? value * 100 : value)),
    forecast: forecast.map((value, i) => (i > t ? value / 100 : value)),
  });
  const rows = before.flatMap(({lower, upper}, i) => [
    lower.findIndex((bound, row) => !Object.is(bound, after[i]!.lower[row])),
    upper.findIndex((bound, row) => !Object.is(bound, after[i]!.upper[row])),
  ]);
  return Math.min(...rows.filter((row) => row >= 0));
}
