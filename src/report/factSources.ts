// Where does a published number come from? For each path of the facts: the datasets, the function, and the same in SQL.

import {NEW_FIT} from "../explain/bridge.ts";
import {isoDate, SESSIONS_PER_YEAR, sessionDate} from "../units.ts";
import {BASE} from "./attribution.ts";
import type {FactSource, Facts, SourceRule} from "./factShape.ts";
import {RECORD_RULES} from "./recordSources.ts";

export type {FactSource, Facts, SourceRule} from "./factShape.ts";

const SUMMARY = "src/report/summary.ts, summarizeReport";

const HORIZON_FACTS: Readonly<Record<string, (horizon: number, date: string) => [string, string]>> = {
  volatility: (h, date) => [
    `forecast volatility of ${sessions(h)}, a fraction`,
    `SELECT rv_${h}d_hat FROM predictions_daily WHERE date = ${date}`,
  ],
  annualized: (h, date) => [
    `forecast volatility of ${sessions(h)}, a year`,
    `SELECT rv_${h}d_hat * sqrt(${SESSIONS_PER_YEAR}.0 / ${h}) FROM predictions_daily WHERE date = ${date}`,
  ],
  previous: (h, date) => [
    `forecast volatility of ${sessions(h)}, of the session before`,
    `SELECT rv_${h}d_hat FROM predictions_daily WHERE date < ${date} ORDER BY date DESC LIMIT 1`,
  ],
  previousAnnualized: (h, date) => [
    `forecast volatility of ${sessions(h)}, of the session before, a year`,
    `SELECT rv_${h}d_hat * sqrt(${SESSIONS_PER_YEAR}.0 / ${h}) FROM predictions_daily WHERE date < ${date} ORDER BY date DESC LIMIT 1`,
  ],
  change: (h, date) => [
    `change of the forecast of ${sessions(h)} since the session before, a fraction`,
    `SELECT rv_${h}d_hat / lag(rv_${h}d_hat) OVER (ORDER BY date) - 1 FROM predictions_daily QUALIFY date = ${date}`,
  ],
  percentile: (h, date) => [
    `share of earlier forecasts of ${sessions(h)} at or below this one, in %`,
    `SELECT 100.0 * count(*) FILTER (WHERE p.rv_${h}d_hat <= now.rv) / count(*) FROM predictions_daily p, (SELECT rv_${h}d_hat AS rv FROM predictions_daily WHERE date = ${date}) now WHERE p.date < ${date} AND p.rv_${h}d_hat > 0`,
  ],
  earlierForecasts: (h, date) => [
    `earlier forecasts of ${sessions(h)}`,
    `SELECT count(*) FROM predictions_daily WHERE date < ${date} AND rv_${h}d_hat > 0`,
  ],
};

const INTERVAL_ENDS: Readonly<Record<string, string>> = {
  coverage: "level",
  low: "lo",
  high: "hi",
  lowAnnualized: `lo * sqrt(${SESSIONS_PER_YEAR}.0 / horizon)`,
  highAnnualized: `hi * sqrt(${SESSIONS_PER_YEAR}.0 / horizon)`,
};

const RULES: readonly SourceRule[] = [
  {
    path: /^forecasts\.(\d)\.(\w+)$/,
    source: ([, at, name], facts) => {
      const say = HORIZON_FACTS[name!];
      const [title, sql] = say?.(facts.forecasts[Number(at)]!.horizon, day(facts.asOf)) ?? [name!];
      return {title, datasets: ["predictions_daily"], by: SUMMARY, ...(sql ? {sql} : {})};
    },
  },
  {
    path: /^interval\.(coverage|low|high|lowAnnualized|highAnnualized)$/,
    source: ([, name], {asOf}) => {
      const column = {
        coverage: "interval_coverage",
        low: "rv_5d_lo",
        high: "rv_5d_hi",
        lowAnnualized: `rv_5d_lo * sqrt(${SESSIONS_PER_YEAR}.0 / 5)`,
        highAnnualized: `rv_5d_hi * sqrt(${SESSIONS_PER_YEAR}.0 / 5)`,
      }[name!];
      return {
        title: `${name === "coverage" ? "promised coverage" : "end"} of the interval of the five-session forecast`,
        datasets: ["predictions_daily"],
        by: SUMMARY,
        sql: `SELECT ${column} FROM predictions_daily WHERE date = ${day(asOf)}`,
      };
    },
  },
  {
    path: /^interval\.(known|contained)$/,
    source: ([, name], {asOf}) => ({
      title:
        name === "known"
          ? "past intervals whose outcome is known"
          : "past intervals that contained their outcome",
      datasets: ["predictions_daily", "labels_daily"],
      by: SUMMARY,
      sql: `SELECT count(*) FROM predictions_daily p JOIN labels_daily y USING (date) WHERE p.date <= ${day(asOf)} AND y.rv_5d IS NOT NULL AND p.rv_5d_lo <= p.rv_5d_hi${name === "known" ? "" : " AND y.rv_5d BETWEEN p.rv_5d_lo AND p.rv_5d_hi"}`,
    }),
  },
  {
    path: /^intervals\.(\d+)\.(\w+)$/,
    source: ([, at, name], {asOf, intervals, intervalMethod}) => {
      const {horizon, coverage} = intervals[Number(at)]!;
      return {
        title: `${name} of the ${100 * coverage} % interval of ${sessions(horizon)}`,
        datasets: ["intervals_daily"],
        by: SUMMARY,
        sql: `SELECT ${INTERVAL_ENDS[name!] ?? name} FROM intervals_daily WHERE date = ${day(asOf)} AND horizon = ${horizon} AND method = '${intervalMethod}' AND level = ${coverage}`,
      };
    },
  },
  {
    path: /^implied\.(vix|volatility|ratio)$/,
    source: ([, name], {asOf}) => {
      const overFive = `vix / 100 * sqrt(5.0 / ${SESSIONS_PER_YEAR})`;
      const column = {vix: "vix", volatility: overFive, ratio: `${overFive} / rv_5d_hat`}[name!];
      return {
        title: {
          vix: "close of the VIX",
          volatility: "the VIX over five sessions",
          ratio: "the same over the forecast",
        }[name!]!,
        datasets: ["features_daily", ...(name === "ratio" ? ["predictions_daily"] : [])],
        by: SUMMARY,
        sql: `SELECT ${column} FROM features_daily${name === "ratio" ? " JOIN predictions_daily USING (date)" : ""} WHERE date <= ${day(asOf)} ORDER BY date DESC LIMIT 1`,
      };
    },
  },
  {
    path: /^drivers\.(base|volatility)$/,
    source: ([, name], {drivers}) => ({
      title:
        name === "base" ? "the model's average forecast" : "the forecast that the contributions multiply to",
      datasets: ["shap_daily"],
      by: SUMMARY,
      sql: `SELECT exp(sum(shap)) FROM shap_daily WHERE horizon = 5 AND date = ${day(drivers.date)}${name === "base" ? ` AND feature = '${BASE}'` : ""}`,
    }),
  },
  {
    path: /^drivers\.contributions\.(\d+)\.(effect|shap|value)$/,
    source: ([, at, name], {drivers}) => {
      const {feature, words} = drivers.contributions[Number(at)]!;
      return {
        title: `${name} of ${words} on the forecast`,
        datasets: ["shap_daily"],
        by: SUMMARY,
        sql: `SELECT ${name === "effect" ? "exp(shap) - 1" : name} FROM shap_daily WHERE horizon = 5 AND date = ${day(drivers.date)} AND feature = '${feature}'`,
      };
    },
  },
  {
    path: /^drivers\.steps\.(\d+)\.(effect|shap|points)$/,
    source: ([, at, name], {drivers}) => {
      const {feature, words} = drivers.steps[Number(at)]!;
      return {
        title: `${name} of ${words} in the change since the session before`,
        datasets: ["shap_daily", "shap_restated"],
        by: `${SUMMARY}; src/explain/bridge.ts, bridgeForecast`,
        ...(name === "points" || feature === NEW_FIT
          ? {}
          : {sql: stepSql(feature, {name: name!, before: drivers.previousDate, after: drivers.date})}),
      };
    },
  },
  {
    path: /^explanation\.sessions$/,
    source: () => ({
      title: "explained forecasts of five sessions",
      datasets: ["shap_daily"],
      by: SUMMARY,
      sql: "SELECT count(DISTINCT date) FROM shap_daily WHERE horizon = 5",
    }),
  },
  {
    path: /^explanation\.importance\.(\d+)\.(effect|meanAbsolute)$/,
    source: ([, at, name], {explanation}) => {
      const {feature, words} = explanation.importance[Number(at)]!;
      const mean = "sum(abs(shap)) / (SELECT count(DISTINCT date) FROM shap_daily WHERE horizon = 5)";
      return {
        title: `mean effect of ${words}, up or down`,
        datasets: ["shap_daily"],
        by: SUMMARY,
        sql: `SELECT ${name === "effect" ? `exp(${mean}) - 1` : mean} FROM shap_daily WHERE horizon = 5 AND feature = '${feature}'`,
      };
    },
  },
  rule(/^(history|forecastCount|firstForecast)\b/, {
    title: "forecasts and outcomes of the last 260 sessions",
    datasets: ["predictions_daily", "labels_daily"],
  }),
  rule(/^intervals\b/, {title: "intervals of the latest forecasts", datasets: ["intervals_daily"]}),
  rule(/^drivers\b/, {title: "what moved the forecast", datasets: ["shap_daily", "shap_restated"]}),
  rule(/^explanation\b/, {title: "importance of features", datasets: ["shap_daily"]}),
  {
    path: /^trackRecord\.(used|best)\.(\w+)$/,
    source: ([, which, name], {trackRecord, champion}) => {
      const model = which === "used" ? champion : trackRecord.best!.model;
      return {
        title: `${name} of ${model}, five sessions, all forecasts`,
        datasets: ["leaderboard"],
        by: "src/evaluation/scorecard.ts, scorecard",
        sql: `SELECT ${name} FROM leaderboard WHERE horizon = 5 AND period = 'all' AND model = '${model}'`,
      };
    },
  },
  rule(/^record\b/, {
    title: "the record of all models",
    datasets: ["leaderboard", "superior_ability", "trials", "oracle", "live_ledger"],
    by: "src/report/recordSummary.ts, summarizeRecord",
  }),
  rule(/^coverage\b/, {
    title: "how often intervals held the outcome",
    datasets: ["coverage"],
    by: "src/report/coverageSummary.ts, summarizeCoverage",
  }),
  rule(/^robustness\b/, {
    title: "what holds under other choices",
    datasets: ["multiverse", "multiverse_claims", "trials", "targets"],
    by: "src/report/robustnessSummary.ts, summarizeRobustness",
  }),
  rule(/^market\b/, {
    title: "the market's data",
    datasets: ["raw.market", "curated.market_daily", "quarantine", "features_daily", "predictions_daily"],
    by: "pipeline/marketView.ts, marketFacts",
  }),
  rule(/^certificate\b/, {
    title: "what was tried on changed futures",
    datasets: ["certificate"],
    by: "src/report/certificateSummary.ts, summarizeCertificate",
  }),
  rule(/^models\b/, {
    title: "the models' cards",
    datasets: ["leaderboard", "walkforward_daily"],
    by: "src/report/modelCards.ts, modelCards",
  }),
  rule(/^notebooks\b/, {title: "notebooks", datasets: [], by: "pipeline/notebooksView.ts, notebooksView"}),
  rule(/^trackRecord\b/, {title: "the leaderboard at five sessions", datasets: ["leaderboard"]}),
  rule(/^gates\b/, {
    title: "the champion's gates",
    datasets: ["leaderboard"],
    by: "src/evaluation/gates.ts, evaluateGates",
  }),
  rule(/./, {
    title: "a fact of the summary",
    datasets: ["predictions_daily", "labels_daily", "features_daily", "shap_daily", "leaderboard"],
  }),
];

/** Where a fact comes from, by its path. */
export function factSource(path: string, facts: Facts, others: readonly SourceRule[] = []): FactSource {
  for (const {path: pattern, source} of [...others, ...RECORD_RULES, ...RULES]) {
    const match = pattern.exec(path);
    if (match) return source(match, facts);
  }
  throw new RangeError(`Cannot say where ${path} comes from: give it a rule in src/report/factSources.ts`);
}

/** A rule whose source is the same for every path that matches. */
export function rule(
  path: RegExp,
  {title, datasets, by = SUMMARY}: Omit<FactSource, "by" | "sql"> & {readonly by?: string},
): SourceRule {
  return {path, source: () => ({title, datasets, by})};
}

function sessions(horizon: number): string {
  return `${horizon} session${horizon === 1 ? "" : "s"}`;
}

function day(text: string): string {
  return `DATE '${isoDate(sessionDate(text))}'`;
}

// Across a refit the earlier session is the one restated by the new fit.
function stepSql(
  feature: string,
  {name, before, after}: {readonly name: string; readonly before: string; readonly after: string},
): string {
  const restated = `SELECT shap FROM shap_restated WHERE horizon = 5 AND date = ${day(before)} AND feature = '${feature}'`;
  const part = (date: string): string =>
    `SELECT shap FROM shap_daily WHERE horizon = 5 AND date = ${day(date)} AND feature = '${feature}'`;
  const difference = `coalesce((${part(after)}), 0) - coalesce((${restated}), (${part(before)}), 0)`;
  return `SELECT ${name === "effect" ? `exp(${difference}) - 1` : difference}`;
}
