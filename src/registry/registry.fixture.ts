// What do tests of the registry keep? Small regressions whose versions differ in one number.
import type {LogFit} from "../models/logFit.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {type Artifact, artifactVersion} from "./artifact.ts";
import type {JudgedGate} from "./history.ts";
import {treesOf} from "./modelFile.ts";
import {type PromotionResult, promoteVersion} from "./promotion.ts";
import {registerArtifact} from "./registration.ts";
import {rowForecast, rowFrame} from "./selfTest.ts";

export const NAME = "spy_rv_5d";
export const CREATED_AT = "2024-01-02T12:00:00.000Z";
export const recording = {createdAt: CREATED_AT, run: "20240102T120000000Z"};

const DAY = {date: "2023-12-29", features: {log_vix_var: -8.5}};

/** A model whose forecast is exp of an intercept and half the log of VIX variance; its example is right. */
export function smallArtifact(intercept: number, model = "log_har_vix"): Artifact {
  const fit: LogFit = {
    linear: {features: ["log_vix_var"], intercept, coefficients: [0.5], means: [-8.5]},
    boosted: null,
    retransformation: {variance: 1.1, volatility: 1.02},
  };
  const {variance, volatility} = rowForecast(fit)(rowFrame(0, DAY.features));
  return {
    fit,
    manifest: {
      name: NAME,
      version: artifactVersion("2023-12-11", fit),
      model,
      symbol: "SPY",
      horizon: 5,
      created_at: CREATED_AT,
      trained_from: "2018-04-02",
      trained_through: "2023-12-11",
      seed: 1,
      feature_order: treesOf(fit).features,
      features: ["log_vix_var"],
      anchor: fit.linear,
      retransformation: fit.retransformation,
      interval: {coverage: 0.9, lower: 0.45, upper: 1.8},
      support: {log_vix_var: [-10, -5]},
      metrics: {qlike: 0.35, rmse_pct: 1, r2: null},
      gates: [gate("gain_qlike", 0.3)],
      hashes: {model: "", training: "t".repeat(64), code: "c".repeat(64), configuration: "d".repeat(64)},
      examples: [{...DAY, tree_margin: 0, variance, volatility}],
    },
  };
}

/** A gate that blocks and asks for 0.02. */
export function gate(name: string, value: number | null, threshold = 0.02): JudgedGate {
  return {name, value, threshold, judged: value !== null, passed: (value ?? 0) >= threshold, blocking: true};
}

/** Keeps and records a model; its version. */
export async function register(store: ObjectStore, {manifest, fit}: Artifact): Promise<string> {
  const {model: _, ...hashes} = manifest.hashes;
  await registerArtifact(store, {manifest: {...manifest, hashes}, fit}, {parents: [], ...recording});
  return manifest.version;
}

/** Promotes a version that passes, or by the gates given. */
export function promote(
  store: ObjectStore,
  version: string,
  gates: readonly JudgedGate[] = [gate("gain_qlike", 0.3)],
): Promise<PromotionResult> {
  const by = {by: "train", profile: "standard", judge: () => gates, reason: "the newest fit"} as const;
  return promoteVersion(store, {name: NAME, version}, {...by, ...recording});
}
