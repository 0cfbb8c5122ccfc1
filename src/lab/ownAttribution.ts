// Which features moved the forecasts of a model of one's own: one forecast, and all of them?

import {column, type Frame, lowerBound} from "../frame.ts";
import {
  type Attribution,
  attribute,
  BASE,
  explainedSessions,
  type Importance,
  importance,
  type YearlyImportance,
} from "../report/attribution.ts";
import type {Table} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";
import type {LabTable} from "./labTable.ts";

/** Every explanation is read as the lake's are, of one horizon. */
const HORIZON = 0;

/**
 * One forecast taken apart, the largest contribution first: what `driversChart` takes, and `waterfallChart` with
 * exp(base) in place of base.
 *
 * @param shap what `explainWalkForward` gives
 * @param options.date YYYY-MM-DD, the forecast's session. Default: the last that has one
 * @throws {RangeError} if that session has no forecast
 */
export function attributeWalk(
  shap: Frame,
  {features}: Pick<LabTable, "features">,
  {date}: {readonly date?: string} = {},
): Attribution {
  const base = column(shap, BASE);
  const row =
    date === undefined
      ? base.findLastIndex((value) => !Number.isNaN(value))
      : lowerBound(shap.sessions, sessionDate(date));
  if (
    Number.isNaN(base[row] ?? Number.NaN) ||
    (date !== undefined && isoDate(shap.sessions[row]!) !== date)
  ) {
    throw new RangeError(
      `Cannot explain the forecast of ${date ?? "any session"}: the walk has none; name a session that it forecast`,
    );
  }
  const {rows, columns} = longTable(shap, {features, first: row, end: row + 1});
  return attribute({rows, columns}, [...Array(rows).keys()]);
}

/**
 * The mean absolute contribution of each feature over all forecasts, and by calendar year: what `importanceChart` and
 * `importanceByYearChart` take.
 */
export function importanceOf(shap: Frame): {
  readonly overall: Importance[];
  readonly byYear: YearlyImportance[];
} {
  const table = longTable(shap, {first: 0, end: shap.sessions.length});
  return importance(table, explainedSessions(table, HORIZON));
}

// A row a feature and session, as the lake keeps explanations.
function longTable(
  shap: Frame,
  {features, first, end}: {readonly features?: Frame; readonly first: number; readonly end: number},
): Table {
  const date: number[] = [];
  const feature: string[] = [];
  const value: number[] = [];
  const part: number[] = [];
  for (let t = first; t < end; t++) {
    for (const [name, parts] of Object.entries(shap.columns)) {
      if (Number.isNaN(parts[t]!)) continue;
      date.push(shap.sessions[t]!);
      feature.push(name);
      value.push(features?.columns[name]?.[t] ?? Number.NaN);
      part.push(parts[t]!);
    }
  }
  const columns = {
    date: Int32Array.from(date),
    horizon: new Int32Array(date.length).fill(HORIZON),
    feature,
    value: Float64Array.from(value),
    shap: Float64Array.from(part),
  };
  return {rows: date.length, columns};
}
