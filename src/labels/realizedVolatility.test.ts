import {expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {horizon} from "../units.ts";
import {computeLabels, rangeVolatility, realizedVolatility} from "./realizedVolatility.ts";

// Daily log returns .03, -.04, 0, .12, -.05, .01 after the first session.
const returns = [0.03, -0.04, 0, 0.12, -0.05, 0.01];
const prices = Float64Array.from(
  [0, ...returns],
  (_, t) => 100 * Math.exp(returns.slice(0, t).reduce((sum, r) => sum + r, 0)),
);

it("realizedVolatility() is the root of the sum of the next squared returns, by hand", () => {
  const rv = realizedVolatility(prices, horizon(2));
  expect(rv[0]).toBeCloseTo(0.05, 14); // .03² + .04² = .05²
  expect(rv[1]).toBeCloseTo(0.04, 14);
  expect(rv[2]).toBeCloseTo(0.12, 14);
  expect(rv[3]).toBeCloseTo(0.13, 14); // .12² + .05² = .13²
});

it("realizedVolatility() is NaN on the last h rows, whose window is not complete", () => {
  for (const sessions of [1, 5, 22]) {
    const rv = realizedVolatility(new Float64Array(40).fill(100), horizon(sessions));
    for (let t = 0; t < 40; t++) expect(Number.isNaN(rv[t]), `row ${t}`).toBe(t >= 40 - sessions);
  }
  expect(realizedVolatility(prices, horizon(22)).every(Number.isNaN)).toBe(true);
});

it("realizedVolatility() leaves out the return of its own session and needs all that follow", () => {
  const before = realizedVolatility(prices, horizon(2));
  expect(realizedVolatility(prices.with(0, 55), horizon(2)).subarray(1)).toEqual(before.subarray(1));
  const missing = realizedVolatility(prices.with(4, Number.NaN), horizon(2));
  expect(Array.from(missing, Number.isNaN)).toEqual([false, false, true, true, true, true, true]);
});

it("realizedVolatility() does not depend on the scale of prices", () => {
  const scaled = realizedVolatility(
    prices.map((price) => 7 * price),
    horizon(3),
  );
  const plain = realizedVolatility(prices, horizon(3));
  for (let t = 0; t < 4; t++) expect(scaled[t]).toBeCloseTo(plain[t]!, 14);
});

it("computeLabels() changes with the sessions to come and only within the horizon", () => {
  const random = createRandom(0);
  const adjClose = Float64Array.from({length: 80}, () => Math.exp(0.01 * random.normal()));
  const sessions = Int32Array.from(adjClose.keys());
  const of = (close: Float64Array) =>
    computeLabels({
      sessions,
      open: close,
      high: close.map((price) => 1.02 * price),
      low: close.map((price) => 0.99 * price),
      close,
      adjClose: close,
    }).columns;
  const labels = of(adjClose);
  const shocked = of(adjClose.with(50, 2 * adjClose[50]!));
  for (const [name, h] of [
    ["rv_1d", 1],
    ["rv_5d", 5],
    ["rv_22d", 22],
    ["range_rv_1d", 1],
    ["range_rv_5d", 5],
    ["range_rv_22d", 22],
  ] as const) {
    for (let t = 0; t < 80 - h; t++) {
      const within = t < 51 && t + h >= 50; // the returns into and out of session 50
      expect(labels[name][t] !== shocked[name][t], `${name} row ${t}`).toBe(within);
    }
  }
});

it("rangeVolatility() is the root of the summed variances of the coming sessions", () => {
  const range = Float64Array.of(9, 1e-4, 2e-4, 4e-4, Number.NaN);
  expect(rangeVolatility(range, horizon(2))).toEqual(
    Float64Array.of(Math.sqrt(1e-4 + 2e-4), Math.sqrt(2e-4 + 4e-4), Number.NaN, Number.NaN, Number.NaN),
  );
});
