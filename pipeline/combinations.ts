// The second level of the walk-forward: combinations of the models' forecasts, from the same days' knowledge.
import {type CombinedSeries, combineForecasts} from "../src/evaluation/combineForecasts.ts";
import {
  type FoldForecast,
  type ForecastSeries,
  joinForecasts,
  type MarketTable,
} from "../src/evaluation/walkForward.ts";
import type {Combination} from "../src/models/combination.ts";
import type {Table} from "../src/store/table.ts";

/** Forecasts of consecutive rows that were trained through the same session. */
export type ForecastRun = Omit<FoldForecast, "fit">;

export interface CombinedForecasts {
  readonly combination: Combination;
  readonly horizon: number;
  readonly series: CombinedSeries;
}

/** Every combination at every horizon, each after the models and combinations it is made of. */
export function combineAll(
  folds: readonly FoldForecast[],
  {table, combinations}: {table: MarketTable; combinations: readonly Combination[]},
): CombinedForecasts[] {
  const {sessions} = table.features;
  const horizons = [...new Set(folds.map(({horizon}) => horizon))];
  return horizons.flatMap((horizon) => {
    const known = new Map<string, ForecastSeries>();
    const seriesOf = (member: string): ForecastSeries => {
      const own = folds.filter((fold) => fold.horizon === horizon && fold.model === member);
      const series = known.get(member) ?? joinForecasts(own, sessions.length);
      known.set(member, series);
      return series;
    };
    return combinations.map((combination) => {
      const actual = table.variance[horizon]!;
      const series = combineForecasts(combination, combination.members.map(seriesOf), {
        sessions,
        actual,
        horizon,
      });
      known.set(combination.name, series);
      return {combination, horizon, series};
    });
  });
}

/** A series as runs of rows, in the form in which a model's folds give their forecasts. */
export function runsOf({combination, horizon, series}: CombinedForecasts): ForecastRun[] {
  const {variance, volatility, trainedThrough} = series;
  const runs: ForecastRun[] = [];
  for (let start = 0, end = 0; start < variance.length; start = end) {
    while (end < variance.length && trainedThrough[end] === trainedThrough[start]) end++;
    if (trainedThrough[start] === 0) continue; // no forecast
    runs.push({
      model: combination.name,
      horizon,
      rows: {start, end},
      variance: variance.subarray(start, end),
      volatility: volatility.subarray(start, end),
      trainedThrough: trainedThrough[start]!,
    });
  }
  return runs;
}

/** The table of combination_weights. */
export function weightsTable(combined: readonly CombinedForecasts[], sessions: Int32Array): Table {
  const rows = combined.flatMap(({combination, horizon, series}) =>
    series.refits.flatMap(({row, weights, outcomes}) =>
      combination.members.map((member, k) => ({
        date: sessions[row]!,
        horizon,
        model: combination.name,
        member,
        weight: weights[k]!,
        outcomes,
      })),
    ),
  );
  return {
    rows: rows.length,
    columns: {
      date: Int32Array.from(rows, ({date}) => date),
      horizon: Int32Array.from(rows, ({horizon}) => horizon),
      model: rows.map(({model}) => model),
      member: rows.map(({member}) => member),
      weight: Float64Array.from(rows, ({weight}) => weight),
      outcomes: Int32Array.from(rows, ({outcomes}) => outcomes),
    },
  };
}
