import {describe, expect, it} from "vitest";
import {qlike} from "../evaluation/losses.ts";
import {createRandom} from "../random.ts";
import {absenceLevels, type GroupedForecasts, groupContributions, lossAnatomy} from "./lossAnatomy.ts";

const ROWS = 600;
const all = [{period: "all", start: 0, end: ROWS}];

describe("lossAnatomy()", () => {
  it.each([0, 1, 2, 3, 4])("adds up to the loss of the base less that of the forecast, seed %i", (seed) => {
    const forecasts = simulate(seed);
    const [anatomy] = lossAnatomy(forecasts, {loss: qlike, periods: all});
    const {values, baseOnly, full, n} = anatomy!;
    expect(n).toBe(ROWS);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - (baseOnly - full))).toBeLessThan(1e-12);
    const own = qlike(forecasts.actual, forecasts.logForecast.map(Math.exp));
    expect(full).toBe(own.reduce((sum, loss) => sum + loss, 0) / ROWS);
    expect(baseOnly).toBeGreaterThan(full);
  });

  it("gives each group its mean marginal gain over all orders, computed forecast by forecast", () => {
    const forecasts = simulate(7);
    const {values} = lossAnatomy(forecasts, {loss: qlike, periods: all})[0]!;
    const orders = permutations([0, 1, 2, 3]);
    const gains = new Float64Array(4);
    for (const order of orders) {
      const on = new Set<number>();
      for (const group of order) {
        const before = slowLoss(forecasts, on);
        on.add(group);
        gains[group]! += (before - slowLoss(forecasts, on)) / orders.length;
      }
    }
    values.forEach((value, g) => {
      expect(Math.abs(value - gains[g]!)).toBeLessThan(1e-12);
    });
  });

  it("gives nothing to a group that never moves a forecast, and less than nothing to noise", () => {
    const {values} = lossAnatomy(simulate(3), {loss: qlike, periods: all})[0]!;
    expect(values[2]).toBe(0); // never moves
    expect(values[3]).toBeLessThan(0); // moves at random
    expect(values[0]).toBeGreaterThan(values[1]!);
    expect(values[1]).toBeGreaterThan(0);
  });

  it("gives groups that move alike the same", () => {
    const forecasts = simulate(4);
    const contributions = forecasts.contributions.slice();
    for (let i = 0; i < ROWS; i++) contributions[4 * i + 1] = contributions[4 * i]!;
    const {values} = lossAnatomy(
      {
        ...forecasts,
        contributions,
        levels: [0, 1].map((f) => absenceLevels(contributions.subarray(1200 * f, 1200 * (f + 1)), 4)),
      },
      {loss: qlike, periods: all},
    )[0]!;
    expect(values[0]).toBeCloseTo(values[1]!, 13);
  });

  it("takes each period apart alone, so that periods weighed by their rows are the whole", () => {
    const forecasts = simulate(5);
    const periods = [...all, {period: "2005", start: 0, end: 200}, {period: "2006", start: 200, end: ROWS}];
    const [whole, first, second] = lossAnatomy(forecasts, {loss: qlike, periods});
    whole!.values.forEach((value, g) => {
      expect(value).toBeCloseTo((200 * first!.values[g]! + 400 * second!.values[g]!) / ROWS, 12);
    });
  });

  it("leaves out rows without an outcome, and periods without rows", () => {
    const forecasts = simulate(6);
    const actual = forecasts.actual.map((y, i) => (i < 100 ? Number.NaN : y));
    const periods = [...all, {period: "2005", start: 0, end: 100}];
    const anatomies = lossAnatomy({...forecasts, actual}, {loss: qlike, periods});
    expect(anatomies.map(({period, n}) => ({period, n}))).toEqual([{period: "all", n: 500}]);
  });

  it("praises no group for the level of the forecast alone", () => {
    // The base alone is a mean of the training rows, as the forecast is, and not the median.
    const forecasts = simulate(8);
    const level = absenceLevels(forecasts.contributions.subarray(0, 1200), 4)[0]!;
    const rows = Array.from({length: 300}, (_, i) => forecasts.contributions.subarray(4 * i, 4 * i + 4));
    const mean = rows.reduce((sum, row) => sum + Math.exp(row.reduce((a, b) => a + b, 0)), 0) / rows.length;
    expect(Math.exp(level)).toBeCloseTo(mean, 12);
    expect(level).toBeGreaterThan(0.1);
  });

  it("refuses arrays whose lengths do not agree", () => {
    const forecasts = simulate(0);
    expect(() => lossAnatomy({...forecasts, fit: new Uint32Array(3)}, {loss: qlike, periods: all})).toThrow(
      "600 outcomes have 600 forecasts, 3 fits",
    );
  });
});

it("absenceLevels() is 0 where every group is there, and needs a complete row", () => {
  const {contributions} = simulate(1);
  expect(absenceLevels(contributions, 4)[15]).toBe(0);
  const gappy = contributions.slice();
  gappy[0] = Number.NaN;
  expect(absenceLevels(gappy, 4)).toEqual(absenceLevels(contributions.subarray(4), 4));
  expect(() => absenceLevels(gappy.subarray(0, 4), 4)).toThrow("no row of the sample is complete");
});

it("groupContributions() doubles: twice the log of a volatility is the log of a variance", () => {
  const values = Float64Array.of(1, 2, 3, -1, 0, 10);
  expect(groupContributions(values, {groupOf: [1, 0, 1], groups: 2})).toEqual(Float64Array.of(4, 8, 0, 18));
});

// Two fits of 300 rows: a strong group, a weaker one, one that never moves, and noise.
function simulate(seed: number): GroupedForecasts {
  const random = createRandom(seed);
  const contributions = new Float64Array(4 * ROWS);
  const logForecast = new Float64Array(ROWS);
  const actual = new Float64Array(ROWS);
  const fit = Uint32Array.from({length: ROWS}, (_, i) => (i < 300 ? 0 : 1));
  for (let i = 0; i < ROWS; i++) {
    const strong = 0.8 * random.normal();
    const weak = 0.4 * random.normal();
    const noise = 0.3 * random.normal();
    contributions.set([strong, weak, 0, noise], 4 * i);
    const base = fit[i] === 0 ? -8 : -7.5;
    logForecast[i] = base + strong + weak + noise;
    actual[i] = Math.exp(base + strong + weak + random.normal() - 0.5);
  }
  const levels = [0, 1].map((f) => absenceLevels(contributions.subarray(1200 * f, 1200 * (f + 1)), 4));
  return {groups: ["strong", "weak", "idle", "noise"], actual, logForecast, contributions, fit, levels};
}

// The forecast that only some groups move, from its definition.
function slowLoss(
  {actual, logForecast, contributions, fit}: GroupedForecasts,
  on: ReadonlySet<number>,
): number {
  const off = (row: number): number =>
    [0, 1, 2, 3].reduce((total, g) => total + (on.has(g) ? 0 : contributions[4 * row + g]!), 0);
  const rows = Array.from({length: ROWS}, (_, row) => row);
  const means = [0, 1].map((f) => {
    const own = rows.filter((row) => fit[row] === f);
    return own.reduce((total, row) => total + Math.exp(off(row)), 0) / own.length;
  });
  const losses = rows.map((row) => {
    const ratio = actual[row]! / (Math.exp(logForecast[row]! - off(row)) * means[fit[row]!]!);
    return ratio - Math.log(ratio) - 1;
  });
  return losses.reduce((total, loss) => total + loss, 0) / ROWS;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
