// Which datasets does the lake have? The one schema: validation, types and the documentation's tables follow from it.
import {catalogue} from "../features/catalogue.ts";
import type {Feature} from "../features/feature.ts";
import {date, double, horizon, model} from "./columns.ts";
import type {Column, Contract} from "./contract.ts";
import {evaluationDatasets} from "./evaluationDatasets.ts";

const symbol: Column = {
  name: "symbol",
  type: "VARCHAR",
  description: "the vendor's name, such as SPY or ^VIX",
};
const intervalMethod: Column = {
  name: "method",
  type: "VARCHAR",
  description: "split, rolling or adaptive; docs/intervals.md",
};
const level: Column = {
  name: "level",
  type: "DOUBLE",
  minimum: 0,
  maximum: 1,
  description: "the promised coverage",
};
const trainedThrough: Column = {
  name: "trained_through",
  type: "DATE",
  description: "session of the last return that entered the model's training labels; never after `date`",
};

const positive = {minimum: Number.MIN_VALUE};

const prices: readonly Column[] = [
  double("open", "first price of the session"),
  double("high", "highest price"),
  double("low", "lowest price"),
  double("close", "last price", {nullable: false}),
  double("adj_close", "close adjusted for splits and dividends", {nullable: false}),
  {name: "volume", type: "BIGINT", minimum: 0, nullable: true, description: "shares traded; 0 for an index"},
];

function featureColumn({name, unit, optional}: Feature): Column {
  return double(name, `${unit}; docs/features.md`, optional ? {optional: true} : {});
}

export const datasets: readonly Contract[] = [
  {
    dataset: "raw.market",
    schemaVersion: 1,
    description: "Daily bars as the vendor gave them, every vintage of each",
    partition: "date",
    mode: "append",
    key: ["symbol", "date"],
    unrevised: ["ingested_at"],
    columns: [
      symbol,
      date,
      ...prices,
      {name: "source", type: "VARCHAR", description: "yahoo, csv or sample"},
      {name: "ingested_at", type: "TIMESTAMP", description: "NOW of the run that first saw the value (UTC)"},
      {name: "schema_version", type: "INTEGER", minimum: 1, description: "version of this contract"},
    ],
  },
  {
    dataset: "curated.market_daily",
    schemaVersion: 1,
    description: "Checked bars with returns",
    partition: "date",
    mode: "append",
    key: ["symbol", "date"],
    columns: [
      symbol,
      date,
      ...prices,
      double("ret", "simple return of adj_close on the symbol's previous bar, a fraction"),
      double("log_ret", "ln(1 + ret)"),
    ],
  },
  {
    dataset: "quarantine",
    schemaVersion: 1,
    description: "Bars that were refused, with the reason",
    partition: "commit",
    mode: "append",
    key: ["symbol", "date", "reason", "open", "high", "low", "close", "adj_close", "volume"],
    columns: [
      symbol,
      {...date, description: "the bar's date as given; NULL where it is not a day", nullable: true},
      ...prices.map((column) => ({...column, type: "DOUBLE" as const, nullable: true, minimum: -Infinity})),
      {name: "reason", type: "VARCHAR", description: "what is impossible about the bar"},
    ],
  },
  {
    dataset: "features_daily",
    schemaVersion: 1,
    description: "What was known at the close of each session",
    partition: "date",
    mode: "append",
    key: ["date"],
    columns: [date, ...catalogue.map(featureColumn)],
  },
  {
    dataset: "labels_daily",
    schemaVersion: 1,
    description: "Realized volatility of the sessions after each session",
    partition: "date",
    mode: "append",
    key: ["date"],
    columns: [
      date,
      ...[1, 5, 22].map((h) =>
        double(`rv_${h}d`, `square root of the sum of the next ${h} squared log returns; not annualised`, {
          minimum: 0,
        }),
      ),
      ...[1, 5, 22].map((h) =>
        double(`range_rv_${h}d`, `the same by ranges: Garman-Klass plus the squared overnight return`, {
          minimum: 0,
        }),
      ),
    ],
  },
  {
    dataset: "predictions_daily",
    schemaVersion: 1,
    description: "The champion's forecasts, each by a model trained before it",
    partition: "date",
    mode: "append",
    key: ["date"],
    unrevised: ["kind"],
    columns: [
      date,
      double("rv_5d_hat", "forecast of rv_5d", {...positive, nullable: false}),
      {
        name: "top_drivers",
        type: "VARCHAR[]",
        description: "three features with the largest |SHAP| at 5 sessions",
      },
      double("rv_1d_hat", "forecast of rv_1d", positive),
      double("rv_22d_hat", "forecast of rv_22d", positive),
      double(
        "rv_5d_lo",
        "lower end of the interval of rv_5d; NULL before enough outcomes are known",
        positive,
      ),
      double("rv_5d_hi", "upper end of that interval", positive),
      double("rv_1d_lo", "lower end of the interval of rv_1d", {minimum: 0}),
      double("rv_1d_hi", "upper end of that interval", positive),
      double("rv_22d_lo", "lower end of the interval of rv_22d", {minimum: 0}),
      double("rv_22d_hi", "upper end of that interval", positive),
      double("interval_coverage", "share of outcomes that these intervals are to cover", {
        minimum: 0,
        maximum: 1,
      }),
      {
        name: "model_version",
        type: "VARCHAR",
        description: "training span's end and hash of the 5-session fit",
      },
      trainedThrough,
      {
        name: "kind",
        type: "VARCHAR",
        description:
          "'live' where the forecast was first made for the lake's newest session, else 'walk-forward'",
      },
    ],
  },
  {
    dataset: "intervals_daily",
    schemaVersion: 1,
    description: "Conformal intervals of the champion's forecasts, each from outcomes known at its date",
    partition: "commit",
    mode: "append",
    key: ["date", "horizon", "method", "level"],
    columns: [
      date,
      horizon,
      intervalMethod,
      level,
      double("lo", "lower end, of realized volatility over the horizon; not annualised", {
        minimum: 0,
        nullable: false,
      }),
      double("hi", "upper end", {...positive, nullable: false}),
    ],
  },
  {
    dataset: "shap_daily",
    schemaVersion: 1,
    description: "Contributions to ln(forecast volatility); over a date and horizon they sum to it",
    partition: "date",
    mode: "append",
    key: ["date", "horizon", "feature"],
    columns: [
      date,
      horizon,
      {name: "feature", type: "VARCHAR", description: "name in docs/features.md; '(base)' is the base value"},
      double("value", "the feature's value; NULL for the base"),
      double("shap", "contribution to ln(rv_hat)", {nullable: false}),
    ],
  },
  {
    dataset: "walkforward_daily",
    schemaVersion: 1,
    description: "Every model's forecast of every session, each by a model trained before it",
    partition: "commit",
    mode: "append",
    key: ["date", "horizon", "model"],
    columns: [
      date,
      horizon,
      model,
      double("var_hat", "forecast variance over the horizon", {...positive, nullable: false}),
      double("rv_hat", "forecast volatility over the horizon", {...positive, nullable: false}),
      trainedThrough,
    ],
  },
  {
    dataset: "fits",
    schemaVersion: 1,
    description: "Every fitted model of the walk-forward, enough to make its forecasts again",
    partition: "commit",
    mode: "append",
    key: ["model", "horizon", "trained_through"],
    columns: [
      model,
      horizon,
      trainedThrough,
      {
        name: "training_hash",
        type: "VARCHAR",
        description: "SHA-256 of the training rows, the code and the options",
      },
      {name: "fit", type: "VARCHAR", description: "the fit as JSON"},
    ],
  },
  ...evaluationDatasets,
  {
    dataset: "coverage",
    schemaVersion: 1,
    description:
      "How often the intervals of the champion and of log_har_vix held the outcome, and how wide they were",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "model", "method", "level", "period"],
    columns: [
      horizon,
      model,
      intervalMethod,
      level,
      {
        name: "period",
        type: "VARCHAR",
        description: "all, the reference period's name, a calendar year, or a regime of docs/intervals.md",
      },
      {name: "n", type: "INTEGER", minimum: 1, description: "intervals with a known outcome"},
      {name: "covered", type: "INTEGER", minimum: 0, description: "of them, those that held it"},
      double("rate", "covered / n", {minimum: 0, maximum: 1}),
      double("below", "share of outcomes below the interval", {minimum: 0, maximum: 1}),
      double("mean_width", "mean of (hi - lo) / forecast", {minimum: 0}),
      double("interval_score_pct", "mean interval score of volatility in %; smaller is better", {minimum: 0}),
      double("worst_rate", "smallest rate of 63 consecutive sessions; only where the period is all", {
        minimum: 0,
        maximum: 1,
      }),
      {name: "worst_end", type: "DATE", nullable: true, description: "the last of those sessions"},
    ],
  },
  {
    dataset: "importance",
    schemaVersion: 1,
    description: "Mean absolute contribution of each feature, by year and over all",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "feature"],
    columns: [
      horizon,
      {name: "period", type: "VARCHAR", description: "all or a calendar year"},
      {name: "feature", type: "VARCHAR", description: "name in docs/features.md"},
      double("mean_abs_shap", "mean |contribution to ln(rv_hat)|", {minimum: 0}),
      {name: "n", type: "INTEGER", minimum: 1, description: "forecasts averaged"},
    ],
  },
  {
    dataset: "shap_restated",
    schemaVersion: 1,
    description:
      "The last session before each refit, explained by the new fit: it parts a change of the forecast into changed inputs and the new fit",
    partition: "commit",
    mode: "replace",
    key: ["date", "horizon", "feature"],
    columns: [
      {...date, description: "the session explained; its forecast was made by the fit before"},
      horizon,
      {name: "feature", type: "VARCHAR", description: "name in docs/features.md; '(base)' is the base value"},
      double("shap", "contribution to ln(rv_hat) under the new fit", {nullable: false}),
    ],
  },
  {
    dataset: "loss_anatomy",
    schemaVersion: 1,
    description:
      "Shapley values of the champion's out-of-sample QLIKE by what features look at; over a horizon and period they sum to qlike_base - qlike_full",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "group"],
    columns: [
      horizon,
      {name: "period", type: "VARCHAR", description: "all, the reference period's name, or a calendar year"},
      {name: "group", type: "VARCHAR", description: "what its features look at; docs/explanation.md"},
      double("value", "QLIKE that the group takes away; negative where it adds some", {nullable: false}),
      {name: "n", type: "INTEGER", minimum: 1, description: "sessions scored"},
      double("qlike_base", "mean QLIKE with every group switched off", {minimum: 0, nullable: false}),
      double("qlike_full", "mean QLIKE of the champion's forecasts", {minimum: 0, nullable: false}),
    ],
  },
];
