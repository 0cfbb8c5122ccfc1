import {describe, expect, it} from "vitest";
import {sampleTable} from "../evaluation/marketTable.fixture.ts";
import {explainForecast} from "../explain/explainForecast.ts";
import {horizon} from "../units.ts";
import {anchored} from "./anchored.ts";
import {gbdt} from "./gbdt.ts";
import {forecastLog} from "./logFit.ts";
import {logHarGamma} from "./logHarGamma.ts";
import {logMean} from "./logMean.ts";

const table = sampleTable({seed: 3, first: "2001-01-02", last: "2008-12-31"});
const set = {
  features: table.features,
  rows: {start: 100, end: 1500},
  variance: table.variance[5]!,
  rangeVariance: table.rangeVariance[5]!,
  horizon: horizon(5),
  seed: 1,
};
const request = {features: table.features, rows: {start: 1600, end: 1900}, horizon: horizon(5)};

describe("logMean()", () => {
  const parts = [
    {fit: logHarGamma.fit(set), weight: 0.5},
    {fit: anchored.fit(set), weight: 0.3},
    {fit: gbdt.fit(set), weight: 0.2}, // other trees on other columns
  ];
  const mean = logMean(parts);

  it("forecasts the weighted geometric mean of its parts", () => {
    const {variance, volatility} = forecastLog(mean, request);
    const of = parts.map(({fit}) => forecastLog(fit, request));
    variance.forEach((value, i) => {
      const logs = (name: "variance" | "volatility") =>
        parts.reduce((sum, {weight}, k) => sum + weight * Math.log(of[k]![name][i]!), 0);
      expect(Math.abs(Math.log(value) - logs("variance"))).toBeLessThan(1e-5); // leaves are float32
      expect(Math.abs(Math.log(volatility[i]!) - logs("volatility"))).toBeLessThan(1e-5);
    });
  });

  it("is explained by what explains its parts", () => {
    const whole = explainForecast(mean, request);
    const of = parts.map(({fit}) => explainForecast(fit, request));
    const at = (explained: typeof whole, name: string, row: number) => {
      const column = explained.features.indexOf(name);
      return column < 0 ? 0 : explained.values[row * explained.features.length + column]!;
    };
    // Levels are measured from the parts' own training means; between two rows nothing depends on those.
    for (const name of whole.features) {
      const expected = parts.reduce(
        (sum, {weight}, k) => sum + weight * (at(of[k]!, name, 7) - at(of[k]!, name, 90)),
        0,
      );
      expect(Math.abs(at(whole, name, 7) - at(whole, name, 90) - expected), name).toBeLessThan(1e-5);
    }
    const {volatility} = forecastLog(mean, request);
    const width = whole.features.length;
    const sum = whole.values.subarray(7 * width, 8 * width).reduce((total, value) => total + value, 0);
    expect(whole.base + sum).toBeCloseTo(Math.log(volatility[7]!), 10);
  });

  it("of one part is that part", () => {
    expect(logMean([{fit: parts[1]!.fit, weight: 1}])).toBe(parts[1]!.fit);
  });

  it("refuses weights that do not sum to 1", () => {
    expect(() => logMean([{...parts[0]!, weight: 0.4}])).toThrow("sum to 1, they are 0.4");
  });
});
