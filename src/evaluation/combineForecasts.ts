// What would a combination of the models' forecasts have said on each day, knowing only what was known then?

import type {Combination, Pool, TrackRecord} from "../models/combination.ts";
import {qlike} from "./losses.ts";
import type {ForecastSeries} from "./walkForward.ts";

export interface CombineOptions {
  readonly sessions: Int32Array; // days since 1970-01-01
  /** Sum of squared returns over (t, t + horizon]; NaN unknown. */
  readonly actual: Float64Array;
  readonly horizon: number;
  /** Sessions from one choice of weights to the next, counted from the first joint forecast. */
  readonly refitEvery?: number;
  /** Weights are equal until so many forecasts have a known outcome. */
  readonly fewestOutcomes?: number;
}

/** Weights that hold from the close of a row's session up to the next refit. */
export interface WeightsRefit {
  readonly row: number;
  /** One a member, in the combination's order. */
  readonly weights: Float64Array;
  /** Known outcomes they were chosen from; 0 where they are equal for want of them, or by definition. */
  readonly outcomes: number;
  /** Days since 1970-01-01 of the last return in these outcomes; 0 where there are none. */
  readonly lastOutcome: number;
}

export interface CombinedSeries extends ForecastSeries {
  readonly refits: readonly WeightsRefit[];
}

/**
 * A combination walked forward over its members' own walk-forward forecasts. The weights of a refit at row s
 * see the forecasts of origins u with u + horizon <= s, whose outcome was known at the close of session s;
 * an unchanged close is no outcome, as it has no QLIKE. The grid of refits is anchored at the first row that
 * every member has forecast: later rows move nothing before them. Volatility is pooled as variance is, with
 * the same weights. A row that a member has not forecast is NaN.
 *
 * `trainedThrough` is the newest of the members' and of the last outcome that the weights have seen.
 *
 * @param members each member's series, in the combination's order, a row a session
 * @throws {RangeError} if the members are not the combination's in number, or a length is not positive
 */
export function combineForecasts(
  combination: Combination,
  members: readonly ForecastSeries[],
  {sessions, actual, horizon, refitEvery = 21, fewestOutcomes = 250}: CombineOptions,
): CombinedSeries {
  requireWhole(combination.name, {horizon, refitEvery, fewestOutcomes});
  if (members.length !== combination.members.length) {
    throw new RangeError(
      `Cannot combine forecasts as ${combination.name}: it has ${combination.members.length} members, ` +
        `${members.length} series were given`,
    );
  }
  const count = sessions.length;
  const first = sessions.findIndex((_, t) => isForecast(members, t));
  const variance = new Float64Array(count).fill(Number.NaN);
  const volatility = variance.slice();
  const trainedThrough = new Int32Array(count);
  const refits: WeightsRefit[] = [];
  if (first < 0) return {variance, volatility, trainedThrough, refits};

  const past = createPast(members, actual);
  for (let start = first; start < count; start += refitEvery) {
    past.learn(start - horizon);
    const refit = weigh(combination, past, {row: start, sessions, horizon, fewestOutcomes});
    refits.push(refit);
    for (let t = start; t < Math.min(start + refitEvery, count); t++) {
      if (!isForecast(members, t)) continue;
      const {weights, lastOutcome} = refit;
      variance[t] = pooled(combination.pool, weights, (k) => members[k]!.variance[t]!);
      volatility[t] = pooled(combination.pool, weights, (k) => members[k]!.volatility[t]!);
      trainedThrough[t] = Math.max(lastOutcome, ...members.map((member) => member.trainedThrough[t]!));
    }
  }
  return {variance, volatility, trainedThrough, refits};
}

/** Joint forecasts with a known outcome, gathered row by row. */
interface Past {
  /** Takes in the forecasts up to this row, whose outcomes are known by now. */
  learn(row: number): void;
  record(): TrackRecord;
  outcomes(): number;
  lastRow(): number;
}

function createPast(members: readonly ForecastSeries[], actual: Float64Array): Past {
  const losses = members.map((member) => qlike(actual, member.variance));
  const column = (): Float64Array => new Float64Array(actual.length);
  const kept = {variance: members.map(column), loss: members.map(column), actual: column()};
  let size = 0;
  let next = 0;
  let last = -1;
  return {
    learn(row) {
      for (; next <= row; next++) {
        if (!losses.every((loss) => Number.isFinite(loss[next]!))) continue;
        members.forEach((member, k) => {
          kept.variance[k]![size] = member.variance[next]!;
          kept.loss[k]![size] = losses[k]![next]!;
        });
        kept.actual[size++] = actual[next]!;
        last = next;
      }
    },
    record() {
      const known = (values: Float64Array): Float64Array => values.subarray(0, size);
      return {
        variance: kept.variance.map(known),
        loss: kept.loss.map(known),
        actual: known(kept.actual),
      };
    },
    outcomes: () => size,
    lastRow: () => last,
  };
}

function weigh(
  {members, weigh: choose}: Combination,
  past: Past,
  {
    row,
    sessions,
    horizon,
    fewestOutcomes,
  }: {row: number; sessions: Int32Array; horizon: number; fewestOutcomes: number},
): WeightsRefit {
  if (choose === null || past.outcomes() < fewestOutcomes) {
    const weights = new Float64Array(members.length).fill(1 / members.length);
    return {row, weights, outcomes: 0, lastOutcome: 0};
  }
  return {
    row,
    weights: choose(past.record()),
    outcomes: past.outcomes(),
    lastOutcome: sessions[past.lastRow() + horizon]!,
  };
}

function pooled(pool: Pool, weights: Float64Array, of: (member: number) => number): number {
  const only = weights.indexOf(1);
  if (only >= 0) return of(only); // to the bit
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * (pool === "log" ? Math.log(of(k)) : of(k));
  return pool === "log" ? Math.exp(sum) : sum;
}

function isForecast(members: readonly ForecastSeries[], t: number): boolean {
  return members.every(({variance, volatility}) => !Number.isNaN(variance[t]! + volatility[t]!));
}

function requireWhole(name: string, lengths: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(lengths)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot combine forecasts as ${name}: ${option} must be a whole number > 0, current value is ${value}`,
      );
    }
  }
}
