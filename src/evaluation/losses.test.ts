import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {absoluteErrorPct, qlike, squaredErrorPct, squaredVarianceErrorPct} from "./losses.ts";

describe("qlike()", () => {
  it("is 0 at the outcome, positive elsewhere, and dearer below than above", () => {
    const y = Float64Array.of(2, 2, 2);
    const [exact, above, below] = qlike(y, Float64Array.of(2, 4, 1));
    expect(exact).toBe(0);
    expect(above).toBeCloseTo(0.5 - Math.log(0.5) - 1, 15);
    expect(below).toBeCloseTo(2 - Math.log(2) - 1, 15);
    expect(below).toBeGreaterThan(above!);
  });

  it("does not depend on the unit of variance, but does on the scale, variance or volatility", () => {
    const random = createRandom(1);
    const y = Float64Array.from({length: 500}, () => random.normal() ** 2 + 1e-3);
    const f = Float64Array.from({length: 500}, () => random.normal() ** 2 + 1e-3);
    const loss = qlike(y, f);
    qlike(
      y.map((v) => v * 252e4),
      f.map((v) => v * 252e4),
    ).forEach((scaled, i) => {
      expect(scaled).toBeCloseTo(loss[i]!, 9);
    });
    const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(qlike(y.map(Math.sqrt), f.map(Math.sqrt)))).toBeLessThan(0.3 * mean(loss));
  });

  it("is lowest in the mean where the forecast is the mean outcome", () => {
    const random = createRandom(2);
    const y = Float64Array.from({length: 20_000}, () => random.normal() ** 2);
    const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
    const lossAt = (f: number) =>
      qlike(
        y,
        y.map(() => f),
      ).reduce((sum, v) => sum + v, 0);
    expect(lossAt(mean)).toBeLessThan(lossAt(mean * 1.01));
    expect(lossAt(mean)).toBeLessThan(lossAt(mean * 0.99));
  });

  it("is NaN where the close is unchanged or either is missing, and refuses a forecast that is not positive", () => {
    expect([...qlike(Float64Array.of(1e-15, Number.NaN, 1), Float64Array.of(1, 1, Number.NaN))]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(() => qlike(Float64Array.of(1, 1), Float64Array.of(1, 0))).toThrow(
      "Cannot score row 1: the variance forecast must be > 0, it is 0",
    );
  });
});

it("squared errors of variance rank forecasts by a noisy outcome as by the true variance; those of volatility do not", () => {
  const random = createRandom(3);
  const truth = 4e-4;
  const y = Float64Array.from({length: 200_000}, () => truth * random.normal() ** 2);
  const at = (f: number) => y.map(() => f);
  const mean = (loss: Float64Array) => loss.reduce((sum, v) => sum + v, 0) / loss.length;
  const ofVariance = (f: number) => mean(squaredVarianceErrorPct(y, at(f)));
  const ofVolatility = (f: number) => mean(squaredErrorPct(y.map(Math.sqrt), at(Math.sqrt(f))));
  expect(ofVariance(truth)).toBeLessThan(ofVariance(0.64 * truth)); // E|z| = .80: the volatility of a mean month is not its root
  expect(ofVolatility(truth)).toBeGreaterThan(ofVolatility(0.64 * truth));
});

describe("squaredErrorPct(), absoluteErrorPct() and squaredVarianceErrorPct()", () => {
  it("read fractions and answer in percent", () => {
    expect(squaredErrorPct(Float64Array.of(0.03), Float64Array.of(0.01))[0]).toBeCloseTo(4, 12);
    expect(absoluteErrorPct(Float64Array.of(0.01), Float64Array.of(0.03))[0]).toBeCloseTo(2, 12);
    expect(squaredVarianceErrorPct(Float64Array.of(4e-4), Float64Array.of(1e-4))[0]).toBeCloseTo(9, 12);
  });

  it("refuse columns of different length", () => {
    expect(() => squaredErrorPct(new Float64Array(2), new Float64Array(3))).toThrow(
      "2 outcomes for 3 forecasts",
    );
  });
});
