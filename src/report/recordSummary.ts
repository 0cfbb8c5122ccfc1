// What does the Track record say before anything is queried? Its sentences, its first table, and what qualifies both.

import type {SuperiorAbilityRow} from "../evaluation/evaluationRows.ts";
import type {Gate} from "../evaluation/gates.ts";
import type {OracleRow} from "../evaluation/oracle.ts";
import {BASELINE, type LeaderboardRow, REFERENCE} from "../evaluation/scorecard.ts";
import type {Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {type LiveRecord, liveRecord} from "./liveRecord.ts";

const MAIN_HORIZON = 5;
const ALL = "all";
const BEYOND_CHANCE = 0.05;
/** The combination with the widest menu to choose from by past losses, its forms found on the same years: docs/models.md. */
const BY_PAST_LOSSES = "leader";

export interface RecordTables {
  readonly leaderboard: Table;
  readonly live_ledger: Table;
  readonly superior_ability: Table;
  readonly trials: Table;
  readonly oracle: Table;
}

export interface RecordRun {
  readonly champion: string;
  /** Draws the tests' bootstrap. */
  readonly seed: number;
  /** The first session that may train a model, YYYY-MM-DD. */
  readonly trainFrom: string;
  readonly horizons: readonly number[];
  /** A model is in the confidence set where its p is at least this. */
  readonly confidenceSetP: number;
  readonly referencePeriod: {readonly name: string; readonly first: string; readonly last: string};
  readonly combinations: readonly {readonly name: string; readonly members: readonly string[]}[];
  /** By horizon, as text. */
  readonly gates: Readonly<Record<string, readonly Gate[]>>;
  /** Configurations tried, of those that were counted: in the lake, in the committed searches, together. */
  readonly trials: {readonly lake: number; readonly committed: number; readonly total: number};
}

export interface ScoredName {
  readonly model: string;
  readonly qlike: number;
}

/** On the reference period, five sessions ahead; the configurations are those of all horizons. */
export interface Search {
  readonly lake: number;
  readonly committed: number;
  readonly total: number;
  readonly period: string;
  readonly n: number;
  readonly champion: ScoredName | undefined;
  /** What a choice by past losses alone would have had, and among how many; their forms were found on these years. */
  readonly byPastLosses: ScoredName | undefined;
  readonly menu: number;
  /** The lowest of the leaderboard, chosen after the fact. */
  readonly lowest: ScoredName | undefined;
  /** The lowest of every configuration this lake ever scored. */
  readonly lowestTrial: ScoredName | undefined;
}

export interface RecordSummary {
  /** What follows the sentences of the summary; numbers as {{path|format}}. */
  readonly sentences: readonly string[];
  readonly champion: string;
  readonly reference: string;
  readonly baseline: string;
  readonly seed: number;
  readonly trainFrom: string;
  readonly confidenceSetP: number;
  readonly horizons: readonly number[];
  readonly referencePeriod: RecordRun["referencePeriod"];
  /** Every period of the leaderboard: the whole, the reference period, regimes, years. */
  readonly periods: readonly string[];
  /** At the main horizon over the whole: models tested, those that cannot be told from the best, the set's level. */
  readonly set: {readonly tested: number; readonly inside: number; readonly level: number};
  /** Is any other model better than the champion? At the main horizon over the whole; absent where nothing is tested. */
  readonly superior: SuperiorAbilityRow | undefined;
  /** The same p of every model, by its name. */
  readonly spa: Readonly<Record<string, number>>;
  readonly gates: RecordRun["gates"];
  readonly search: Search;
  /** The simulated market alone has rows. */
  readonly oracle: readonly OracleRow[];
  readonly live: LiveRecord;
}

/** The page's first view beside the leaderboard of the summary, from the lake's tables alone. */
export function summarizeRecord(tables: RecordTables, run: RecordRun): RecordSummary {
  const all = tableRows(tables.leaderboard) as unknown as LeaderboardRow[];
  const isMain = (row: {readonly horizon: number; readonly period: string}): boolean =>
    row.horizon === MAIN_HORIZON && row.period === ALL;
  const tests = (tableRows(tables.superior_ability) as unknown as SuperiorAbilityRow[]).filter(isMain);
  const tested = all.filter((row) => isMain(row) && Number.isFinite(row.mcs_p));
  const set = {
    tested: tested.length,
    inside: tested.filter(({mcs_p}) => mcs_p >= run.confidenceSetP).length,
    level: 1 - run.confidenceSetP,
  };
  const superior = tests.find(({benchmark}) => benchmark === run.champion);
  return {
    sentences: [setSentence(set), superiorSentence(superior)].filter((text) => text !== ""),
    champion: run.champion,
    reference: REFERENCE,
    baseline: BASELINE,
    seed: run.seed,
    trainFrom: run.trainFrom,
    confidenceSetP: run.confidenceSetP,
    horizons: run.horizons,
    referencePeriod: run.referencePeriod,
    periods: [...new Set(all.map(({period}) => period))].sort(byKind(run.referencePeriod.name)),
    set,
    superior,
    spa: Object.fromEntries(tests.map(({benchmark, p_consistent}) => [benchmark, p_consistent])),
    gates: run.gates,
    search: searchOf(all, tables.trials, run),
    oracle: (tableRows(tables.oracle) as unknown as OracleRow[]).filter(({period}) => period === ALL),
    live: liveRecord(tables.live_ledger),
  };
}

function setSentence({tested, inside}: RecordSummary["set"]): string {
  if (tested === 0) return "";
  return inside === 1
    ? "One of {{record.set.tested|count}} models is alone in the {{record.set.level|wholePercent}} confidence set of the best."
    : "{{record.set.inside|count}} of {{record.set.tested|count}} models cannot be told from the best ({{record.set.level|wholePercent}} confidence set).";
}

function superiorSentence(row: SuperiorAbilityRow | undefined): string {
  if (!row || !Number.isFinite(row.p_consistent)) return "";
  const p = "superior predictive ability, p = {{record.superior.p_consistent|twoDecimals}}";
  return row.p_consistent < BEYOND_CHANCE
    ? `Some other model is better beyond chance, the search among all {{record.superior.rivals|count}} allowed for (${p}).`
    : `None of the other {{record.superior.rivals|count}} is better beyond chance (${p}).`;
}

function searchOf(rows: readonly LeaderboardRow[], trials: Table, run: RecordRun): Search {
  const {name} = run.referencePeriod;
  const own = rows
    .filter(({horizon, period}) => horizon === MAIN_HORIZON && period === name)
    .sort((a, b) => a.qlike - b.qlike);
  const find = (wanted: string): ScoredName | undefined =>
    scoredName(own.find(({model}) => model === wanted));
  const tried = (tableRows(trials) as unknown as {name: string; horizon: number; qlike: number}[])
    .filter(({horizon}) => horizon === MAIN_HORIZON)
    .sort((a, b) => a.qlike - b.qlike)
    .map(({name: model, qlike}) => ({model, qlike}));
  return {
    ...run.trials,
    period: name,
    n: own[0]?.n ?? 0,
    champion: find(run.champion),
    byPastLosses: find(BY_PAST_LOSSES),
    menu: run.combinations.find((own) => own.name === BY_PAST_LOSSES)?.members.length ?? 0,
    lowest: scoredName(own[0]),
    lowestTrial: tried[0],
  };
}

function scoredName(row: ScoredName | undefined): ScoredName | undefined {
  return row && {model: row.model, qlike: row.qlike};
}

// The whole, the published comparison's span, the regimes as they are named, the years.
function byKind(reference: string): (a: string, b: string) => number {
  const regimes = ["vix_low", "vix_middle", "vix_high", "stress"];
  const kind = (period: string): number => {
    if (period === ALL) return 0;
    if (period === reference) return 1;
    return regimes.includes(period) ? 2 + regimes.indexOf(period) : 9;
  };
  return (a, b) => kind(a) - kind(b) || a.localeCompare(b);
}
