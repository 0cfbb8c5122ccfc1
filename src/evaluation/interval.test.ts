import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {conformalInterval} from "./interval.ts";

const options = {horizon: 5, coverage: 0.9, windowSessions: 1000, minimumSessions: 250};

describe("conformalInterval()", () => {
  it.each([0, 1, 2, 3, 4])("covers nine outcomes in ten on simulated volatility, seed %i", (seed) => {
    const {actual, forecast} = simulate(5000, seed);
    const {lower, upper} = conformalInterval({actual, forecast}, options);
    let inside = 0;
    let below = 0;
    let count = 0;
    for (let t = 0; t < actual.length; t++) {
      if (Number.isNaN(lower[t]!)) continue;
      count++;
      if (actual[t]! < lower[t]!) below++;
      else if (actual[t]! <= upper[t]!) inside++;
    }
    expect(count).toBe(5000 - 250 - 4);
    expect(inside / count).toBeGreaterThan(0.885);
    expect(inside / count).toBeLessThan(0.92);
    expect(below / count).toBeGreaterThan(0.035);
    expect(below / count).toBeLessThan(0.065);
  });

  it.each([300, 500, 1500])("at row %i uses no outcome that ends after it, nor any later forecast", (t) => {
    const {actual, forecast} = simulate(2000, 9);
    const before = conformalInterval({actual, forecast}, options);
    const after = conformalInterval(
      {
        actual: actual.map((v, i) => (i + 5 > t ? v * 100 : v)),
        forecast: forecast.map((v, i) => (i > t ? v / 100 : v)),
      },
      options,
    );
    expect(after.lower.slice(0, t + 1)).toEqual(before.lower.slice(0, t + 1));
    expect(after.upper.slice(0, t + 1)).toEqual(before.upper.slice(0, t + 1));
    expect(after.upper[t + 1]).not.toBe(before.upper[t + 1]);
  });

  it("equals the sorted window written out", () => {
    const {actual, forecast} = simulate(1600, 4);
    const {lower, upper} = conformalInterval({actual, forecast}, options);
    const t = 1500;
    const scores = Array.from({length: 1000}, (_, i) => {
      const past = t - 5 - i;
      return Math.log(actual[past]! / forecast[past]!);
    }).sort((a, b) => a - b);
    expect(lower[t]).toBeCloseTo(forecast[t]! * Math.exp(scores[1000 - 951]!), 14);
    expect(upper[t]).toBeCloseTo(forecast[t]! * Math.exp(scores[951 - 1]!), 14);
  });

  it("is missing until enough outcomes are known, and where there is no forecast", () => {
    const {actual, forecast} = simulate(400, 3);
    forecast[300] = Number.NaN;
    const {lower} = conformalInterval({actual, forecast}, options);
    expect(lower.findIndex((v) => !Number.isNaN(v))).toBe(254);
    expect(lower[300]).toBeNaN();
  });

  it("refuses a minimum that cannot carry the coverage", () => {
    const series = simulate(10, 0);
    expect(() => conformalInterval(series, {...options, minimumSessions: 5})).toThrow(
      "minimumSessions must be from 19 to windowSessions (1000), current value is 5",
    );
    expect(() => conformalInterval(series, {...options, coverage: 1})).toThrow("current value is 1");
  });
});

function simulate(n: number, seed: number): {actual: Float64Array; forecast: Float64Array} {
  const random = createRandom(seed);
  let level = 0;
  const forecast = Float64Array.from({length: n}, () => {
    level = 0.98 * level + 0.1 * random.normal();
    return 0.02 * Math.exp(level);
  });
  return {actual: forecast.map((v) => v * Math.exp(0.4 * random.normal() - 0.1)), forecast};
}
