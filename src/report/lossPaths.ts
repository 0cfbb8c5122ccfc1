// When did models earn their record? Their losses added up and averaged over time, from the columns that a page has.

import {qlike} from "../evaluation/losses.ts";
import {integers, numbers, type Table} from "../store/table.ts";

const DAY = 86_400_000; // milliseconds

/** A line of a chart: milliseconds since 1970-01-01 UTC and a value each. */
export interface Series {
  readonly name: string;
  readonly dates: Float64Array;
  readonly values: Float64Array;
}

/** QLIKE of every model on the sessions that all of them forecast and whose outcome has one. */
export interface LossColumns {
  readonly sessions: Int32Array; // days since 1970-01-01
  readonly losses: ReadonlyMap<string, Float64Array>;
}

/**
 * @param variance a row a session, a column a model: the pages' file variance_5
 * @param outcomes labels_daily
 */
export function lossColumns(
  variance: Table,
  {outcomes, horizon}: {readonly outcomes: Table; readonly horizon: number},
): LossColumns {
  const sessions = integers(variance, "date");
  const outcome = numbers(outcomes, `rv_${horizon}d`);
  const row = new Map(Array.from(integers(outcomes, "date"), (day, t) => [day, t]));
  const actual = Float64Array.from(sessions, (day) => (outcome[row.get(day) ?? -1] ?? Number.NaN) ** 2);
  const models = Object.keys(variance.columns).filter((name) => name !== "date");
  const all = models.map((model) => qlike(actual, numbers(variance, model)));
  const known = Uint32Array.from(sessions.keys()).filter((t) => all.every((loss) => !Number.isNaN(loss[t]!)));
  return {
    sessions: Int32Array.from(known, (t) => sessions[t]!),
    losses: new Map(models.map((model, i) => [model, Float64Array.from(known, (t) => all[i]![t]!)])),
  };
}

/** Cumulative loss of each model less the reference's, at every so many sessions and at the last. */
export function cumulativeDifferences(
  {sessions, losses}: LossColumns,
  {reference, every = 1}: {readonly reference: string; readonly every?: number},
): Series[] {
  const other = losses.get(reference);
  if (!other) throw new RangeError(`Cannot compare with ${reference}: it has no losses`);
  const kept = keptRows(sessions.length, every);
  return [...losses].flatMap(([name, own]) => {
    if (name === reference) return [];
    let sum = 0;
    const path = own.map((loss, t) => {
      sum += loss - other[t]!;
      return sum;
    });
    return [series(name, {sessions, kept, path})];
  });
}

/** Mean loss of the last `window` sessions, windows full and ending at the date. */
export function rollingMeans(
  {sessions, losses}: LossColumns,
  {window, every = 1}: {readonly window: number; readonly every?: number},
): Series[] {
  if (sessions.length < window) return [];
  const kept = keptRows(sessions.length, every).filter((t) => t >= window - 1);
  return [...losses].map(([name, own]) => {
    let sum = 0;
    const path = own.map((loss, t) => {
      sum += loss - (t >= window ? own[t - window]! : 0);
      return sum / window;
    });
    return series(name, {sessions, kept, path});
  });
}

/** Every so many rows, counted back from the last. */
export function keptRows(rows: number, every: number): Uint32Array {
  return Uint32Array.from({length: rows}, (_, t) => t).filter((t) => (rows - 1 - t) % every === 0);
}

function series(
  name: string,
  {sessions, kept, path}: {sessions: Int32Array; kept: Uint32Array; path: Float64Array},
): Series {
  return {
    name,
    dates: Float64Array.from(kept, (t) => sessions[t]! * DAY),
    values: Float64Array.from(kept, (t) => path[t]!),
  };
}
