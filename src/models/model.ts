// What must a forecasting model do? Fit on the rows it is allowed, then forecast variance and volatility.

import type {Frame, RowRange} from "../frame.ts";
import {column} from "../frame.ts";
import type {Horizon} from "../units.ts";

/**
 * An outcome below this is an unchanged close: it has no logarithm, and enters neither a fit of logs nor
 * QLIKE. SPY's one-day outcomes hold 62 zeros in 7,786 sessions and nothing else below 8e-10; an adjusted
 * close that a vendor computed in float32 makes such a zero about 1e-15, whose logarithm would outweigh a
 * year of sessions.
 */
export const UNCHANGED = 1e-12;

/** What a model of levels forecasts at least, in variance: a move of one basis point. */
export const LEAST_FORECAST = 1e-8;

/** What a fit may see. It crosses worker threads as it stands: typed arrays, numbers and strings only. */
export interface TrainingSet {
  readonly features: Frame;
  /** The rows that may enter the fit; the purge is already taken off. */
  readonly rows: RowRange;
  /** Sum of squared log returns over (t, t + horizon], a row of `features` each; NaN where not yet known. */
  readonly variance: Float64Array;
  /** The same window's variance by daily ranges: less noisy, a few per cent lower; NaN where not known. */
  readonly rangeVariance: Float64Array;
  readonly horizon: Horizon;
  /** Seeds whatever the fit draws by chance. */
  readonly seed: number;
}

/** How far back training rows reach: to the first, or over the last so many sessions. */
export type TrainingWindow = "expanding" | {readonly sessions: number};

/** The rows to forecast: the origin of a row's forecast is the close of its session. */
export interface ForecastRequest {
  readonly features: Frame;
  readonly rows: RowRange;
  readonly horizon: Horizon;
}

/**
 * One value a row of the request; NaN in both where a feature the model needs is missing.
 * Fractions over the whole horizon: neither annualised nor a percentage.
 */
export interface Forecast {
  /** E[sum of squared returns]: the QLIKE-consistent forecast. */
  readonly variance: Float64Array;
  /** E[square root of that sum]: smaller than the root of `variance`, by Jensen. */
  readonly volatility: Float64Array;
}

/**
 * A fit is a pure function of the training set, and a plain JSON value: it is posted to threads and stored.
 * `features` names the columns it reads. One that the frame does not have, because the configuration leaves the feature
 * out or the universe lacks its series, is dropped from the fit, which names what it kept (`presentColumns`). A row's
 * forecast looks at that row and those before it.
 */
export interface Model<Fit = unknown> {
  readonly name: string;
  readonly features: readonly string[];
  fit(set: TrainingSet): Fit;
  forecast(fit: Fit, request: ForecastRequest): Forecast;
}

/**
 * Indices of the training rows whose label and named features are all known, in order.
 *
 * @param needs.features columns that must be finite
 * @param needs.atLeast how many rows the fit cannot do without
 * @param needs.above labels must exceed this
 * @throws {RangeError} if fewer rows than `atLeast` are complete
 */
export function completeRows(
  set: TrainingSet,
  needs: {model: string; features: readonly string[]; atLeast: number; above?: number},
): Uint32Array {
  const {above = Number.NEGATIVE_INFINITY} = needs;
  const columns = needs.features.map((name) => column(set.features, name));
  const {start, end} = set.rows;
  const kept = new Uint32Array(Math.max(0, end - start));
  let count = 0;
  for (let t = start; t < end; t++) {
    const label = set.variance[t]!;
    if (Number.isFinite(label) && label > above) kept[count++] = t;
  }
  for (const values of columns) count = keepFinite(kept.subarray(0, count), values);
  if (count < needs.atLeast) {
    throw new RangeError(
      `Cannot fit ${needs.model}: it needs ${needs.atLeast} rows with a label and all of ` +
        `${needs.features.join(", ")}, rows [${start}, ${end}) have ${count}; start the forecasts later`,
    );
  }
  return kept.subarray(0, count);
}

/** Moves the rows of finite values to the front, in order, and returns how many they are. */
function keepFinite(rows: Uint32Array, values: Float64Array): number {
  let count = 0;
  for (let k = 0; k < rows.length; k++) if (Number.isFinite(values[rows[k]!]!)) rows[count++] = rows[k]!;
  return count;
}
