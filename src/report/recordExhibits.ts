// Which figures and tables do the pages on the record show first, and which query over the lake gives each?

import type {CoverageSummary} from "./coverageSummary.ts";
import type {Facts} from "./factSources.ts";
import type {Exhibit} from "./receipts.ts";
import * as queries from "./recordQueries.ts";
import type {RecordSummary} from "./recordSummary.ts";
import type {RobustnessSummary} from "./robustnessSummary.ts";

const HORIZON = 5;
const ALL = "all";
const WINDOW = 250; // sessions of the rolling loss
const COVERED_WINDOW = 252;
/** Sums over thousands of days are compared to this many decimals. */
const DECIMALS = 9;

type Rest = Omit<Exhibit, "id" | "kind" | "page">;

/** Exhibits of Track record, Break it, Coverage and Robustness; none where the facts lack a page's. */
export function recordExhibits(facts: Facts): readonly Exhibit[] {
  const {record, coverage, robustness} = facts as {
    readonly record?: RecordSummary;
    readonly coverage?: CoverageSummary;
    readonly robustness?: RobustnessSummary;
  };
  return [
    ...(record ? [...trackRecord(record), ...breakIt(record)] : []),
    ...(coverage ? coverageOf(coverage) : []),
    ...(robustness ? robustnessOf(robustness) : []),
  ];
}

function trackRecord({champion, reference, periods}: RecordSummary): Exhibit[] {
  const main = {horizon: HORIZON, period: ALL};
  const board = {datasets: ["leaderboard", "superior_ability"], sql: queries.leaderboardQuery(main)};
  const pairs = {datasets: ["model_tests"], sql: queries.modelTestsQuery(main)};
  const paths = {datasets: ["walkforward_daily", "labels_daily", "leaderboard"]};
  const byPeriod = (kind: RegExp): Rest => ({
    title: "Gains by period",
    datasets: ["leaderboard"],
    sql: queries.gainsByPeriodQuery({horizon: HORIZON, periods: periods.filter((name) => kind.test(name))}),
  });
  const {figure, table} = exhibitsOf("walk-forward");
  return [
    table("record/leaderboard", {...board, title: "The leaderboard"}),
    figure("record/gains", {...board, title: "How much less each model loses"}),
    figure("record/pairs", {...pairs, title: "Model against model"}),
    table("record/comparisons", {...pairs, title: "Every comparison of one model"}),
    figure("record/cumulative-loss", {
      ...paths,
      title: "Cumulative loss",
      sql: rounded(queries.cumulativeLossQuery({horizon: HORIZON, reference})),
    }),
    figure("record/rolling-loss", {
      ...paths,
      title: `Mean loss of the last ${WINDOW} forecasts`,
      sql: rounded(queries.rollingLossQuery({horizon: HORIZON, window: WINDOW})),
    }),
    figure("record/fluctuation", {
      title: "Fluctuation test",
      datasets: ["fluctuation"],
      sql: queries.fluctuationQuery({horizon: HORIZON}),
    }),
    figure("record/by-year", {...byPeriod(/^\d{4}$/), title: "Gains year by year"}),
    figure("record/by-regime", {...byPeriod(/^(vix_|stress)/), title: "Gains by what was known of the VIX"}),
    figure("record/reliability", {
      title: "Groups of forecasts and what came",
      datasets: ["reliability"],
      sql: queries.reliabilityQuery({...main, model: champion}),
    }),
    table("record/calibration", {
      title: "Mincer-Zarnowitz regressions",
      datasets: ["calibration"],
      sql: queries.calibrationQuery({...main, scale: "variance"}),
    }),
    table("record/search", {
      title: "The search behind the record",
      fact: "record.search",
      datasets: ["leaderboard", "trials"],
    }),
    table("record/gates", {
      title: "Acceptance rules at each horizon",
      fact: "record.gates",
      datasets: ["leaderboard"],
      by: "src/evaluation/gates.ts, evaluateGates",
    }),
    table("record/live", {
      title: "Forecasts recorded before their outcome",
      fact: "record.live",
      datasets: ["live_ledger"],
      by: "src/report/liveRecord.ts, liveRecord",
      sql: "SELECT * FROM live_ledger ORDER BY made_at, date, horizon",
    }),
    table("record/oracle", {
      title: "Against the truth",
      datasets: ["oracle"],
      sql: queries.oracleQuery({horizon: HORIZON}),
    }),
  ];
}

// The page computes them; with the published choices they are the leaderboard's lines, which is what is hashed.
function breakIt({champion, baseline}: RecordSummary): Exhibit[] {
  const {figure, table} = exhibitsOf("break-it");
  const computed = {
    datasets: ["walkforward_daily", "labels_daily", "features_daily", "leaderboard", "superior_ability"],
    by: "src/report/breakIt.ts, breakIt, in the page",
    sql: queries.leaderboardQuery({horizon: HORIZON, period: ALL}),
  };
  return [
    table("break-it/leaderboard", {...computed, title: `The leaderboard under the reader's choices`}),
    figure("break-it/gains", {...computed, title: `Gains on ${baseline} or another model, as chosen`}),
    table("break-it/refitted", {
      title: "Models fitted under other choices",
      datasets: ["multiverse"],
      sql: queries.specificationQuery({model: champion, reference: baseline}),
    }),
  ];
}

function coverageOf({champion, method, level}: CoverageSummary): Exhibit[] {
  const {figure, table} = exhibitsOf("coverage");
  const of = (periods: string): Rest => ({
    title: "Coverage",
    datasets: ["coverage"],
    sql: `SELECT period, method, level, n, covered, rate, below, mean_width, interval_score_pct, worst_rate, worst_end
FROM coverage
WHERE horizon = ${HORIZON} AND model = '${champion}' AND ${periods}
ORDER BY period, method, level`,
  });
  return [
    figure("coverage/width", {...of("period = 'all'"), title: "How often, and how wide"}),
    table("coverage/table", {...of("period = 'all'"), title: "Coverage by method and level"}),
    figure("coverage/path", {
      title: "The share inside over the sessions before each day",
      datasets: ["intervals_daily", "labels_daily"],
      sql: queries.coveragePathQuery({horizon: HORIZON, method, level, window: COVERED_WINDOW}),
    }),
    figure("coverage/by-regime", {
      ...of("(period LIKE 'vix_%' OR period = 'stress')"),
      title: "By what was known of the VIX",
    }),
    figure("coverage/by-year", {
      ...of("regexp_full_match(period, '[0-9]{4}')"),
      title: "Coverage year by year",
    }),
  ];
}

function robustnessOf({models, champion, reference}: RobustnessSummary): Exhibit[] {
  const {figure, table} = exhibitsOf("robustness");
  return [
    figure("robustness/specification", {
      title: "Every cell of the multiverse",
      datasets: ["multiverse"],
      sql: queries.specificationQuery({model: models[0] ?? champion, reference}),
    }),
    table("robustness/claims", {
      title: "Claims and the cells in which they hold",
      datasets: ["multiverse_claims"],
      sql: queries.claimsQuery(),
    }),
    figure("robustness/effects", {
      title: "What each other option does to the loss",
      fact: "robustness.effects",
      datasets: ["multiverse"],
      by: "src/evaluation/choiceEffects.ts, choiceEffects",
    }),
    table("robustness/targets", {
      title: "On other symbols",
      datasets: ["targets"],
      sql: queries.targetsQuery({horizon: HORIZON}),
    }),
    table("robustness/trials", {
      title: "Every configuration scored in this lake",
      datasets: ["trials"],
      sql: queries.trialsQuery({horizon: HORIZON}),
    }),
    table("robustness/searches", {
      title: "Searches made before",
      fact: "robustness.searches",
      datasets: [],
      by: "docs/trials.csv",
    }),
  ];
}

function exhibitsOf(page: string) {
  return {
    figure: (id: string, rest: Rest): Exhibit => ({id, kind: "figure", page, ...rest}),
    table: (id: string, rest: Rest): Exhibit => ({id, kind: "table", page, ...rest}),
  };
}

function rounded(sql: string): string {
  const [start, rows] = [
    sql.slice(0, sql.lastIndexOf("\nSELECT date")),
    sql.slice(sql.lastIndexOf("\nSELECT date")),
  ];
  return `${start}\nSELECT date, model, round(value, ${DECIMALS}) AS value FROM (${rows.trim()})\nORDER BY date, model`;
}
