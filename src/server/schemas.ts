// What may be sent, and what comes back? One description each: it validates, types and documents.

import Type, {type Static} from "typebox";
import {catalogue} from "../features/catalogue.ts";
import type {Feature} from "../features/feature.ts";
import {possibleValues} from "./possibleValues.ts";
import {MOST_SESSIONS_AHEAD, TICKER_MODELS} from "./tickerModels.ts";

const exact = {additionalProperties: false};

export const MAX_BATCH = 1000;

/** Sessions ahead of the forecast that is explained. */
export const MAIN_HORIZON = 5;

const Day = Type.String({pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "A trading session, YYYY-MM-DD"});

function featureValue(feature: Feature) {
  const {unit, formula} = feature;
  return Type.Optional(Type.Number({description: `${unit}: ${formula}`, ...possibleValues(feature)}));
}

export const FeatureVector = Type.Object(
  Object.fromEntries(catalogue.map((feature) => [feature.name, featureValue(feature)])),
  {...exact, description: "Any of the catalogue's features; what is left out comes from features_daily"},
);

/** The first body of POST /predict: a row of features. */
export const FeatureRequest = Type.Object(
  {as_of_date: Day, feature_vector: FeatureVector},
  {
    ...exact,
    description: "The five-session forecast of one row of features, explained",
    examples: [{as_of_date: "2023-12-29", feature_vector: {spy_vol_10d: 0.12, vix: 19.4, vix_term: 1.12}}],
  },
);
export interface FeatureRequest {
  readonly as_of_date: string;
  readonly feature_vector: Readonly<Record<string, number>>;
}

/** The second body of POST /predict: a model by name. */
export const TickerRequest = Type.Object(
  {
    ticker: Type.String({minLength: 1, maxLength: 20, description: "A symbol of the lake"}),
    model_type: Type.String({
      minLength: 1,
      maxLength: 20,
      description: `One of ${Object.keys(TICKER_MODELS).join(", ")}`,
    }),
    horizon: Type.Integer({minimum: 1, maximum: MOST_SESSIONS_AHEAD, description: "Sessions ahead"}),
  },
  {
    ...exact,
    description: "The volatility of each of a ticker's next sessions, by a model of its returns alone",
    examples: [{ticker: "SPY", model_type: "GARCH", horizon: 5}],
  },
);
export type TickerRequest = Static<typeof TickerRequest>;

export const WARNING_CODES = [
  "features_from_lake",
  "features_derived",
  "features_unused",
  "features_missing",
  "outside_training_support",
  "in_sample",
  "not_in_lake",
  "simulated_market",
] as const;

export const Warning = Type.Object({
  code: Type.Union(WARNING_CODES.map((code) => Type.Literal(code))),
  message: Type.String(),
  features: Type.Array(Type.String()),
});
export interface Warning {
  readonly code: (typeof WARNING_CODES)[number];
  readonly message: string;
  readonly features: readonly string[];
}

const Interval = Type.Union([
  Type.Object({coverage: Type.Number(), lower: Type.Number(), upper: Type.Number()}),
  Type.Null(),
]);

const OptionalForecast = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

/** Answer to the first body. The first three keys are the documents' contract and never change. */
export const Prediction = Type.Object({
  rv_5d_hat: Type.Number({description: "Forecast of rv_5d: a fraction over 5 sessions, not annualised"}),
  regime_probs: Type.Null(),
  top_drivers: Type.Array(Type.String(), {description: "The three features with the largest |SHAP|"}),
  as_of_date: Type.String(),
  units: Type.Literal("5d_log_return_sd"),
  rv_5d_hat_annualized: Type.Number({description: "rv_5d_hat × sqrt(252 / 5)"}),
  rv_1d_hat: OptionalForecast,
  rv_22d_hat: OptionalForecast,
  interval: Interval,
  rv_1d_interval: Type.Optional(Interval),
  rv_22d_interval: Type.Optional(Interval),
  shap: Type.Record(Type.String(), Type.Number(), {
    description: "Contributions to ln(rv_5d_hat), the largest first: base_value and they sum to it",
  }),
  base_value: Type.Number(),
  model_version: Type.String(),
  trained_through: Type.String(),
  warnings: Type.Array(Warning),
});
export interface Prediction extends Omit<Static<typeof Prediction>, "warnings" | "top_drivers" | "shap"> {
  readonly top_drivers: readonly string[];
  readonly shap: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

const Known = Type.Union([Type.Number(), Type.Null()]);

export const TICKER_WARNING_CODES = [
  "not_converged",
  "parameters_at_bounds",
  "weekday_dates",
  "past_dates",
  "simulated_market",
] as const;

const TickerWarning = Type.Object({
  code: Type.Union(TICKER_WARNING_CODES.map((code) => Type.Literal(code))),
  message: Type.String(),
});
export interface TickerWarning {
  readonly code: (typeof TICKER_WARNING_CODES)[number];
  readonly message: string;
}

/** Answer to the second body. The first six keys are the documents' contract and never change. */
export const TickerForecast = Type.Object({
  ticker: Type.String(),
  model_type: Type.String(),
  horizon: Type.Integer(),
  forecasts: Type.Array(Type.Number(), {description: "Volatility of each session, % a day: not annualised"}),
  forecast_dates: Type.Array(Type.String(), {description: "The sessions forecast, YYYY-MM-DD"}),
  timestamp: Type.String({description: "When this was answered, ISO 8601"}),
  units: Type.Literal("percent_per_session"),
  trained_from: Type.String(),
  trained_through: Type.String({description: "The newest bar: the forecasts are made at its close"}),
  observations: Type.Integer({description: "Returns that the model was fitted on"}),
  parameters: Type.Object(
    {
      mu: Type.Number(),
      omega: Type.Number(),
      alpha: Type.Number(),
      gamma: Type.Number(),
      beta: Type.Number(),
      nu: Known,
    },
    {description: "Of returns in percent; nu, degrees of freedom, is null for normal innovations"},
  ),
  persistence: Type.Number(),
  log_likelihood: Type.Number(),
  warnings: Type.Array(TickerWarning),
});
export interface TickerForecast extends Omit<Static<typeof TickerForecast>, "warnings"> {
  readonly warnings: readonly TickerWarning[];
}

const KnownText = Type.Union([Type.String(), Type.Null()]);

export const StoredPrediction = Type.Object({
  date: Type.String(),
  rv_5d_hat: Type.Number(),
  top_drivers: Type.Array(Type.String()),
  rv_1d_hat: Known,
  rv_22d_hat: Known,
  rv_5d_lo: Known,
  rv_5d_hi: Known,
  rv_1d_lo: Known,
  rv_1d_hi: Known,
  rv_22d_lo: Known,
  rv_22d_hi: Known,
  interval_coverage: Known,
  model_version: Type.String(),
  trained_through: Type.String(),
  kind: Type.String(),
});
export type StoredPrediction = Static<typeof StoredPrediction>;

export const PageQuery = Type.Object(
  {
    limit: Type.Integer({minimum: 1, maximum: 1000, default: 100}),
    offset: Type.Integer({minimum: 0, default: 0}),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
  },
  exact,
);

export const PredictionsPage = Type.Object({
  ticker: Type.String(),
  units: Type.Literal("log_return_sd"),
  total: Type.Integer({description: "Forecasts in the span asked for"}),
  limit: Type.Integer(),
  offset: Type.Integer(),
  next: Type.Union([Type.String(), Type.Null()]),
  predictions: Type.Array(StoredPrediction, {description: "The newest first"}),
});

export const Ready = Type.Object({
  status: Type.Literal("ready"),
  source: Type.String(),
  model_version: Type.String(),
  trained_through: Type.String({format: "date"}),
  newest_session: Type.String({format: "date"}),
  rejected: Type.Optional(Type.String({description: "Why a newer model was not taken"})),
});

export const ModelInfo = Type.Object({
  symbol: Type.String(),
  source: Type.String(),
  sessions: Type.Object({first: Type.String({format: "date"}), newest: Type.String({format: "date"})}),
  models: Type.Array(Type.Object({}, {additionalProperties: true, description: "A manifest"})),
  features: Type.Array(
    Type.Object({
      name: Type.String(),
      unit: Type.String(),
      formula: Type.String(),
      inputs: Type.Array(Type.String()),
      possible: Type.Object({}, {additionalProperties: true, description: "Bounds, as JSON Schema has them"}),
      used: Type.Boolean(),
      moves_the_forecast: Type.Boolean(),
      needed: Type.Boolean(),
      training_support: Type.Union([
        Type.Array(Type.Number(), {
          minItems: 2,
          maxItems: 2,
          description: "Least and greatest while training",
        }),
        Type.Null(),
      ]),
    }),
  ),
});

export const ModelItem = Type.Object({
  model_name: Type.String(),
  ticker: Type.String(),
  version: Type.String(),
  stage: Type.String(),
  metrics: Type.Record(Type.String(), Known),
  metrics_units: Type.Record(Type.String(), Type.String()),
  horizon: Type.Integer(),
  artifact: KnownText,
  trained_through: Type.String(),
  created_at: KnownText,
  model_type: Type.Optional(
    Type.String({description: "What POST /predict calls it, where it forecasts a ticker"}),
  ),
});
export type ModelItem = Static<typeof ModelItem>;

const Fault = {
  field: Type.Optional(Type.String()),
  detail: Type.String(),
  remedy: Type.String(),
  features: Type.Optional(Type.Array(Type.String())),
};

/** RFC 9457. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  ...Fault,
  errors: Type.Optional(Type.Array(Type.Object(Fault))),
});
