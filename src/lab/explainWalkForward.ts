// What did each feature add to each forecast of a model of one's own?

import {createExplanations} from "../explain/explainForecast.ts";
import {createFrame, type Frame} from "../frame.ts";
import {requireLogFit} from "../models/logFit.ts";
import {BASE} from "../report/attribution.ts";
import type {LabTable} from "./labTable.ts";
import type {WalkForward} from "./walkForward.ts";

/**
 * Shapley values of every forecast of a walk, each by the fit that made it: columns are the features, and "(base)". Over
 * a row they sum to ln(volatility forecast); NaN where there is no forecast, 0 for a feature that a fit leaves out.
 *
 * @throws {RangeError} if the model is not one of logs, whose fit is a `LogFit`
 */
export function explainWalkForward(
  {model, folds, sessions}: WalkForward,
  {features}: Pick<LabTable, "features">,
): Frame {
  const explain = createExplanations();
  const columns: Record<string, Float64Array> = {};
  const known = new Uint8Array(sessions.length);
  const columnOf = (name: string): Float64Array => (columns[name] ??= new Float64Array(sessions.length));
  for (const {fit, rows} of folds) {
    const {features: names, values, base} = explain(requireLogFit(fit, model))({features, rows});
    for (let t = rows.start; t < rows.end; t++) {
      const row = values.subarray((t - rows.start) * names.length, (t - rows.start + 1) * names.length);
      if (row.some(Number.isNaN)) continue;
      known[t] = 1;
      columnOf(BASE)[t] = base;
      names.forEach((name, j) => {
        columnOf(name)[t] = row[j]!;
      });
    }
  }
  for (const values of Object.values(columns)) {
    for (let t = 0; t < values.length; t++) if (!known[t]) values[t] = Number.NaN;
  }
  return createFrame(sessions, columns);
}
