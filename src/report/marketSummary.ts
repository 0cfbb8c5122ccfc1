// What data is there, what is missing, what was refused, and what did the vendor change afterwards?

import {isoDate} from "../units.ts";

export interface SeriesSummary {
  readonly symbol: string;
  readonly bars: number;
  readonly first: string;
  readonly last: string;
  /** Sessions of its exchange without a bar, between its first and last. */
  readonly missing: readonly string[];
}

/** One addition to raw.market. */
export interface VintageSummary {
  readonly time: string; // ISO
  readonly run: string;
  /** Bars of days and symbols that the lake had none of, and bars that took the place of one. */
  readonly added: number;
  readonly revised: number;
  readonly newest: string;
  /** Rows of earlier days that the same run wrote anew, by dataset. */
  readonly rewrote: Readonly<Record<string, number>>;
}

/** A number of the vendor's that became another one. */
export interface Revision {
  readonly symbol: string;
  readonly date: string;
  readonly column: string;
  readonly before: number;
  readonly after: number;
  /** after / before - 1 */
  readonly change: number;
  readonly seen: string; // ISO time
}

export interface RefusedBar {
  readonly symbol: string;
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly adj_close: number;
  readonly reason: string;
}

/** How much of a feature is known. */
export interface FeatureCoverage {
  readonly name: string;
  readonly first: string;
  readonly known: number; // a fraction of all sessions
}

export interface MarketFacts {
  readonly series: readonly SeriesSummary[];
  readonly vintages: readonly VintageSummary[];
  readonly revisions: readonly Revision[];
  readonly refused: readonly RefusedBar[];
  readonly features: readonly FeatureCoverage[];
}

export interface MarketSummary extends MarketFacts {
  readonly sentences: readonly string[];
  readonly target: SeriesSummary;
  readonly targetMissing: number;
  /** Beside the target. */
  readonly otherSeries: number;
  readonly refusedCount: number;
  /** Values, of so many bars. */
  readonly revisedValues: number;
  readonly revisedBars: number;
  readonly vintageCount: number;
}

const SHOWN = 300; // rows of a table that a page can hold

/** The page's facts; the longest tables are cut to their newest rows, the counts are of all. */
export function summarizeMarket(facts: MarketFacts): MarketSummary {
  const {series, vintages, revisions, refused} = facts;
  const target = series[0]!;
  const revisedBars = new Set(revisions.map(({symbol, date, seen}) => `${symbol} ${date} ${seen}`)).size;
  return {
    ...facts,
    revisions: revisions.toSorted((a, b) => (a.seen < b.seen ? 1 : a.seen > b.seen ? -1 : 0)).slice(0, SHOWN),
    refused: refused.toReversed().slice(0, SHOWN),
    vintages: vintages.toReversed().slice(0, SHOWN),
    target,
    targetMissing: target.missing.length,
    otherSeries: series.length - 1,
    refusedCount: refused.length,
    revisedValues: revisions.length,
    revisedBars,
    vintageCount: vintages.length,
    sentences: [
      `{{market.target.bars|count}} sessions of ${target.symbol}, {{market.target.first|longDate}} to {{market.target.last|longDate}}, and {{market.otherSeries|count}} series beside it. ${missingClause(target)}`,
      refused.length === 0
        ? "No bar was refused."
        : "{{market.refusedCount|count}} bars were refused as impossible and are kept apart, with the reason.",
      revisions.length === 0
        ? `The vendor has changed nothing since: {{market.vintageCount|count}} ${vintages.length === 1 ? "addition" : "additions"}, no revision.`
        : "In {{market.vintageCount|count}} additions the vendor revised {{market.revisedValues|count}} values of {{market.revisedBars|count}} bars; the earlier ones are kept.",
    ],
  };
}

/** How much of each feature is known, in the order given. */
export function featureCoverage(
  dates: Int32Array,
  columns: Readonly<Record<string, Float64Array>>,
): FeatureCoverage[] {
  return Object.entries(columns).map(([name, values]) => {
    const first = values.findIndex((value) => !Number.isNaN(value));
    const known = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    return {name, first: first < 0 ? "" : isoDate(dates[first]!), known: known / Math.max(1, values.length)};
  });
}

function missingClause({missing}: SeriesSummary): string {
  if (missing.length === 0) return "No session of its exchange lacks a bar.";
  return missing.length === 1
    ? "{{market.targetMissing|count}} session of its exchange lacks a bar."
    : "{{market.targetMissing|count}} sessions of its exchange lack a bar.";
}
