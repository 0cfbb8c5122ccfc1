// What is served, in the words of GET /, /models and /model/info?

import {catalogue} from "../features/catalogue.ts";
import {isDerived} from "../features/feature.ts";
import type {ArtifactManifest} from "../registry/artifact.ts";
import {reachingFeatures} from "./featureTrace.ts";
import {possibleValues} from "./possibleValues.ts";
import type {ModelItem} from "./schemas.ts";
import type {Serving} from "./serving.ts";

const METRICS_UNITS = {
  rmse: "% of volatility over the horizon",
  mae: "% of volatility over the horizon",
  qlike: "on variance",
  r2: "on volatility",
};

/** One item a model, in the documents' shape; more keys follow it. */
export function modelItems({predictor}: Serving): ModelItem[] {
  return predictor.manifests.map(({name, model, symbol, version, metrics, ...manifest}) => ({
    model_name: `${model}_volatility_${symbol.toLowerCase()}`,
    ticker: symbol,
    version,
    stage: "Production",
    metrics: {
      rmse: metrics.rmse_pct ?? null,
      mae: metrics.mae_pct ?? null,
      qlike: metrics.qlike ?? null,
      r2: metrics.r2 ?? null,
    },
    metrics_units: METRICS_UNITS,
    horizon: manifest.horizon,
    artifact: name,
    trained_through: manifest.trained_through,
    created_at: manifest.created_at,
  }));
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
