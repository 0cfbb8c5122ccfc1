// What does the first view of the site hold? Written as JSON beside the pages; NaN becomes null there.

import type {Gate} from "../evaluation/gates.ts";
import type {LeaderboardRow} from "../evaluation/scorecard.ts";
import type {Table} from "../store/table.ts";
import type {Contribution, Importance, Step, YearlyImportance} from "./attribution.ts";

/** The datasets' snapshots, each sorted by its key; see the contracts for their columns. */
export interface ReportTables {
  readonly predictions: Table;
  readonly labels: Table;
  readonly shap: Table;
  readonly leaderboard: Table;
  readonly features: Table;
  /** Sessions before a refit under the new fit: without them a refit is not parted from changed inputs. */
  readonly restated?: Table;
  /** intervals_daily: without it there is the one interval of the predictions. */
  readonly intervals?: Table;
}

/** What is known of the run itself. */
export interface ReportRun {
  readonly symbol: string;
  readonly source: string; // "yahoo", "csv" or "sample"
  readonly runId: string;
  readonly runAt: string; // ISO instant
  readonly newestBar: number; // days since 1970-01-01
  readonly champion: string;
  readonly coverage: number; // of the interval, a fraction
  readonly intervalMethod: string; // docs/intervals.md
  readonly gates: readonly Gate[];
  readonly hashes: Readonly<Record<string, string>>; // SHA-256 by name: datasets, model, code
}

/** A forecast of one horizon. Volatilities are fractions; annualised is volatility × sqrt(252 / horizon). */
export interface HorizonForecast {
  readonly horizon: number;
  readonly volatility: number;
  readonly annualized: number;
  readonly previous: number; // the session before's forecast
  readonly previousAnnualized: number;
  readonly change: number; // volatility / previous - 1
  /** Share of the earlier forecasts of this horizon at or below this one, 0 to 100. */
  readonly percentile: number;
  readonly earlierForecasts: number;
}

export interface Interval {
  readonly coverage: number;
  readonly low: number;
  readonly high: number;
  readonly lowAnnualized: number;
  readonly highAnnualized: number;
  /** How the past intervals did: of those with a known outcome, how many contained it. */
  readonly known: number;
  readonly contained: number;
}

/** An interval of the latest forecast of a horizon. */
export interface HorizonInterval {
  readonly horizon: number;
  readonly coverage: number; // promised, a fraction
  readonly low: number;
  readonly high: number;
  readonly lowAnnualized: number;
  readonly highAnnualized: number;
}

export interface ImpliedVolatility {
  readonly vix: number; // index points
  readonly volatility: number; // over five sessions: vix / 100 × sqrt(5 / 252)
  readonly ratio: number; // to the forecast
}

export interface HistoryRow {
  readonly date: string;
  readonly forecast: number;
  readonly low: number;
  readonly high: number;
  readonly outcome: number; // NaN until the five sessions have passed
}

export interface TrackRecord {
  readonly sentences: readonly string[];
  readonly period: string;
  /** Every period of the leaderboard, in its order. */
  readonly periods: readonly string[];
  /** Calendar years with forecasts, so that the page leaves room for a line each. */
  readonly years: number;
  readonly rows: readonly LeaderboardRow[];
  /** The champion's row, and that of the lowest loss. */
  readonly used: LeaderboardRow | undefined;
  readonly best: LeaderboardRow | undefined;
}

/** Texts hold {{path|format}} for each of their numbers. NaN becomes null in JSON. */
export interface ReportSummary {
  readonly symbol: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly asOf: string;
  readonly newestBar: string;
  readonly runId: string;
  readonly runAt: string;
  readonly modelVersion: string;
  readonly trainedThrough: string;
  readonly kind: string;
  readonly champion: string;
  /** What is forecast. */
  readonly headline: string;
  /** How unusual that is, why it moved, and what options say; as many sentences as are known. */
  readonly context: readonly string[];
  readonly forecasts: readonly HorizonForecast[];
  readonly interval: Interval;
  readonly intervalMethod: string;
  /** Every promised coverage at every horizon; sorted so. */
  readonly intervals: readonly HorizonInterval[];
  readonly implied: ImpliedVolatility;
  readonly drivers: {
    readonly date: string;
    readonly base: number; // a volatility
    readonly volatility: number; // the forecast they multiply to
    readonly contributions: readonly Contribution[];
    /** From the forecast of the session before to this one; points sum, effects multiply. */
    readonly steps: readonly Step[];
    readonly previousDate: string;
    readonly previous: number;
  };
  readonly history: readonly HistoryRow[];
  readonly firstForecast: string;
  readonly forecastCount: number;
  readonly trackRecord: TrackRecord;
  readonly explanation: {
    readonly sentences: readonly string[];
    readonly sessions: number;
    readonly first: string;
    readonly last: string;
    readonly importance: readonly Importance[];
    readonly importanceByYear: readonly YearlyImportance[];
  };
  readonly gates: readonly Gate[];
  readonly hashes: Readonly<Record<string, string>>;
}
