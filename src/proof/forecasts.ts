// Does a forecast of a session look at the features of a later one?

import {type FoldTask, forecastFromFit, type MarketTable} from "../evaluation/walkForward.ts";
import {createFrame} from "../frame.ts";
import {changeValues, futureRows} from "../market/futures.ts";
import type {Forecast, Model} from "../models/model.ts";
import {countMoved, firstViolation} from "./compare.ts";
import {type Change, describeChange} from "./derivation.ts";
import {type Evidence, evidence} from "./evidence.ts";

/** A fold's fit, made from what was known at its refit, and the forecasts it made. */
export interface ForecastFold {
  readonly task: FoldTask;
  readonly model: Model;
  readonly fit: unknown;
  readonly forecast: Forecast;
}

/** The forecasts of a fold by its own fit, which changed futures are compared with. */
export function forecastOnce(
  task: FoldTask,
  {model, table, fit}: {readonly model: Model; readonly table: MarketTable; readonly fit: unknown},
): ForecastFold {
  return {task, model, fit, forecast: forecastFromFit(task, {model, table, fit})};
}

/**
 * Forecasts the sessions of a fold again with its own fit, from a table whose rows after one are other ones: the
 * forecasts up to that row must be the same to the last bit.
 *
 * @param fold its test rows hold `row`
 * @param options.table the table as it came to be
 * @param options.changed the table after the change, as `changeTable` makes it
 */
export function proveForecast(
  {task, model, fit, forecast}: ForecastFold,
  {table, changed, ...change}: Change & {readonly table: MarketTable; readonly changed: MarketTable},
): Evidence[] {
  const {fold, horizon} = task;
  const {sessions} = table.features;
  const testEnd = Math.min(fold.testEnd, changed.features.sessions.length);
  const again = forecastFromFit({...task, fold: {...fold, testEnd}}, {model, table: changed, fit});
  const words = describeChange({...change, sessions});
  const end = change.row + 1 - fold.testStart;
  return (["variance", "volatility"] as const).map((name) => {
    const pair = {
      before: forecast[name],
      after: again[name],
      sessions: sessions.subarray(fold.testStart, fold.testEnd),
      sessionsAfter: changed.features.sessions.subarray(fold.testStart, testEnd),
    };
    return evidence(
      {kind: "forecast", name: model.name, horizon},
      {
        future: change.future,
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
  {row, future}: Change,
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
