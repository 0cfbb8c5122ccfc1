// What is served, in the words of GET /, /models and /model/info?

import {catalogue} from "../features/catalogue.ts";
import {isDerived} from "../features/feature.ts";
import {LEAST_RETURNS} from "../models/garch/measureReturns.ts";
import type {ArtifactManifest} from "../registry/artifact.ts";
import type {ModelHistory, Stage} from "../registry/history.ts";
import {tableRows} from "../store/tableRows.ts";
import {isoDate} from "../units.ts";
import {reachingFeatures} from "./featureTrace.ts";
import {possibleValues} from "./possibleValues.ts";
import type {ModelItem} from "./schemas.ts";
import type {Serving} from "./serving.ts";
import {TICKER_MODELS, type TickerModel} from "./tickerModels.ts";

const METRICS_UNITS = {
  rmse: "% of volatility over the horizon",
  mae: "% of volatility over the horizon",
  qlike: "on variance",
  r2: "on volatility",
};

const TICKER_METRICS_UNITS = {...METRICS_UNITS, rmse: "% a day", mae: "% a day"};

/** The registry's stages in the documents' words. */
const STAGES: Readonly<Record<Stage, string>> = {
  champion: "Production",
  candidate: "Staging",
  archived: "Archived",
};
const MOST_VERSIONS = 50; // of a model, beside the one in production

/**
 * One item a version of a model, in the documents' shape; more keys follow it. Those in production first, then earlier
 * and other versions with the newest first, then the models of a ticker's returns.
 */
export function modelItems(serving: Serving): ModelItem[] {
  const {manifests} = serving.predictor;
  const served = new Map(manifests.map(({name, version}) => [name, version]));
  return [
    ...manifests.map((manifest) => modelItem(manifest, "champion")),
    ...serving.histories.flatMap((history) => otherVersions(history, served.get(history.name))),
    ...tickerItems(serving),
  ];
}

type Described = Pick<
  ArtifactManifest,
  "name" | "model" | "symbol" | "version" | "metrics" | "horizon" | "trained_through" | "created_at"
>;

function modelItem(
  {name, model, symbol, version, metrics, horizon, trained_through, created_at}: Described,
  stage: Stage,
): ModelItem {
  return {
    model_name: modelName(model, symbol),
    ticker: symbol,
    version,
    stage: STAGES[stage],
    metrics: documentMetrics(metrics),
    metrics_units: METRICS_UNITS,
    horizon,
    artifact: name,
    trained_through,
    created_at,
  };
}

// A champion that was rejected is not in production here: it waits, and the one before it is served.
function otherVersions({name, versions}: ModelHistory, served: string | undefined): ModelItem[] {
  return versions
    .filter(({version}) => version !== served)
    .toReversed()
    .slice(0, MOST_VERSIONS)
    .map(({stage, registered}) =>
      modelItem({...registered, name}, stage === "champion" ? "candidate" : stage),
    );
}

// Fitted when they are asked for, on every return up to the newest: that session is their version.
function tickerItems({tickers, symbol, leaderboard}: Serving): ModelItem[] {
  const fitted = [...tickers.values()].filter(({returns}) => returns.length >= LEAST_RETURNS);
  const lines = tableRows(leaderboard);
  return fitted.flatMap(({ticker, newestSession}) =>
    (Object.keys(TICKER_MODELS) as TickerModel[]).map((type) => {
      const model = type.toLowerCase();
      const line = lines.find(
        (row) => ticker === symbol && row.model === model && row.horizon === 1 && row.period === "all",
      );
      return {
        model_name: modelName(model, ticker),
        ticker,
        version: isoDate(newestSession),
        stage: STAGES.champion,
        metrics: documentMetrics((line ?? {}) as Record<string, number | null>),
        metrics_units: TICKER_METRICS_UNITS,
        horizon: 1,
        artifact: null,
        trained_through: isoDate(newestSession),
        created_at: null,
        model_type: type,
      };
    }),
  );
}

/** The documents' rule: garch_volatility_aapl. */
function modelName(model: string, symbol: string): string {
  return `${model}_volatility_${symbol.toLowerCase()}`;
}

function documentMetrics({rmse_pct, mae_pct, qlike, r2}: ArtifactManifest["metrics"]): ModelItem["metrics"] {
  return {rmse: known(rmse_pct), mae: known(mae_pct), qlike: known(qlike), r2: known(r2)};
}

function known(value: number | null | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The models' manifests, and every feature that may be sent with its bounds and what it is to the main model. */
export function modelInfo({source, symbol, predictor}: Serving) {
  const [main] = predictor.manifests;
  const used = new Set(main!.features);
  const reaching = new Set(reachingFeatures(main!.features));
  return {
    symbol,
    source,
    sessions: {first: predictor.firstSession, newest: predictor.newestSession},
    models: predictor.manifests.map(withoutExamples),
    features: catalogue.map((feature) => ({
      name: feature.name,
      unit: feature.unit,
      formula: feature.formula,
      inputs: isDerived(feature) ? feature.inputs : [],
      possible: possibleValues(feature),
      used: used.has(feature.name),
      moves_the_forecast: reaching.has(feature.name),
      needed: predictor.needed.includes(feature.name),
      training_support: main!.support[feature.name] ?? null,
    })),
  };
}

function withoutExamples({examples: _, ...manifest}: ArtifactManifest): Omit<ArtifactManifest, "examples"> {
  return manifest;
}
