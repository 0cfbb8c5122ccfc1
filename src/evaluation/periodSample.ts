// How would a period's mean losses have come out by chance? One resampling that all its tests share.

import {createRandom} from "../random.ts";
import type {PeriodLosses} from "./scoredForecasts.ts";
import {percentileInterval, type ResampledMeans, resampleMeans} from "./stationaryBootstrap.ts";

/** Mean block of the confidence set, by its published definition. */
const SET_BLOCK = 22;

/** Columns in the order of the period's models. */
export interface PeriodSample {
  /** Mean QLIKE in blocks of 22 sessions on average, for the confidence set. */
  readonly set: ResampledMeans;
  /** Mean QLIKE in blocks of three horizons, at least 22 sessions, for intervals and superior ability. */
  readonly qlike: ResampledMeans;
  /** Mean squared error of volatility in the same blocks. */
  readonly squared: ResampledMeans;
}

/**
 * Resampled mean losses of a period, or nothing where it is too short to test. A block of 22 sessions cuts
 * through outcomes of 22 sessions: the errors it gives are an eighth too small, so that all but the confidence
 * set, whose block is part of its definition, take longer ones there.
 *
 * @param options.seed draws the resamples
 */
export function samplePeriod(
  {horizon, tested, models}: PeriodLosses,
  {seed}: {readonly seed: number},
): PeriodSample | undefined {
  if (!tested) return undefined;
  const {set, means} = sampleLosses(
    models.map(({qlike}) => qlike.filter((loss) => !Number.isNaN(loss))),
    {horizon, seed},
  );
  const squared = models.map((model) => model.squared);
  return {
    set,
    qlike: means,
    squared: resampleMeans(squared, {random: createRandom(seed), meanBlock: blockOf(horizon)}),
  };
}

/**
 * One loss of every model, resampled in both ways: in blocks of 22 sessions for the confidence set, and in longer
 * ones for the rest.
 *
 * @param losses one row-aligned column a model, no NaN, in order of time
 */
export function sampleLosses(
  losses: readonly Float64Array[],
  {horizon, seed}: {readonly horizon: number; readonly seed: number},
): {readonly set: ResampledMeans; readonly means: ResampledMeans} {
  const draw = (meanBlock: number) => resampleMeans(losses, {random: createRandom(seed), meanBlock});
  const set = draw(SET_BLOCK);
  const block = blockOf(horizon);
  return {set, means: block === SET_BLOCK ? set : draw(block)};
}

function blockOf(horizon: number): number {
  return Math.max(SET_BLOCK, 3 * horizon);
}

/** 95 % interval of a statistic of two models' mean losses. */
export function pairInterval(
  {resampled}: ResampledMeans,
  [first, second]: readonly [number, number],
  statistic: (first: number, second: number) => number,
): {readonly lo: number; readonly hi: number} {
  const other = resampled[second]!;
  return percentileInterval(resampled[first]!.map((loss, b) => statistic(loss, other[b]!)));
}
