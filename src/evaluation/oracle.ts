// How far is each forecast from the best one there can be, where a simulation knows it?

import {dieboldMariano} from "./dieboldMariano.ts";
import {qlike} from "./losses.ts";
import type {Period} from "./periods.ts";
import {type ModelLosses, periodLosses, type ScoredForecasts} from "./scoredForecasts.ts";

/** One model over one period against the oracle, the true conditional variance. NaN where a figure does not exist. */
export interface OracleRow {
  readonly horizon: number;
  readonly model: string;
  readonly period: string;
  readonly n: number;
  /** Mean QLIKE of the model and of the oracle on the same outcomes. */
  readonly qlike: number;
  readonly qlike_oracle: number;
  /** qlike - qlike_oracle: the distance as outcomes show it, with their noise; below 0 by luck alone. */
  readonly excess: number;
  /** Diebold-Mariano t of the two; above 1.96 where the model is worse beyond chance. */
  readonly excess_t: number;
  /** Mean QLIKE with the true variance in the outcome's place: what `excess` is in expectation, without its noise. */
  readonly distance: number;
  /** Mean forecast / mean true variance. */
  readonly bias: number;
}

/**
 * A row a period and model. Let s be the true conditional variance E[y | state], y the outcome, f the forecast. Then
 * E[QLIKE(y, f)] - E[QLIKE(y, s)] = E[s/f - ln(s/f) - 1] = E[QLIKE(s, f)] >= 0, and 0 for f = s alone: no forecast has
 * a lower expected loss. Patton (2011), proposition 1. There is no such row for RMSE: the forecast of volatility with
 * the least is E[sqrt y | state], which the simulation does not know.
 *
 * @param options.expected s, a value a row of `scored`; NaN where unknown
 */
export function oracleRows(
  scored: ScoredForecasts,
  {expected, periods}: {readonly expected: Float64Array; readonly periods: readonly Period[]},
): OracleRow[] {
  // Known on the same rows, so that both have the same rows in common.
  const actual = scored.actual.map((outcome, t) => (Number.isNaN(expected[t]!) ? Number.NaN : outcome));
  const truth = expected.map((variance, t) => (Number.isNaN(actual[t]!) ? Number.NaN : variance));
  return periods.flatMap((period) => {
    const losses = periodLosses({...scored, actual}, period);
    const distances = periodLosses({...scored, actual: truth}, period);
    if (!losses || !distances) return [];
    const {horizon, n, tested} = losses;
    const best = qlike(losses.variance, distances.variance);
    return losses.models.map((own: ModelLosses, i): OracleRow => {
      const [lost, least] = [meanOf(own.qlike), meanOf(best)];
      return {
        horizon,
        model: own.model,
        period: period.name,
        n,
        qlike: lost,
        qlike_oracle: least,
        excess: lost - least,
        excess_t: tested ? dieboldMariano([own.qlike, best], {horizon}).t : Number.NaN,
        distance: meanOf(distances.models[i]!.qlike),
        bias: meanOf(own.variance) / meanOf(distances.variance),
      };
    });
  });
}

// NaN marks a row with no loss: QLIKE of an unchanged close.
function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
