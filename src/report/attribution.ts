// Which features moved a forecast, by how much, and which moved it since the session before?

import {bridgeForecast} from "../explain/bridge.ts";
import {integers, numbers, type Table, texts} from "../store/table.ts";
import {featureWords} from "./featureWords.ts";
import {yearOf} from "./words.ts";

/** The row of the explanations that holds the model's average rather than a feature's contribution. */
export const BASE = "(base)";

/** One feature's part in a forecast. */
export interface Contribution {
  readonly feature: string;
  readonly words: string;
  /** The feature's value; NaN where it was missing. */
  readonly value: number;
  /** Contribution to the log of the volatility. */
  readonly shap: number;
  /** The same as a factor less one: 0.041 raises the volatility by 4.1 %. */
  readonly effect: number;
}

/** One step from a forecast to the next: its effects multiply, and its points sum, to the whole change. */
export interface Step extends Contribution {
  /** Part of the change of the volatility over the horizon, a fraction. */
  readonly points: number;
}

/** A forecast taken apart: volatility = exp(base + sum of contributions). */
export interface Attribution {
  readonly session: number; // days since 1970-01-01
  readonly base: number; // log of a volatility
  readonly contributions: readonly Contribution[]; // largest first
}

/** Mean absolute contribution to the log of the volatility. */
export interface Importance {
  readonly feature: string;
  readonly words: string;
  readonly meanAbsolute: number;
  /** The same as a factor less one. */
  readonly effect: number;
}

export interface YearlyImportance {
  readonly year: number;
  readonly feature: string;
  readonly meanAbsolute: number;
}

/** Row indices of one horizon by session, in order of session. */
export function explainedSessions(shap: Table, horizon: number): Map<number, number[]> {
  const dates = integers(shap, "date");
  const horizons = integers(shap, "horizon");
  const rows = new Map<number, number[]>();
  for (let row = 0; row < shap.rows; row++) {
    if (horizons[row] !== horizon) continue;
    const day = dates[row]!;
    const found = rows.get(day);
    if (found) found.push(row);
    else rows.set(day, [row]);
  }
  return new Map([...rows].sort(([a], [b]) => a - b));
}

/** The explanation of one session, of shap_daily or shap_restated, the largest contribution first. */
export function attribute(shap: Table, rows: readonly number[]): Attribution {
  const features = texts(shap, "feature");
  const values = "value" in shap.columns ? numbers(shap, "value") : undefined;
  const shaps = numbers(shap, "shap");
  let base = Number.NaN;
  const contributions: Contribution[] = [];
  for (const row of rows) {
    const feature = features[row]!;
    const value = shaps[row]!;
    if (feature === BASE) base = value;
    else contributions.push(contribution(feature, values?.[row] ?? Number.NaN, value));
  }
  return {session: integers(shap, "date")[rows[0]!]!, base, contributions: bySize(contributions)};
}

/**
 * What moved the forecast between two sessions, the largest first: steps of `bridgeForecast`.
 *
 * @param restated the earlier session explained by the later one's fit, where that is another
 */
export function attributeChange(before: Attribution, after: Attribution, restated?: Attribution): Step[] {
  const values = new Map(after.contributions.map(({feature, value}) => [feature, value]));
  return bridgeForecast(before, after, restated).map(({feature, change, points}) => ({
    ...contribution(feature, values.get(feature) ?? Number.NaN, change),
    points,
  }));
}

/** The forecast that an attribution takes apart, a volatility over the horizon. */
export function volatilityOf({base, contributions}: Attribution): number {
  return Math.exp(contributions.reduce((sum, {shap}) => sum + shap, base));
}

/** Mean absolute contribution of each feature over all sessions, and by calendar year; the largest first. */
export function importance(
  shap: Table,
  sessions: ReadonlyMap<number, readonly number[]>,
): {readonly overall: Importance[]; readonly byYear: YearlyImportance[]} {
  const features = texts(shap, "feature");
  const shaps = numbers(shap, "shap");
  const totals = new Map<string, number>();
  const years = new Map<number, {sessions: number; totals: Map<string, number>}>();
  for (const [day, rows] of sessions) {
    const year = yearOf(day);
    const yearly = years.get(year) ?? {sessions: 0, totals: new Map<string, number>()};
    years.set(year, yearly);
    yearly.sessions++;
    for (const row of rows) {
      const feature = features[row]!;
      if (feature === BASE) continue;
      const size = Math.abs(shaps[row]!);
      totals.set(feature, (totals.get(feature) ?? 0) + size);
      yearly.totals.set(feature, (yearly.totals.get(feature) ?? 0) + size);
    }
  }
  const overall = [...totals]
    .map(([feature, total]) => {
      const meanAbsolute = total / Math.max(1, sessions.size);
      return {feature, words: featureWords(feature), meanAbsolute, effect: Math.expm1(meanAbsolute)};
    })
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute || a.feature.localeCompare(b.feature));
  const byYear = [...years].flatMap(([year, yearly]) =>
    overall.map(({feature}) => ({
      year,
      feature,
      meanAbsolute: (yearly.totals.get(feature) ?? 0) / yearly.sessions,
    })),
  );
  return {overall, byYear};
}

function contribution(feature: string, value: number, shap: number): Contribution {
  return {feature, words: featureWords(feature), value, shap, effect: Math.expm1(shap)};
}

function bySize(contributions: Contribution[]): Contribution[] {
  return contributions.sort(
    (a, b) => Math.abs(b.shap) - Math.abs(a.shap) || a.feature.localeCompare(b.feature),
  );
}
