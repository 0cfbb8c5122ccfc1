// How often did intervals hold the outcome, when not, and how wide were they for it?
import type {Interval} from "./conformalIntervals.ts";

/** Sessions of the window in which coverage is looked at for its worst: a quarter. */
export const WORST_WINDOW = 63;

/** NaN where a figure does not exist. */
export interface Coverage {
  /** Rows with an interval and a known outcome. */
  readonly n: number;
  readonly covered: number;
  /** covered / n */
  readonly rate: number;
  /** Share of outcomes below the interval; the rest of the misses are above. */
  readonly below: number;
  /** Mean of (upper - lower) / forecast. */
  readonly mean_width: number;
  /** Mean interval score of volatility in %. */
  readonly interval_score_pct: number;
  /** Smallest coverage of 63 consecutive rows that count, and the last of them; NaN and -1 if there are fewer. */
  readonly worst_rate: number;
  readonly worst_end: number; // row
}

export interface CoverageOptions {
  /** The promised coverage, a fraction. */
  readonly level: number;
  /** The rows that count, increasing; all by default. */
  readonly among?: Iterable<number>;
}

/**
 * The record of an interval. Bounds belong to it. The interval score of Gneiting and Raftery (2007, eq. 43) is
 *
 *     (u - l) + 2/α (l - y) 1{y < l} + 2/α (y - u) 1{y > u},  α = 1 - level,
 *
 * in percentage points of volatility over the horizon; smaller is better, and the true quantiles are the best.
 *
 * @param actual realized volatility over the horizon; NaN unknown
 * @param forecast volatility over the horizon
 */
export function coverageOf(
  {
    actual,
    forecast,
    lower,
    upper,
  }: Interval & {readonly actual: Float64Array; readonly forecast: Float64Array},
  {level, among = actual.keys()}: CoverageOptions,
): Coverage {
  const rows: number[] = [];
  for (const t of among) if (!Number.isNaN(actual[t]! + lower[t]! + upper[t]!)) rows.push(t);
  const n = rows.length;
  const hits = Uint8Array.from(rows, (t) => Number(actual[t]! >= lower[t]! && actual[t]! <= upper[t]!));
  let covered = 0;
  let below = 0;
  let width = 0;
  let score = 0;
  rows.forEach((t, i) => {
    const [y, low, high] = [actual[t]!, lower[t]!, upper[t]!];
    covered += hits[i]!;
    if (y < low) below++;
    width += (high - low) / forecast[t]!;
    score += high - low + (2 / (1 - level)) * (Math.max(0, low - y) + Math.max(0, y - high));
  });
  return {
    n,
    covered,
    rate: covered / n,
    below: below / n,
    mean_width: width / n,
    interval_score_pct: (100 * score) / n,
    ...worstWindow(rows, hits),
  };
}

function worstWindow(rows: readonly number[], hits: Uint8Array): Pick<Coverage, "worst_rate" | "worst_end"> {
  let worst = Number.NaN;
  let end = -1;
  let inside = 0;
  for (let i = 0; i < hits.length; i++) {
    inside += hits[i]! - (i >= WORST_WINDOW ? hits[i - WORST_WINDOW]! : 0);
    if (i + 1 < WORST_WINDOW || inside / WORST_WINDOW >= worst) continue;
    worst = inside / WORST_WINDOW;
    end = rows[i]!;
  }
  return {worst_rate: worst, worst_end: end};
}
