// The lake's forecasts and outcomes as aligned columns, one set a horizon.
import type {Config} from "../src/config.ts";
import {conformalInterval, type Interval} from "../src/evaluation/interval.ts";
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

/** The interval of each of the champion's forecasts, by the configuration. */
export function championInterval(
  {horizon, actual, forecasts}: ForecastColumns,
  {champion, interval}: Pick<Config, "champion" | "interval">,
): Interval {
  const {coverage, window_sessions, minimum_sessions} = interval;
  return conformalInterval(
    {actual: actual.map(Math.sqrt), forecast: forecasts[champion]!.volatility},
    {horizon, coverage, windowSessions: window_sessions, minimumSessions: minimum_sessions},
  );
}

function missing(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}
