// Does a forecast of a session look at the features of a later one?

import {type FoldTask, forecastFromFit, type MarketTable} from "../evaluation/walkForward.ts";
import {createFrame} from "../frame.ts";
import {changeValues, type Future, futureRows} from "../market/futures.ts";
import type {Model} from "../models/model.ts";
import {countMoved, firstViolation} from "./compare.ts";
import {describeChange} from "./derivation.ts";
import {type Evidence, evidence} from "./evidence.ts";

/**
 * Forecasts the sessions of a fold again with its own fit, from a table whose rows after one are other ones: the
 * forecasts up to that row must be the same to the last bit.
 *
 * @param task the fold; its test rows hold `row`
 * @param options.fit the fold's fit, made from what was known at its refit
 * @param options.changed the table after the change, as `changeTable` makes it
 */
export function proveForecast(
  task: FoldTask,
  {
    model,
    table,
    fit,
    row,
    future,
    changed,
  }: {
    readonly model: Model;
    readonly table: MarketTable;
    readonly fit: unknown;
    readonly row: number;
    readonly future: Future;
    readonly changed: MarketTable;
  },
): Evidence[] {
  const {fold, horizon} = task;
  const {sessions} = table.features;
  const testEnd = Math.min(fold.testEnd, changed.features.sessions.length);
  const honest = forecastFromFit(task, {model, table, fit});
  const again = forecastFromFit({...task, fold: {...fold, testEnd}}, {model, table: changed, fit});
  const words = describeChange({sessions, row, future});
  const end = row + 1 - fold.testStart;
  return (["variance", "volatility"] as const).map((name) => {
    const pair = {
      before: honest[name],
      after: again[name],
      sessions: sessions.subarray(fold.testStart, fold.testEnd),
      sessionsAfter: changed.features.sessions.subarray(fold.testStart, testEnd),
    };
    return evidence(
      {kind: "forecast", name: model.name, horizon},
      {
        future,
        rows: end,
        cells: end,
        moved: countMoved(pair, {start: end, end: testEnd - fold.testStart}),
        violation: firstViolation(pair, {end, change: words}),
      },
    );
  });
}

/**
 * A table whose rows after one are changed, and every label whose window reaches past it: what a model could
 * look at in another future.
 */
export function changeTable(
  {features, variance, rangeVariance}: MarketTable,
  {row, future}: {readonly row: number; readonly future: Future},
): MarketTable {
  const rows = features.sessions.length;
  const plan = futureRows(future, {rows, known: row, seed: row});
  const labels = (byHorizon: Readonly<Record<number, Float64Array>>) =>
    Object.fromEntries(
      Object.entries(byHorizon).map(([h, values]) => {
        const blanked = values.map((value, t) => (t + Number(h) > row ? Number.NaN : value));
        return [h, changeValues(blanked, plan)];
      }),
    );
  return {
    features: createFrame(
      Int32Array.from(plan.kept, (kept) => features.sessions[kept]!),
      Object.fromEntries(
        Object.entries(features.columns).map(([name, values]) => [name, changeValues(values, plan)]),
      ),
    ),
    variance: labels(variance),
    rangeVariance: labels(rangeVariance),
  };
}
