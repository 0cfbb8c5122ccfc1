// Which figures and tables do the pages show, and of which facts or rows is each?

import type {Facts} from "./factSources.ts";
import type {Exhibit} from "./receipts.ts";
import {recordExhibits} from "./recordExhibits.ts";

/** Figures and tables of every page in their first view. Ids are what `figure()` and `withReceipt()` are given. */
export function exhibits(facts: Facts): readonly Exhibit[] {
  return [
    ...todayExhibits,
    ...whyExhibits(facts),
    ...recordExhibits(facts),
    ...whatIfExhibits,
    ...certificateExhibits,
    ...dataExhibits,
    table("models/served", {title: "Published models", fact: "models.served", page: "models"}),
    ...cardsOf(facts),
  ];
}

const todayExhibits: readonly Exhibit[] = [
  figure("today/intervals", {title: "Where the outcome is expected, for each horizon", fact: "intervals"}),
  figure("today/bridge", {
    title: "From the forecast of the session before to this one",
    fact: "drivers.steps",
  }),
  figure("today/drivers", {
    title: "What sets the forecast apart from the average",
    fact: "drivers.contributions",
  }),
  figure("today/history", {title: "What was forecast, and what came", fact: "history"}),
  table("today/gates", {title: "Acceptance rules", fact: "gates"}),
];

function whyExhibits({drivers}: Facts): readonly Exhibit[] {
  const shap = {datasets: ["shap_daily"], page: "explanation"};
  return [
    figure("why/waterfall", {title: "One forecast, taken apart", fact: "drivers", page: "explanation"}),
    figure("why/importance", {
      title: "Which features matter over all",
      fact: "explanation.importance",
      page: "explanation",
    }),
    figure("why/importance-by-year", {
      title: "Which mattered when",
      fact: "explanation.importanceByYear",
      page: "explanation",
    }),
    figure("why/beeswarm", {
      ...shap,
      title: "Every forecast, feature by feature",
      sql: `SELECT date, feature, value, shap FROM shap_daily WHERE horizon = 5 AND date <= DATE '${drivers.date || "1970-01-01"}' ORDER BY date, feature`,
    }),
    figure("why/dependence", {
      ...shap,
      title: "How one feature acts, and with which other",
      sql: `SELECT date, feature, value, shap FROM shap_daily WHERE horizon = 5 AND date <= DATE '${drivers.date || "1970-01-01"}' ORDER BY date, feature`,
    }),
    figure("why/anatomy", {
      title: "Which groups of features earned the gain",
      datasets: ["loss_anatomy"],
      page: "explanation",
      sql: 'SELECT "group", value, n, qlike_base, qlike_full FROM loss_anatomy WHERE horizon = 5 AND period = \'all\' ORDER BY value DESC, "group"',
    }),
  ];
}

// Computed in the page from what the reader sets; what is hashed are the sessions to start from.
const whatIfExhibits: readonly Exhibit[] = [
  ["table", "what-if/answer", "The answer to what was set"],
  ["figure", "what-if/change", "What the changes do"],
  ["figure", "what-if/drivers", "What sets the answer apart from the average"],
].map(([kind, id, title]) => ({
  id: id!,
  kind: kind as Exhibit["kind"],
  title: title!,
  page: "what-if",
  fact: "whatIf",
  datasets: ["fits", "curated.market_daily", "features_daily", "predictions_daily"],
  by: "src/server/pagePredictor.ts, createPagePredictor, in the page",
}));

const certificateExhibits: readonly Exhibit[] = [
  table("no-look-ahead/kinds", {
    title: "What was tried, by kind",
    fact: "certificate.kinds",
    page: "no-look-ahead",
    sql: "SELECT kind, count(*) AS subjects, sum(passed) AS passed, sum(changes) AS changes, sum(cells) AS cells, sum(moved) AS moved, sum(violations) AS violations FROM certificate GROUP BY kind ORDER BY kind",
  }),
  table("no-look-ahead/subjects", {
    title: "Every subject",
    fact: "certificate.rows",
    page: "no-look-ahead",
    sql: "SELECT * FROM certificate ORDER BY kind, name, horizon",
  }),
];

const dataExhibits: readonly Exhibit[] = [
  table("data/series", {
    title: "Sessions and gaps",
    fact: "market.series",
    page: "data",
    sql: "SELECT symbol, count(*) AS bars, min(date) AS first, max(date) AS last FROM curated.market_daily GROUP BY symbol ORDER BY symbol",
  }),
  table("data/quarantine", {
    title: "Refused bars",
    fact: "market.refused",
    page: "data",
    sql: "SELECT * FROM quarantine ORDER BY date DESC, symbol",
  }),
  table("data/vintages", {title: "Vintages of the bars", fact: "market.vintages", page: "data"}),
  table("data/revisions", {title: "Values that the vendor revised", fact: "market.revisions", page: "data"}),
  table("data/features", {title: "How much of each feature is known", fact: "market.features", page: "data"}),
  table("data/asked", {
    title: "The answer to a query of the published files",
    page: "data",
    datasets: ["leaderboard", "predictions_daily", "labels_daily", "walkforward_daily"],
    by: "DuckDB, in the page; published is the answer to the first example",
    sql: "SELECT model, n, qlike, rmse_pct, dm_t_har_vix, mcs_p FROM leaderboard WHERE horizon = 5 AND period = 'all' ORDER BY qlike",
  }),
];

function cardsOf({models}: Facts): Exhibit[] {
  const {cards = []} = (models ?? {}) as {cards?: readonly {readonly name: string}[]};
  return cards.map(({name}, i) =>
    table(`models/${name}`, {
      title: `Figures of ${name}`,
      fact: `models.cards.${i}`,
      page: "models",
      sql: `SELECT horizon, n, n_effective, qlike, rmse_pct, gain_qlike_rv20, dm_t_har_vix, bias, mcs_p FROM leaderboard WHERE model = '${name}' AND period = 'all' ORDER BY horizon`,
    }),
  );
}

type Rest = Omit<Exhibit, "id" | "kind" | "page"> & {readonly page?: string};

function figure(id: string, {page = "index", ...rest}: Rest): Exhibit {
  return {id, kind: "figure", page, ...rest};
}

function table(id: string, {page = "index", ...rest}: Rest): Exhibit {
  return {id, kind: "table", page, ...rest};
}
