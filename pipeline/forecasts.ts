// The champion's intervals as the lake keeps them; its forecasts are those that the laboratory reads.
import type {Config} from "../src/config.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";

export {type ForecastColumns, readForecasts} from "../src/lab/lakeForecasts.ts";

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
