// Between which values will volatility fall, so many times in a hundred?
import {createSortedWindow} from "../../math/sortedWindow.ts";
import {type BoundTracker, createBoundTracker, type TrackerOptions} from "./boundTracker.ts";

/** Bounds of realized volatility over the horizon, as fractions; NaN where too few outcomes were known. */
export interface Interval {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Which past scores count, and how: "split" all of them alike, "rolling" the latest alike, "adaptive" the latest,
 * with bounds that move after misses.
 */
export type IntervalMethod = "split" | "rolling" | "adaptive";

export const INTERVAL_METHODS: readonly IntervalMethod[] = ["split", "rolling", "adaptive"];

export interface IntervalOptions {
  readonly horizon: number;
  readonly method: IntervalMethod;
  /** Shares of outcomes to be covered, increasing; half of the rest lies on each side. */
  readonly levels: readonly number[];
  /** Past forecasts that count in "rolling" and "adaptive". */
  readonly windowSessions: number;
  /** Fewest past forecasts to answer from. */
  readonly minimumSessions: number;
  /** How an adaptive bound moves. */
  readonly tracking?: Omit<TrackerOptions, "missRate" | "horizon">;
}

/** (1 - .9) / 2 is not .05 in binary: a rank that should be whole must not be pushed to the one before. */
const ROUNDING = 1e-9;
const TAILS = ["lower", "upper"] as const;

/**
 * Conformal intervals of each forecast, one a level: forecast × exp(bounds of the score ln(actual / forecast)).
 * Row t is made of the forecasts t' with t' + horizon <= t, whose outcomes were known when t was forecast, and of
 * no other. Of k past scores that count, the bound on either side is the floor((k + 1)(1 - level) / 2)-th from its
 * end, which covers at least as promised where scores are exchangeable: Vovk, Gammerman and Shafer (2005), one
 * tail at a time. "adaptive" moves it, see `createBoundTracker`.
 *
 * An outcome of 0 has the score -Infinity: it counts as below any bound above 0, and where such outcomes are more
 * than the lower tail leaves out, the lower bound is 0. An interval lies within those of higher levels: by its
 * ranks, and if adaptive because the bounds of a row are put in order.
 *
 * @param actual realized volatility over (t, t + horizon]; NaN unknown
 * @param forecast volatility over the same horizon, above 0; NaN none
 * @throws {RangeError} if levels do not increase within (0, 1), or minimumSessions cannot support them
 */
export function conformalIntervals(
  {actual, forecast}: {readonly actual: Float64Array; readonly forecast: Float64Array},
  options: IntervalOptions,
): Interval[] {
  checkOptions(options);
  const {horizon, method, levels, windowSessions, minimumSessions, tracking} = options;
  const rows = forecast.length;
  const window = createSortedWindow(method === "split" ? Infinity : windowSessions);
  const rates = levels.map((level) => (1 - level) / 2);
  const track = (missRate: number): BoundTracker =>
    createBoundTracker(rows, {missRate, horizon, ...tracking});
  const trackers = {lower: rates.map(track), upper: rates.map(track)};
  const intervals = levels.map(() => ({lower: missing(rows), upper: missing(rows)}));

  const outerScore = (tail: (typeof TAILS)[number], rate: number): number => {
    const rank = Math.floor((window.size() + 1) * rate + ROUNDING);
    return tail === "upper" ? window.largest(rank) : -window.smallest(rank);
  };

  for (let t = 0; t < rows; t++) {
    const known = t - horizon;
    const score = known >= 0 ? Math.log(actual[known]! / forecast[known]!) : Number.NaN;
    if (!Number.isNaN(score)) {
      for (const tracker of trackers.lower) tracker.learn(known, -score);
      for (const tracker of trackers.upper) tracker.learn(known, score);
      window.push(score);
    }
    if (window.size() < minimumSessions) continue;
    const [low, high] = TAILS.map((tail) => {
      const outer = rates.map((rate) => outerScore(tail, rate));
      if (method !== "adaptive") return outer;
      return rates
        .map((rate, i) => trackers[tail][i]!.place(t, {outer: outer[i]!, inner: outerScore(tail, 2 * rate)}))
        .sort((a, b) => a - b);
    });
    intervals.forEach(({lower, upper}, i) => {
      lower[t] = forecast[t]! * Math.exp(-low![i]!);
      upper[t] = forecast[t]! * Math.exp(high![i]!);
    });
  }
  return intervals;
}

function checkOptions({levels, windowSessions, minimumSessions}: IntervalOptions): void {
  const ordered = levels.every((level, i) => level > (levels[i - 1] ?? 0) && level < 1);
  if (!ordered || levels.length === 0)
    throw new RangeError(
      `Cannot form intervals: levels must increase within (0, 1), current value is ${levels.join(", ")}`,
    );
  const fewest = Math.ceil(2 / (1 - levels.at(-1)!) - 1 - ROUNDING);
  if (minimumSessions < fewest || windowSessions < minimumSessions) {
    throw new RangeError(
      `Cannot form intervals: minimumSessions must be from ${fewest} to windowSessions (${windowSessions}), ` +
        `current value is ${minimumSessions}`,
    );
  }
}

function missing(rows: number): Float64Array {
  return new Float64Array(rows).fill(Number.NaN);
}
