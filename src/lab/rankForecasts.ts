// Where would these forecasts stand in the leaderboard?

import {dieboldMariano} from "../evaluation/dieboldMariano.ts";
import {samplePeriod} from "../evaluation/periodSample.ts";
import {BASELINE, type LeaderboardRow, REFERENCE, scorePeriod} from "../evaluation/scorecard.ts";
import {type PeriodLosses, periodLosses, type ScoredForecasts} from "../evaluation/scoredForecasts.ts";
import {isoDate, sessionDate} from "../units.ts";
import type {WalkForward} from "./walkForward.ts";

/** A line of the leaderboard with its place, and Diebold-Mariano's test of it against one model. */
export interface RankedRow extends LeaderboardRow {
  /** By QLIKE; 1 is the best. */
  readonly place: number;
  /** t on QLIKE of this line's model against `against`, negative where this line's is better; NaN of itself. */
  readonly dm_t_against: number;
  readonly dm_p_against: number;
}

export interface RankOptions {
  /** Forecasts of sessions from this day to the other, YYYY-MM-DD, both included. Default: all. */
  readonly first?: string;
  readonly last?: string;
  /** The model that every line is tested against. Default: the first of one's own, log_har_vix where there is none. */
  readonly against?: string;
  /** Draws the bootstrap of intervals and of the confidence set. */
  readonly seed?: number;
}

/** A loss below this share of the best other's is knowledge of the outcome: even the truth's variance loses more. */
const IMPOSSIBLE_SHARE = 0.2;

/**
 * Forecasts of the lake and one's own on the sessions that all of them have, the least QLIKE first: losses, gains,
 * Diebold-Mariano and model confidence set as in the leaderboard. Fewer models have more common sessions.
 *
 * @param scored what `readScored` gives
 * @throws {RangeError} if rv20 is missing, a name is taken, horizons differ, no session is common to all, or a loss
 *   is too small to be a forecast's: below a fifth of the best other model's
 */
export function rankForecasts(
  scored: ScoredForecasts,
  own: readonly WalkForward[] = [],
  {first, last, against = own[0]?.model ?? REFERENCE, seed = 1}: RankOptions = {},
): RankedRow[] {
  const all = joinOwn(scored, own);
  if (!(BASELINE in all.forecasts)) {
    throw new RangeError(
      `Cannot rank ${Object.keys(all.forecasts).join(", ")}: ${BASELINE}, which gains are measured from, is missing; ` +
        `name it in readScored(lake, {models: ["${BASELINE}", …]}), or walk it forward too`,
    );
  }
  const {sessions} = all;
  const period = {
    name: first || last ? `${first ?? ""} to ${last ?? ""}` : "all",
    first: first ? sessionDate(first) : (sessions[0] ?? 0),
    last: last ? sessionDate(last) : (sessions.at(-1) ?? 0),
  };
  const losses = periodLosses(all, period);
  if (!losses) {
    throw new RangeError(
      `Cannot rank ${Object.keys(all.forecasts).join(", ")}: no session from ${isoDate(period.first)} to ${isoDate(period.last)} ` +
        "has a forecast of each and a known outcome; widen the period or leave a model out",
    );
  }
  const tests = testAgainst(losses, against);
  const rows = scorePeriod(losses, samplePeriod(losses, {seed}));
  requirePossible(rows, new Set(own.map(({model}) => model)));
  return rows
    .map((row, i) => ({...row, ...tests[i]!}))
    .sort((a, b) => a.qlike - b.qlike)
    .map((row, i) => inOrder({...row, place: i + 1}));
}

/**
 * Forecasts of the lake with one's own beside them, rows aligned: what the functions of the evaluation take.
 *
 * @throws {RangeError} if a name is taken, or horizons differ
 */
export function joinOwn(scored: ScoredForecasts, own: readonly WalkForward[]): ScoredForecasts {
  const forecasts = {...scored.forecasts};
  for (const {model, horizon, sessions, variance, volatility} of own) {
    if (model in forecasts) {
      throw new RangeError(`Cannot rank ${model}: there are forecasts of that name; give the model another`);
    }
    if (horizon !== scored.horizon) {
      throw new RangeError(
        `Cannot rank ${model}: it forecasts ${horizon} sessions ahead, the others ${scored.horizon}; walk it forward again`,
      );
    }
    const rowOf = new Map(Array.from(sessions, (day, t) => [day, t]));
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(scored.sessions, (day) => values[rowOf.get(day) ?? -1] ?? Number.NaN);
    forecasts[model] = {variance: pick(variance), volatility: pick(volatility)};
  }
  return {sessions: scored.sessions, horizon: scored.horizon, actual: scored.actual, forecasts};
}

/** One's own forecasts alone as the functions of the evaluation take them: for a market that no lake is of. */
export function scoreOwn(own: readonly WalkForward[]): ScoredForecasts {
  const [first] = own;
  if (!first) throw new RangeError("Cannot score forecasts: none were given; walk a model forward first");
  const {sessions, horizon, actual} = first;
  return joinOwn({sessions, horizon, actual, forecasts: {}}, own);
}

// The columns that are asked for first stand first where all are shown.
function inOrder(row: RankedRow): RankedRow {
  const {place, model, n, qlike, rmse_pct, bias, gain_qlike_rv20, dm_t_against, dm_p_against, mcs_p} = row;
  const first = {place, model, n, qlike, rmse_pct, bias, gain_qlike_rv20, dm_t_against, dm_p_against, mcs_p};
  return {...first, ...row};
}

// Of one's own models where the lake's stand beside them, otherwise of each against the others.
function requirePossible(rows: readonly LeaderboardRow[], own: ReadonlySet<string>): void {
  for (const {model, qlike} of rows) {
    if (own.size > 0 && !own.has(model)) continue;
    const others = rows.filter((row) => row.model !== model && !own.has(row.model)).map((row) => row.qlike);
    const best = Math.min(...others);
    if (!(qlike < IMPOSSIBLE_SHARE * best)) continue;
    throw new RangeError(
      `Cannot rank ${model}: its QLIKE is ${qlike.toFixed(4)}, the best other's ${best.toFixed(4)}. No forecast comes that close, ` +
        "so that one of its inputs holds what came: look for a column made of outcomes, of later sessions, or of the whole sample",
    );
  }
}

function testAgainst(
  {models, horizon, tested}: PeriodLosses,
  against: string,
): {dm_t_against: number; dm_p_against: number}[] {
  const other = models.find(({model}) => model === against);
  if (!other) {
    throw new RangeError(
      `Cannot test against ${against}: there are forecasts of ${models.map(({model}) => model).join(", ")}`,
    );
  }
  return models.map((one) => {
    if (one === other || !tested) return {dm_t_against: Number.NaN, dm_p_against: Number.NaN};
    const {t, p} = dieboldMariano([one.qlike, other.qlike], {horizon});
    return {dm_t_against: t, dm_p_against: p};
  });
}
