// How would a person say it? Every number in a sentence is computed, dated and carries its unit.

import type {LeaderboardRow} from "../evaluation/scorecard.ts";
import type {Attribution, Contribution, Importance} from "./attribution.ts";
import {BASE} from "./attribution.ts";
import type {HorizonForecast, ImpliedVolatility, Interval, ReportRun} from "./summaryShape.ts";
import {count, inWords, longDate, percent, percentNumber, signedPercent, yearOf} from "./words.ts";

/** A Diebold-Mariano statistic beyond this is beyond chance, at 5 %, two-sided. */
const SIGNIFICANT_T = 1.96;

const CALM = 0.02; // volatility over five sessions, a fraction
const HARDLY = 0.01; // a change, as a fraction of the forecast

interface HeadlineFacts {
  readonly run: ReportRun;
  readonly day: number;
  readonly firstForecast: number;
  readonly main: HorizonForecast;
  readonly interval: Interval;
  readonly implied: ImpliedVolatility;
  readonly now: Attribution | undefined;
  readonly sincePrevious: readonly Contribution[];
}

/** What is forecast, with its interval. */
export function forecastSentence({run, day, main, interval}: HeadlineFacts): string {
  const digits = volatilityDigits(main);
  const range = Number.isFinite(interval.low)
    ? `; ${percent(interval.coverage, 0)} of outcomes are expected between ${percentNumber(interval.low, digits)} and ${percent(interval.high, digits)}`
    : "";
  return `The realised volatility of ${run.symbol} over the ${inWords(main.horizon)} sessions after ${longDate(day)} is forecast at about ${percent(main.volatility, digits)}, ${percent(main.annualized)} a year${range}.`;
}

/** How unusual the forecast is, why it moved, and what options say. */
export function contextSentences(facts: HeadlineFacts): string[] {
  return [standingSentence(facts), impliedSentence(facts)].filter((text) => text !== "");
}

// One digit would hide a calm market's changes.
function volatilityDigits({volatility}: HorizonForecast): number {
  return volatility < CALM ? 2 : 1;
}

function standingSentence({main, firstForecast, sincePrevious}: HeadlineFacts): string {
  if (!Number.isFinite(main.percentile)) return "";
  const standing = `That is higher than ${percent(main.percentile / 100, 0)} of the ${count(main.earlierForecasts)} earlier forecasts since ${yearOf(firstForecast)}`;
  return `${standing}; ${changeClause(main, sincePrevious)}.`;
}

function changeClause(main: HorizonForecast, sincePrevious: readonly Contribution[]): string {
  if (!Number.isFinite(main.change)) return "there is no earlier forecast to compare it with";
  if (Math.abs(main.change) < HARDLY)
    return `it hardly changed from the session before (${signedPercent(main.change)})`;
  const verb = main.change > 0 ? "rose" : "fell";
  const movement = `it ${verb} from ${percent(main.previous, volatilityDigits(main))} the session before`;
  const cause = sincePrevious.find(({shap}) => Math.sign(shap) === Math.sign(main.change));
  if (!cause) return movement;
  const name = cause.feature === BASE ? "the model’s refit" : cause.words;
  return `${movement}, mainly through ${name} (${signedPercent(cause.effect)})`;
}

function impliedSentence({implied}: HeadlineFacts): string {
  if (!Number.isFinite(implied.volatility)) return "";
  return `The VIX, at ${implied.vix.toFixed(1)} points, prices ${percent(implied.volatility)} over the same five sessions, ${implied.ratio.toFixed(2)} times the forecast.`;
}

/** How the model in use did out of sample, against the simplest baseline and the hardest one. */
export function trackRecordSentences(
  rows: readonly LeaderboardRow[],
  {champion, firstForecast}: {readonly champion: string; readonly firstForecast: number},
): string[] {
  const best = rows[0];
  const used = rows.find(({model}) => model === champion);
  if (!best || !used) return ["There is no walk-forward evaluation yet."];
  const gain = percent(Math.abs(used.gain_qlike_rv20));
  const against = used.gain_qlike_rv20 >= 0 ? `${gain} below` : `${gain} above`;
  const opening = `Over ${count(used.n)} five-session forecasts since ${longDate(firstForecast)} (about ${count(used.n_effective)} of them independent) the model in use, ${champion}, has a mean QLIKE of ${used.qlike.toFixed(4)}, ${against} that of the 20-session volatility.`;
  return [opening, referenceSentence(used), leaderSentence(best, used)].filter((text) => text !== "");
}

function referenceSentence(used: LeaderboardRow): string {
  const t = used.dm_t_har_vix;
  if (!Number.isFinite(t)) return "";
  const figure = `Diebold–Mariano t = ${t.toFixed(2).replace("-", "\u2212")}`;
  if (Math.abs(t) < SIGNIFICANT_T)
    return `It cannot be told apart from the seven-coefficient regression log_har_vix (${figure}).`;
  return t < 0
    ? `It is more accurate than the seven-coefficient regression log_har_vix beyond chance (${figure}).`
    : `It is less accurate than the seven-coefficient regression log_har_vix beyond chance (${figure}).`;
}

function leaderSentence(best: LeaderboardRow, used: LeaderboardRow): string {
  if (best.model === used.model) return "";
  return `The lowest QLIKE is ${best.model}’s, ${best.qlike.toFixed(4)}.`;
}

/** Which features carry the forecasts, over all of them and for the latest. */
export function explanationSentences(
  overall: readonly Importance[],
  {now, days}: {readonly now: Attribution | undefined; readonly days: readonly number[]},
): string[] {
  const [first, second] = overall;
  if (!first || days.length === 0) return ["There are no explained forecasts yet."];
  const next = second ? `, followed by ${second.words} (${percent(Math.expm1(second.meanAbsolute))})` : "";
  const general = `Over ${count(days.length)} explained forecasts since ${yearOf(days[0]!)}, ${first.words} moved the five-session forecast most, by ${percent(Math.expm1(first.meanAbsolute))} up or down on average${next}.`;
  return now ? [general, latestSentence(now)] : [general];
}

function latestSentence({session, base, contributions}: Attribution): string {
  const volatility = Math.exp(contributions.reduce((sum, {shap}) => sum + shap, base));
  const up = contributions.find(({shap}) => shap > 0);
  const down = contributions.find(({shap}) => shap < 0);
  const parts = [
    up ? `${up.words} raised it most (${signedPercent(up.effect)})` : "",
    down ? `${down.words} lowered it most (${signedPercent(down.effect)})` : "",
  ].filter((text) => text !== "");
  return `On ${longDate(session)} the forecast started from the model’s average of ${percent(Math.exp(base))} and ended at ${percent(volatility)}: ${parts.join(", ")}.`;
}
