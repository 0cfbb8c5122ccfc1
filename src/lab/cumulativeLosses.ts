// When did each model earn what it is ahead of another?

import {qlike} from "../evaluation/losses.ts";
import {commonRows, type ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import {sessionDate} from "../units.ts";
import type {LossSeries} from "./charts.ts";

const DAY = 86_400_000;

/**
 * QLIKE of each model less the reference's, summed from the first common session on: falling where the model does
 * better. Rows are those that every model has forecast; an unchanged close has no QLIKE and adds nothing.
 *
 * @param options.first forecasts from this session on, YYYY-MM-DD. Default: all
 * @param options.last up to this session
 * @throws {RangeError} if there are no forecasts of the reference
 */
export function cumulativeLosses(
  scored: ScoredForecasts,
  {reference, first, last}: {readonly reference: string; readonly first?: string; readonly last?: string},
): LossSeries[] {
  const {actual, sessions, forecasts} = scored;
  const other = forecasts[reference];
  if (!other) {
    throw new RangeError(
      `Cannot sum losses against ${reference}: there are forecasts of ${Object.keys(forecasts).join(", ")}`,
    );
  }
  const lossOf = ({variance}: {readonly variance: Float64Array}): Float64Array => qlike(actual, variance);
  const theirs = lossOf(other);
  const period = {
    name: "",
    first: first ? sessionDate(first) : (sessions[0] ?? 0),
    last: last ? sessionDate(last) : (sessions.at(-1) ?? 0),
  };
  const rows = commonRows(scored, period).filter((t) => !Number.isNaN(theirs[t]!));
  const dates = Float64Array.from(rows, (t) => sessions[t]! * DAY);
  return Object.entries(forecasts)
    .filter(([name]) => name !== reference)
    .map(([name, own]) => {
      const losses = lossOf(own);
      let sum = 0;
      const values = Float64Array.from(rows, (t) => {
        sum += losses[t]! - theirs[t]!;
        return sum;
      });
      return {name, dates, values};
    });
}
