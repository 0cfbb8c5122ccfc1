// How would a person say it? Every number in a sentence is {{path|format}}, a number of the summary: it has a receipt, and
// wherever it is shown it is the same.

import {NEW_FIT} from "../explain/bridge.ts";
import type {Contribution, Importance, Step} from "./attribution.ts";

import type {HorizonForecast, ImpliedVolatility, Interval} from "./summaryShape.ts";

const HARDLY = 0.01; // a change, as a fraction of the forecast

interface HeadlineFacts {
  readonly main: HorizonForecast;
  readonly interval: Interval;
  readonly implied: ImpliedVolatility;
  readonly steps: readonly Step[];
}

/** What is forecast, with its interval. */
export function forecastSentence({interval}: HeadlineFacts): string {
  const range = Number.isFinite(interval.low)
    ? " ({{interval.coverage|wholePercent}} of outcomes between {{interval.low|finePercent}} and {{interval.high|finePercent}})"
    : "";
  return `{{symbol}} is expected to move about {{forecasts.1.volatility|finePercent}} over the five sessions after {{asOf|longDate}}${range}: a volatility of {{forecasts.1.annualized|percent}} a year.`;
}

/** How unusual the forecast is, why it moved, and what options say. */
export function contextSentences(facts: HeadlineFacts): string[] {
  return [standingSentence(facts), impliedSentence(facts)].filter((text) => text !== "");
}

function standingSentence(facts: HeadlineFacts): string {
  if (!Number.isFinite(facts.main.percentile)) return "";
  return `That is higher than {{forecasts.1.percentile|percentile}} of the {{forecasts.1.earlierForecasts|count}} earlier forecasts since {{firstForecast|year}}; ${changeClause(facts)}.`;
}

function changeClause({main, steps}: HeadlineFacts): string {
  if (!Number.isFinite(main.change)) return "there is no earlier forecast to compare it with";
  if (Math.abs(main.change) < HARDLY)
    return "it hardly changed from {{forecasts.1.previous|finePercent}} the session before ({{forecasts.1.change|signedPercent}})";
  const verb = main.change > 0 ? "rose" : "fell";
  const movement = `it ${verb} from {{forecasts.1.previous|finePercent}} the session before`;
  const at = steps.findIndex(({shap}) => Math.sign(shap) === Math.sign(main.change));
  if (at < 0) return movement;
  const name = steps[at]!.feature === NEW_FIT ? "the model’s new fit" : steps[at]!.words;
  return `${movement}, mainly through ${name} ({{drivers.steps.${at}.effect|signedPercent}})`;
}

function impliedSentence({implied}: HeadlineFacts): string {
  if (!Number.isFinite(implied.volatility)) return "";
  return "The VIX, at {{implied.vix|twoDecimals}} points, prices a move of {{implied.volatility|finePercent}} over the same five sessions, {{implied.ratio|twoDecimals}} times the forecast.";
}

/** Which features carry the forecasts, over all of them and for the latest. */
export function explanationSentences(
  overall: readonly Importance[],
  {contributions}: {readonly contributions: readonly Contribution[]},
): string[] {
  const [first, second] = overall;
  if (!first) return ["There are no explained forecasts yet."];
  const next = second ? `, followed by ${second.words} ({{explanation.importance.1.effect|percent}})` : "";
  const general = `Over {{explanation.sessions|count}} explained forecasts since {{explanation.first|year}}, ${first.words} moved the five-session forecast most, by {{explanation.importance.0.effect|percent}} up or down on average${next}.`;
  return contributions.length > 0 ? [general, latestSentence(contributions)] : [general];
}

function latestSentence(contributions: readonly Contribution[]): string {
  const up = contributions.findIndex(({shap}) => shap > 0);
  const down = contributions.findIndex(({shap}) => shap < 0);
  const part = (at: number, verb: string): string =>
    at < 0
      ? ""
      : `${contributions[at]!.words} ${verb} it most ({{drivers.contributions.${at}.effect|signedPercent}})`;
  const parts = [part(up, "raised"), part(down, "lowered")].filter((text) => text !== "");
  return `On {{drivers.date|longDate}} the forecast started from the model’s average of {{drivers.base|finePercent}} and ended at {{drivers.volatility|finePercent}} over five sessions: ${parts.join(", ")}.`;
}
