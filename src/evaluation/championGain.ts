// How much better is one model's record than another's, where both have one?
import {qlike} from "./losses.ts";
import {commonRows, type ScoredForecasts} from "./scoredForecasts.ts";

/**
 * 1 - mean QLIKE of a model / mean QLIKE of another, over the sessions that both have forecast and whose outcome is
 * known: a fraction, above 0 where the first is better. 0 for a model and itself. An unchanged close is left out.
 *
 * @returns the gain, NaN without a common session; and their number
 */
export function championGain(
  {sessions, horizon, actual, forecasts}: ScoredForecasts,
  {candidate, champion}: {readonly candidate: string; readonly champion: string},
): {gain: number; sessions: number} {
  const [own, other] = [forecasts[candidate], forecasts[champion]];
  if (!own || !other) return {gain: Number.NaN, sessions: 0};
  const rows = commonRows({sessions, horizon, actual, forecasts: {own, other}});
  const pick = (values: Float64Array) => Float64Array.from(rows, (t) => values[t]!);
  const outcome = pick(actual);
  const [a, b] = [own, other].map(({variance}) => sumKnown(qlike(outcome, pick(variance))));
  return {gain: a!.count === 0 ? Number.NaN : 1 - a!.sum / b!.sum, sessions: a!.count};
}

function sumKnown(values: Float64Array): {sum: number; count: number} {
  const known = values.filter((value) => !Number.isNaN(value));
  return {sum: known.reduce((sum, value) => sum + value, 0), count: known.length};
}
