// Which group of features earned how much of the loss that a model saves out of sample?

import {shapleyValues} from "./shapley.ts";

/** Out-of-sample forecasts of one model at one horizon, each taken apart by the fit that made it. */
export interface GroupedForecasts {
  readonly groups: readonly string[];
  /** Outcomes y, one a row: variance over the horizon; NaN unknown. */
  readonly actual: Float64Array;
  /** ln of each row's variance forecast, every group on. */
  readonly logForecast: Float64Array;
  /** Rows x groups, row-major: what each group adds to `logForecast`. */
  readonly contributions: Float64Array;
  /** Which of `levels` belongs to the fit that made the row's forecast. */
  readonly fit: Uint32Array;
  /** By fit, as `absenceLevels` gives them. */
  readonly levels: readonly Float64Array[];
}

/** Rows [start, end) under one name. */
export interface NamedRows {
  readonly period: string;
  readonly start: number;
  readonly end: number; // exclusive
}

/** `values` sum to `baseOnly` - `full`; positive where the group lowers the loss. */
export interface LossAnatomy {
  readonly period: string;
  /** Rows with a loss. */
  readonly n: number;
  readonly values: Float64Array; // one a group
  /** Mean loss of the forecast with every group switched off. */
  readonly baseOnly: number;
  /** Mean loss of the model's own forecast. */
  readonly full: number;
}

/** Losses of forecasts, one a row; NaN where a row has none. */
export type RowLoss = (actual: Float64Array, forecast: Float64Array) => Float64Array;

/**
 * Exact Shapley values of a mean out-of-sample loss. v(S) is the loss of the forecast that only the groups S
 * may move; with phi_g what group g adds to ln f,
 *
 *     ln f_S = ln f - sum over g not in S of phi_g + ln mean exp(sum over g not in S of phi_g)
 *
 * A group that is off stands at its base, and the level of the forecast stays that of a mean: the last term,
 * taken over training rows of the row's own fit, is what a smearing factor is to residuals (Duan 1983), for
 * the part of the fit that has become one. Without it groups would be praised for the level alone. Shapley
 * (1953).
 *
 * @param options.loss such as qlike
 * @param options.periods where means are taken; each is taken apart alone
 * @returns one a period that has a loss, in their order
 * @throws {TypeError} if lengths do not agree
 */
export function lossAnatomy(
  forecasts: GroupedForecasts,
  {loss, periods}: {readonly loss: RowLoss; readonly periods: readonly NamedRows[]},
): LossAnatomy[] {
  checkLengths(forecasts);
  const players = forecasts.groups.length;
  const coalitions = 2 ** players;
  const everyone = coalitions - 1;
  const worths = periods.map(() => new Float64Array(coalitions));
  const counts = new Uint32Array(periods.length);
  for (let coalition = 0; coalition < coalitions; coalition++) {
    const losses = loss(forecasts.actual, coalitionForecast(forecasts, coalition));
    periods.forEach(({start, end}, p) => {
      const {mean, n} = meanOf(losses.subarray(start, end));
      worths[p]![coalition] = mean;
      counts[p] = n;
    });
  }
  return periods.flatMap(({period}, p) => {
    const worth = worths[p]!;
    if (counts[p] === 0) return [];
    return [
      {
        period,
        n: counts[p]!,
        values: shapleyValues(worth, players).map((value) => 0 - value), // a loss that falls is a gain
        baseOnly: worth[0]!,
        full: worth[everyone]!,
      },
    ];
  });
}

/**
 * ln mean exp(sum of the absent groups' contributions) over rows, by coalition: bit g of the index is set
 * where group g is present. 0 where every group is.
 *
 * @param contributions rows x groups, row-major, of rows that trained the fit; rows with NaN are left out
 * @throws {RangeError} if no row is complete
 */
export function absenceLevels(contributions: Float64Array, groups: number): Float64Array {
  const sums = new Float64Array(2 ** groups);
  const everyone = sums.length - 1;
  const absent = new Float64Array(sums.length); // by the set of absent groups
  let rows = 0;
  for (let start = 0; start < contributions.length; start += groups) {
    const row = contributions.subarray(start, start + groups);
    if (row.some(Number.isNaN)) continue;
    rows++;
    sums[everyone]!++;
    for (let set = 1; set <= everyone; set++) {
      const lowest = 31 - Math.clz32(set & -set);
      absent[set] = absent[set & (set - 1)]! + row[lowest]!;
      sums[everyone & ~set]! += Math.exp(absent[set]!);
    }
  }
  if (rows === 0) throw new RangeError("Cannot level coalitions: no row of the sample is complete");
  return sums.map((sum) => Math.log(sum / rows));
}

/**
 * Contributions of features to ln(volatility) as contributions of groups to ln(variance): sums, doubled.
 *
 * @param values rows x features, row-major
 * @param options.groupOf the group of each feature, by its index among the groups
 * @returns rows x groups, row-major
 */
export function groupContributions(
  values: Float64Array,
  {groupOf, groups}: {readonly groupOf: readonly number[]; readonly groups: number},
): Float64Array {
  const width = groupOf.length;
  const rows = width === 0 ? 0 : values.length / width;
  const grouped = new Float64Array(rows * groups);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) grouped[i * groups + groupOf[j]!]! += 2 * values[i * width + j]!;
  return grouped;
}

function coalitionForecast(
  {groups, logForecast, contributions, fit, levels}: GroupedForecasts,
  coalition: number,
): Float64Array {
  const width = groups.length;
  const absent = groups.flatMap((_, g) => (coalition & (1 << g) ? [] : [g]));
  return logForecast.map((full, i) => {
    let log = full;
    for (const g of absent) log -= contributions[i * width + g]!;
    return Math.exp(absent.length > 0 ? log + levels[fit[i]!]![coalition]! : log);
  });
}

function meanOf(losses: Float64Array): {mean: number; n: number} {
  let sum = 0;
  let n = 0;
  for (const loss of losses) {
    if (Number.isNaN(loss)) continue;
    sum += loss;
    n++;
  }
  return {mean: sum / n, n};
}

function checkLengths({groups, actual, logForecast, contributions, fit, levels}: GroupedForecasts): void {
  const rows = actual.length;
  const agree =
    logForecast.length === rows &&
    fit.length === rows &&
    contributions.length === rows * groups.length &&
    levels.every(({length}) => length === 2 ** groups.length);
  if (!agree) {
    throw new TypeError(
      `Cannot take a loss apart: ${rows} outcomes have ${logForecast.length} forecasts, ${fit.length} fits and ` +
        `${contributions.length} contributions for ${groups.length} groups; levels must have one value a coalition`,
    );
  }
}
