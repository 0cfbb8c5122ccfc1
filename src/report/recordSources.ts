// Where do the numbers of the record's pages come from? The same in SQL, over the lake.

import type {CoverageRow, CoverageSummary} from "./coverageSummary.ts";
import type {FactSource, Facts, SourceRule} from "./factShape.ts";
import type {MarketSummary} from "./marketSummary.ts";
import type {RecordSummary} from "./recordSummary.ts";
import type {RobustnessSummary} from "./robustnessSummary.ts";

const MAIN = "horizon = 5 AND period = 'all'";

interface PageFacts {
  readonly record: RecordSummary;
  readonly coverage?: CoverageSummary;
  readonly robustness: RobustnessSummary;
  readonly market: MarketSummary;
}

/** Rules for paths of record, coverage, robustness and market, before those that know only their datasets. */
export const RECORD_RULES: readonly SourceRule[] = [
  {
    path: /^record\.set\.(inside|tested|level)$/,
    source: ([, name], facts) => {
      const {confidenceSetP} = of(facts).record;
      const [title, column] = {
        inside: [
          "models that cannot be told from the best",
          `count(*) FILTER (WHERE mcs_p >= ${confidenceSetP})`,
        ],
        tested: ["models in the test", "count(*)"],
        level: ["level of the confidence set", `1 - ${confidenceSetP}`],
      }[name as "inside" | "tested" | "level"] as [string, string];
      return {
        title,
        datasets: ["leaderboard"],
        by: "src/evaluation/modelConfidenceSet.ts; src/report/recordSummary.ts, summarizeRecord",
        sql: `SELECT ${column} FROM leaderboard WHERE ${MAIN} AND mcs_p IS NOT NULL${name === "level" ? " LIMIT 1" : ""}`,
      };
    },
  },
  {
    path: /^record\.superior\.(\w+)$/,
    source: ([, name], facts) => ({
      title: `${name} of the test that no other model is better than ${of(facts).record.champion}`,
      datasets: ["superior_ability"],
      by: "src/evaluation/superiorAbility.ts",
      sql: `SELECT ${name} FROM superior_ability WHERE ${MAIN} AND benchmark = '${of(facts).record.champion}'`,
    }),
  },
  {
    path: /^coverage\.(served|worstYear)\.(\w+)$/,
    source: ([, which, name], facts) =>
      coverageSource(of(facts).coverage?.[which as "served" | "worstYear"], name!),
  },
  {
    path: /^robustness\.(robust|tested)$/,
    source: ([, name]) => ({
      title: name === "robust" ? "claims that hold in enough cells" : "claims tested",
      datasets: ["multiverse_claims"],
      by: "src/report/robustnessSummary.ts, summarizeRobustness",
      sql: `SELECT count(*) FROM multiverse_claims${name === "robust" ? " WHERE robust = 1" : ""}`,
    }),
  },
  {
    path: /^robustness\.claims\.(\d+)\.(\w+)$/,
    source: ([, at, name], facts) => {
      const {claim, model, words} = of(facts).robustness.claims[Number(at)]!;
      return {
        title: `${name} of the claim: ${words}`,
        datasets: ["multiverse_claims"],
        by: "src/evaluation/multiverseClaims.ts",
        sql: `SELECT ${name} FROM multiverse_claims WHERE claim = '${claim}' AND model = '${model}'`,
      };
    },
  },
  {
    path: /^market\.target\.bars$/,
    source: (_, facts) => {
      const {symbol, last} = of(facts).market.target;
      return {
        title: `sessions of ${symbol} with a bar`,
        datasets: ["curated.market_daily"],
        by: "pipeline/marketView.ts, marketFacts",
        sql: `SELECT count(*) FROM curated.market_daily WHERE symbol = '${symbol}' AND date <= DATE '${last}'`,
      };
    },
  },
  {
    path: /^market\.otherSeries$/,
    source: (_, facts) => ({
      title: "series beside the target",
      datasets: ["curated.market_daily"],
      by: "pipeline/marketView.ts, marketFacts",
      sql: `SELECT count(DISTINCT symbol) FROM curated.market_daily WHERE symbol <> '${of(facts).market.target.symbol}' AND date <= DATE '${of(facts).market.target.last}'`,
    }),
  },
  {
    path: /^market\.refusedCount$/,
    source: () => ({
      title: "bars that were refused",
      datasets: ["quarantine"],
      by: "pipeline/marketView.ts, marketFacts",
      sql: "SELECT count(*) FROM quarantine",
    }),
  },
];

function coverageSource(row: CoverageRow | undefined, name: string): FactSource {
  const column = name === "n_effective" ? "n * 1.0 / horizon" : name;
  return {
    title: row
      ? `${name} of the ${row.method} intervals of ${Math.round(100 * row.level)} % around ${row.model}, period ${row.period}`
      : name,
    datasets: ["coverage"],
    by: "src/evaluation/conformal; src/report/coverageSummary.ts, summarizeCoverage",
    ...(row
      ? {
          sql: `SELECT ${column} FROM coverage WHERE horizon = ${row.horizon} AND model = '${row.model}' AND method = '${row.method}' AND level = ${row.level} AND period = '${row.period}'`,
        }
      : {}),
  };
}

function of(facts: Facts): PageFacts {
  return facts as unknown as PageFacts;
}
