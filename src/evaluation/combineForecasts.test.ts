import {describe, expect, it} from "vitest";
import {COMBINATION_KINDS, type Combination, createCombination} from "../models/combination.ts";
import {createRandom} from "../random.ts";
import {type CombinedSeries, type CombineOptions, combineForecasts} from "./combineForecasts.ts";
import {qlike} from "./losses.ts";
import type {ForecastSeries} from "./walkForward.ts";

const HORIZON = 5;
const ROWS = 900;
const FIRST = 100; // row of the first forecast
const market = simulate(4);
const {sessions, actual, members} = market;
const options = {sessions, actual, horizon: HORIZON};
const names = ["a", "b", "c"];
const of = (kind: Combination["kind"]) => createCombination({name: kind, kind, members: names});

/** The rows whose forecast changes when all that is unknown at the close of row t is replaced by nonsense. */
function rowsThatLookAhead(
  combine: (members: readonly ForecastSeries[], options: CombineOptions) => CombinedSeries,
): number[] {
  const honest = combine(members, options);
  return [FIRST + 260, 400, 401, 500, 633, 700].filter((t) => {
    const later = <T extends Float64Array>(values: T, from: number) =>
      values.map((value, u) => (u < from ? value : 1e3 * value + 1));
    const distorted = combine(
      members.map((own) => ({
        ...own,
        variance: later(own.variance, t + 1),
        volatility: later(own.volatility, t + 1),
      })),
      {...options, actual: later(actual, t - HORIZON + 1)},
    );
    return [honest.variance, honest.volatility].some((values, i) => {
      const other = [distorted.variance, distorted.volatility][i]!;
      return values.subarray(0, t + 1).some((value, u) => !Object.is(value, other[u]));
    });
  });
}

describe("combineForecasts()", () => {
  it.each(COMBINATION_KINDS)("%s knows at t no outcome that ends after t, and no later forecast", (kind) => {
    expect(rowsThatLookAhead((series, given) => combineForecasts(of(kind), series, given))).toEqual([]);
  });

  it.each(["inverse_loss", "stacked", "leader"] as const)(
    "%s is caught if it scores a forecast before its outcome is known",
    (kind) => {
      // Told that outcomes come after one session, it uses those of the last four too early.
      const early = (series: readonly ForecastSeries[], given: CombineOptions) =>
        combineForecasts(of(kind), series, {...given, horizon: 1, refitEvery: 1});
      expect(rowsThatLookAhead(early).length).toBeGreaterThan(0);
    },
  );

  it.each(COMBINATION_KINDS)("%s says of earlier rows the same whatever is added after them", (kind) => {
    const whole = combineForecasts(of(kind), members, options);
    for (const end of [FIRST + 1, 380, 381, 600]) {
      const cut = <T extends Float64Array | Int32Array>(values: T) => values.slice(0, end) as T;
      const then = combineForecasts(
        of(kind),
        members.map((own) => ({
          variance: cut(own.variance),
          volatility: cut(own.volatility),
          trainedThrough: cut(own.trainedThrough),
        })),
        {
          ...options,
          sessions: cut(sessions),
          actual: cut(actual).map((y, u) => (u + HORIZON < end ? y : Number.NaN)),
        },
      );
      expect(then.variance).toEqual(whole.variance.slice(0, end));
      expect(then.volatility).toEqual(whole.volatility.slice(0, end));
      expect(then.trainedThrough).toEqual(whole.trainedThrough.slice(0, end));
      expect(then.refits).toEqual(whole.refits.slice(0, then.refits.length));
    }
  });

  it("gives all members one weight until 250 outcomes are known, and weighs them every 21 sessions", () => {
    const {refits} = combineForecasts(of("leader"), members, options);
    expect(refits.map(({row}) => row)).toEqual(
      Array.from({length: 39}, (_, k) => FIRST + 21 * k).filter((row) => row < ROWS),
    );
    for (const {row, outcomes, weights} of refits) {
      const known = row - HORIZON - FIRST + 1; // the forecasts of FIRST to row - HORIZON
      expect(outcomes).toBe(known < 250 ? 0 : known);
      if (known < 250) expect([...weights]).toEqual([1 / 3, 1 / 3, 1 / 3]);
      else expect([...weights].sort()).toEqual([0, 0, 1]);
    }
  });

  it("leader is, row by row, the member with the least mean QLIKE of what was known", () => {
    const {variance, refits} = combineForecasts(of("leader"), members, options);
    const losses = members.map((own) => qlike(actual, own.variance));
    for (const {row, outcomes} of refits.filter((refit) => refit.outcomes > 0)) {
      const means = losses.map(
        (loss) => loss.slice(FIRST, row - HORIZON + 1).reduce((sum, value) => sum + value, 0) / outcomes,
      );
      const best = means.indexOf(Math.min(...means));
      expect(variance[row]).toBe(members[best]!.variance[row]);
      expect(variance[Math.min(row + 20, ROWS - 1)]).toBe(
        members[best]!.variance[Math.min(row + 20, ROWS - 1)],
      );
    }
  });

  it("pools variance and volatility alike: a mean of each, or a mean of their logs", () => {
    const [t, k] = [300, 1 / 3];
    const each = (name: "variance" | "volatility") => members.map((own) => own[name][t]!);
    for (const name of ["variance", "volatility"] as const) {
      const [a, b, c] = each(name) as [number, number, number];
      expect(combineForecasts(of("mean"), members, options)[name][t]).toBeCloseTo(k * (a + b + c), 15);
      expect(combineForecasts(of("log_mean"), members, options)[name][t]).toBeCloseTo(
        Math.cbrt(a * b * c),
        15,
      );
    }
  });

  it("is trained through the newest of its members and of the outcomes that its weights have seen", () => {
    const mean = combineForecasts(of("mean"), members, options);
    const stacked = combineForecasts(of("stacked"), members, options);
    for (let t = FIRST; t < ROWS; t++) {
      const newest = Math.max(...members.map((own) => own.trainedThrough[t]!));
      expect(mean.trainedThrough[t]).toBe(newest);
      const {lastOutcome, outcomes, row} = stacked.refits.findLast((refit) => refit.row <= t)!;
      expect(stacked.trainedThrough[t]).toBe(Math.max(newest, lastOutcome));
      expect(stacked.trainedThrough[t]!).toBeLessThanOrEqual(sessions[t]!);
      if (outcomes > 0) expect(lastOutcome).toBe(sessions[row]!);
    }
  });

  it("says nothing where a member does, and learns nothing from an unchanged close or a missing forecast", () => {
    const gap = 300;
    const gapped = members.map((own, k) =>
      k === 1 ? {...own, variance: own.variance.with(gap, Number.NaN)} : own,
    );
    const unchanged = actual.with(310, 0);
    const {variance, volatility, trainedThrough, refits} = combineForecasts(of("stacked"), gapped, {
      ...options,
      actual: unchanged,
    });
    expect([variance[gap], volatility[gap], trainedThrough[gap]]).toEqual([Number.NaN, Number.NaN, 0]);
    expect(variance[gap + 1]).toBeGreaterThan(0);
    const last = refits.at(-1)!;
    expect(last.outcomes).toBe(last.row - HORIZON - FIRST + 1 - 2);
  });

  it("is empty where the members never forecast the same session", () => {
    const never = members.map((own, k) =>
      k === 0 ? {...own, variance: new Float64Array(ROWS).fill(Number.NaN)} : own,
    );
    const {variance, refits} = combineForecasts(of("mean"), never, options);
    expect(variance.every(Number.isNaN)).toBe(true);
    expect(refits).toEqual([]);
  });

  it("refuses another number of members, and a length that is not positive, by its name", () => {
    expect(() => combineForecasts(of("mean"), members.slice(1), options)).toThrow(
      "Cannot combine forecasts as mean: it has 3 members, 2 series were given",
    );
    expect(() => combineForecasts(of("mean"), members, {...options, refitEvery: 0})).toThrow(
      "Cannot combine forecasts as mean: refitEvery must be a whole number > 0, current value is 0",
    );
  });
});

/** Three members that see the same log variance through errors of their own; labels over five sessions. */
function simulate(seed: number) {
  const random = createRandom(seed);
  const dates = Int32Array.from({length: ROWS}, (_, t) => 10_000 + t);
  let log = -9;
  const logs = Float64Array.from(dates, () => {
    log = -9 + 0.97 * (log + 9) + 0.2 * random.normal();
    return log;
  });
  const squared = logs.map((value) => Math.exp(value) * random.normal() ** 2);
  const outcome = Float64Array.from(dates, (_, t) =>
    t + HORIZON < ROWS
      ? squared.subarray(t + 1, t + 1 + HORIZON).reduce((sum, value) => sum + value, 0)
      : Number.NaN,
  );
  const series = [0.5, 0.3, 0.4].map((error): ForecastSeries => {
    const variance = logs.map((value, t) =>
      t < FIRST ? Number.NaN : HORIZON * Math.exp(value + error * random.normal()),
    );
    return {
      variance,
      volatility: variance.map((value) => 0.9 * Math.sqrt(value)),
      trainedThrough: dates.map((day, t) => (t < FIRST ? 0 : day - ((t - FIRST) % 63))),
    };
  });
  return {sessions: dates, actual: outcome, members: series};
}
