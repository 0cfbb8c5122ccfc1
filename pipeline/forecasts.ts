// The lake's forecasts and outcomes as aligned columns, one set a horizon.
import type {Config} from "../src/config.ts";
import type {ScoredForecasts} from "../src/evaluation/scorecard.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";

export interface ForecastColumns extends ScoredForecasts {
  /** Days since 1970-01-01 by model; 0 where there is no forecast. */
  readonly trainedThrough: Readonly<Record<string, Int32Array>>;
}

/** Columns of a horizon over every session that any model has forecast; NaN where one has not. */
export function readForecasts(walkforward: Table, labels: Table): (horizon: number) => ForecastColumns {
  const dates = integers(walkforward, "date");
  const horizons = integers(walkforward, "horizon");
  const models = texts(walkforward, "model");
  const variance = numbers(walkforward, "var_hat");
  const volatility = numbers(walkforward, "rv_hat");
  const trained = integers(walkforward, "trained_through");
  const labelRow = new Map(Array.from(integers(labels, "date"), (day, t) => [day, t]));

  return (horizon) => {
    const rows = Array.from(horizons.keys()).filter((row) => horizons[row] === horizon);
    const sessions = Int32Array.from(new Set(rows.map((row) => dates[row]!))).sort();
    const at = new Map(Array.from(sessions, (day, t) => [day, t]));
    const outcome = numbers(labels, `rv_${horizon}d`);
    const forecasts: Record<string, {variance: Float64Array; volatility: Float64Array}> = {};
    const trainedThrough: Record<string, Int32Array> = {};
    for (const row of rows) {
      const model = models[row]!;
      forecasts[model] ??= {variance: missing(sessions.length), volatility: missing(sessions.length)};
      trainedThrough[model] ??= new Int32Array(sessions.length);
      const t = at.get(dates[row]!)!;
      forecasts[model].variance[t] = variance[row]!;
      forecasts[model].volatility[t] = volatility[row]!;
      trainedThrough[model][t] = trained[row]!;
    }
    const actual = Float64Array.from(
      sessions,
      (day) => (outcome[labelRow.get(day) ?? -1] ?? Number.NaN) ** 2,
    );
    return {sessions, horizon, actual, forecasts, trainedThrough};
  };
}

/** The end points of one interval. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The champion's intervals of a horizon by session, of the configured method and coverage. */
export function readIntervals(
  intervals: Table,
  {method, coverage}: Pick<Config["interval"], "method" | "coverage">,
): (horizon: number) => ReadonlyMap<number, Bounds> {
  const dates = integers(intervals, "date");
  const horizons = integers(intervals, "horizon");
  const methods = texts(intervals, "method");
  const levels = numbers(intervals, "level");
  const low = numbers(intervals, "lo");
  const high = numbers(intervals, "hi");
  return (horizon) => {
    const found = new Map<number, Bounds>();
    for (let row = 0; row < intervals.rows; row++) {
      if (horizons[row] !== horizon || levels[row] !== coverage || methods[row] !== method) continue;
      found.set(dates[row]!, {lower: low[row]!, upper: high[row]!});
    }
    return found;
  };
}

function missing(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}
