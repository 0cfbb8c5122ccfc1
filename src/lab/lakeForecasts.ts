// The lake's forecasts and outcomes as aligned columns, one set a horizon.

import type {ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import type {LakeReader} from "../store/lakeFolder.ts";
import {integers, numbers, type Table, texts} from "../store/table.ts";

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
    const days = new Set<number>();
    for (let row = 0; row < walkforward.rows; row++) if (horizons[row] === horizon) days.add(dates[row]!);
    const sessions = Int32Array.from(days).sort();
    const at = new Map(Array.from(sessions, (day, t) => [day, t]));
    const outcome = numbers(labels, `rv_${horizon}d`);
    const forecasts: Record<string, {variance: Float64Array; volatility: Float64Array}> = {};
    const trainedThrough: Record<string, Int32Array> = {};
    for (let row = 0; row < walkforward.rows; row++) {
      if (horizons[row] !== horizon) continue;
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

/**
 * The forecasts of a horizon that a lake has, of every model or of those named, with what came.
 *
 * @throws {RangeError} if the lake has none, or none of a model that is named
 */
export async function readScored(
  lake: LakeReader,
  {horizon = 5, models}: {readonly horizon?: number; readonly models?: readonly string[]} = {},
): Promise<ForecastColumns> {
  const read = readForecasts(await lake.read("walkforward_daily"), await lake.read("labels_daily"));
  const all = read(horizon);
  const there = Object.keys(all.forecasts);
  const absent = models?.find((name) => !there.includes(name));
  if (there.length === 0 || absent !== undefined) {
    throw new RangeError(
      `Cannot read forecasts${absent ? ` of ${absent}` : ""} ${horizon} sessions ahead: the lake has ` +
        `${there.join(", ") || 'none; run "make report"'}`,
    );
  }
  const pick = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries((models ?? there).map((name) => [name, of[name]!]));
  return {...all, forecasts: pick(all.forecasts), trainedThrough: pick(all.trainedThrough)};
}

function missing(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}
