// What does the evaluation leave in the lake? Losses, tests, calibration; docs/evaluation.md defines each figure.
import {date, double, horizon, model} from "./columns.ts";
import type {Column, Contract} from "./contract.ts";

const period: Column = {
  name: "period",
  type: "VARCHAR",
  description:
    "all, the reference period's name, a calendar year, vix_low, vix_middle, vix_high (thirds of VIX known at the forecast) or stress (the tenth with the largest outcomes)",
};
const n: Column = {name: "n", type: "INTEGER", minimum: 1, description: "sessions scored"};
const effective = double("n_effective", "n / horizon: outcomes that do not overlap", {nullable: false});
const probability = {minimum: 0, maximum: 1};

const bounds = (name: string, of: string): readonly Column[] => [
  double(`${name}_lo`, `lower end of a 95 % bootstrap interval of ${of}; NULL where nothing is tested`),
  double(`${name}_hi`, "upper end"),
];

const gains = (other: string, suffix: string): readonly Column[] => [
  double(`gain_qlike_${suffix}`, `1 - QLIKE / QLIKE of ${other}, a fraction`),
  ...bounds(`gain_qlike_${suffix}`, "that gain"),
  double(`gain_rmse_${suffix}`, `1 - RMSE / RMSE of ${other}, a fraction`),
  ...bounds(`gain_rmse_${suffix}`, "that gain"),
];

const tests = (other: string, suffix: string): readonly Column[] => [
  double(`dm_t_${suffix}`, `Diebold-Mariano t of QLIKE against ${other}; negative is better`),
  double(`dm_p_${suffix}`, "its two-sided p", probability),
];

/** The tables of the evaluation. */
export const EVALUATED = [
  "leaderboard",
  "model_tests",
  "superior_ability",
  "fluctuation",
  "calibration",
  "reliability",
] as const;

export const evaluationDatasets: readonly Contract[] = [
  {
    dataset: "leaderboard",
    schemaVersion: 1,
    description: "Losses of every model over common sessions",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "model", "period"],
    columns: [
      horizon,
      model,
      period,
      n,
      effective,
      double("qlike", "mean of y/f - ln(y/f) - 1 on variance"),
      double("rmse_pct", "root mean squared error of volatility over the horizon, in %", {minimum: 0}),
      double("mae_pct", "mean absolute error of volatility over the horizon, in %", {minimum: 0}),
      double("r2", "1 - squared error / squared deviation from the period's mean, on volatility", {
        maximum: 1,
      }),
      double("bias", "mean forecast / mean outcome, on variance", {minimum: 0}),
      ...gains("rv20", "rv20"),
      ...gains("log_har_vix", "har_vix"),
      ...tests("rv20", "rv20"),
      ...tests("log_har_vix", "har_vix"),
      double("mcs_p", "p-value in the model confidence set on QLIKE, T_max", probability),
      double("mcs_p_range", "the same by T_R", probability),
    ],
  },
  {
    dataset: "model_tests",
    schemaVersion: 1,
    description: "Every model against every other, by QLIKE on the sessions all models forecast",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "model", "other"],
    columns: [
      horizon,
      period,
      model,
      {name: "other", type: "VARCHAR", description: "the model it is compared with"},
      n,
      effective,
      double("difference", "mean QLIKE of the model minus the other's; negative is better"),
      ...bounds("difference", "it"),
      double("dm_t", "Diebold-Mariano t; NULL where the two never differ"),
      double("dm_p", "its two-sided p", probability),
    ],
  },
  {
    dataset: "superior_ability",
    schemaVersion: 1,
    description: "Is any other model better than this one, the search among all accounted for? Hansen (2005)",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "benchmark"],
    columns: [
      horizon,
      period,
      {name: "benchmark", type: "VARCHAR", description: "the model that the others are held against"},
      n,
      effective,
      {name: "rivals", type: "INTEGER", minimum: 1, description: "models held against it"},
      {
        name: "best_rival",
        type: "VARCHAR",
        description: "the rival furthest ahead in its own standard errors",
      },
      double("statistic", "how far, in standard errors; 0 where none is ahead", {minimum: 0}),
      double("p_lower", "p where rivals behind count for nothing", probability),
      double("p_consistent", "p where rivals clearly behind count for nothing", probability),
      double("p_upper", "p where every rival counts as equally good", probability),
    ],
  },
  {
    dataset: "fluctuation",
    schemaVersion: 1,
    description:
      "Was a model better than the reference all along? Giacomini and Rossi (2010), every fifth window and the extreme",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "model", "date"],
    columns: [
      horizon,
      model,
      {name: "other", type: "VARCHAR", description: "the reference it is compared with"},
      {...date, description: "last session of the window"},
      {...n, description: "sessions of the window"},
      effective,
      double("statistic", "the window's loss difference in standard errors; negative is better"),
      double("critical", "where the greatest |statistic| rejects equal accuracy throughout, at 5 %", {
        minimum: 0,
      }),
    ],
  },
  {
    dataset: "calibration",
    schemaVersion: 1,
    description: "Outcomes regressed on forecasts: 0 and 1 where forecasts keep their word",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "model", "scale"],
    columns: [
      horizon,
      period,
      model,
      {name: "scale", type: "VARCHAR", description: "variance or volatility, over the horizon"},
      n,
      effective,
      double("intercept", "in the unit of the scale; NULL where the forecast never moves"),
      double("intercept_se", "its Newey-West standard error", {minimum: 0}),
      double("slope", "per unit of forecast"),
      double("slope_se", "its Newey-West standard error", {minimum: 0}),
      double("wald_p", "p of intercept 0 and slope 1 together, by these errors", probability),
      double("score_p", "the same by the errors under that hypothesis, outcome - forecast", probability),
      double("r2", "of the regression", {maximum: 1}),
    ],
  },
  {
    dataset: "reliability",
    schemaVersion: 1,
    description: "What came of the lowest to the highest forecasts, in ten groups",
    partition: "commit",
    mode: "replace",
    key: ["horizon", "period", "model", "decile"],
    columns: [
      horizon,
      period,
      model,
      {
        name: "decile",
        type: "INTEGER",
        minimum: 1,
        maximum: 10,
        description: "of the variance forecast, 1 the lowest",
      },
      {...n, description: "forecasts in the group"},
      effective,
      double("var_hat", "mean forecast variance over the horizon", {minimum: 0}),
      double("var", "mean realized variance over the horizon", {minimum: 0}),
      double("rv_hat", "mean forecast volatility over the horizon", {minimum: 0}),
      double("rv", "mean realized volatility over the horizon", {minimum: 0}),
      double("bias", "var_hat / var", {minimum: 0}),
      double("bias_lo", "lower end of a 95 % interval of it, by a long-run variance", {minimum: 0}),
      double("bias_hi", "upper end", {minimum: 0}),
    ],
  },
];
