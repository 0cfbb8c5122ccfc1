// Which version of each model counts after a run? Its fits are candidates, and promoted through their gates.
import type {Config} from "../src/config.ts";
import {championGain} from "../src/evaluation/championGain.ts";
import {evaluateGates, type Gate} from "../src/evaluation/gates.ts";
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import type {ScoredForecasts} from "../src/evaluation/scoredForecasts.ts";
import type {UnwrittenArtifact} from "../src/registry/artifact.ts";
import {type JudgedGate, type ModelHistory, readHistory, type Stage} from "../src/registry/history.ts";
import {promoteVersion, type Recording, stops} from "../src/registry/promotion.ts";
import {type Parents, registerArtifact} from "../src/registry/registration.ts";
import type {StageContext} from "./stage.ts";
import {trackModels} from "./tracking.ts";

/** A trained model that may be published. */
export interface Candidate extends UnwrittenArtifact {
  readonly parents: Parents;
  /** Every model's forecasts at its horizon. */
  readonly scored: ScoredForecasts;
}

/** Where a name stands after a run. */
export interface Published {
  readonly name: string;
  readonly candidate: string;
  readonly stage: Stage;
  readonly champion: string | null;
  readonly records: number;
  /** Hash of the newest record: whoever keeps it can tell whether the history was written anew. */
  readonly head: string;
}

/**
 * Registers the candidates and promotes those that pass. Where one does not pass its own gates none is promoted: the
 * horizons of a run belong together. A version that was rolled back is not promoted again without being asked.
 */
export async function publishCandidates(
  context: StageContext,
  candidates: readonly Candidate[],
): Promise<Published[]> {
  const {config, environment, runId, lake, log} = context;
  const {store} = lake;
  const recording: Recording = {createdAt: environment.now, run: runId};
  for (const {manifest, fit, parents} of candidates)
    await registerArtifact(store, {manifest, fit}, {parents, ...recording});
  const failing = candidates.filter(({manifest}) => manifest.gates.some(stops));
  for (const {manifest, scored} of failing.length > 0 ? failing : candidates) {
    const {name, version, model, gates} = manifest;
    const facts = {stage: "train", name, version};
    if ((await readHistory(store, name)).withdrawn.has(version)) {
      log.warn(facts, "not promoted: it was rolled back; volbook models promote brings it back");
      continue;
    }
    const {outcome, record} = await promoteVersion(
      store,
      {name, version},
      {
        ...recording,
        by: "train",
        profile: config.gates.profile,
        judge: (history) => [...gates, ...championGates(history, {model, scored, config})],
        reason: `the newest fit of ${model}`,
      },
    );
    if (record) log[outcome === "refused" ? "warn" : "info"]({...facts, reason: record.reason}, outcome);
  }
  await trackModels(
    {config, environment, store, log},
    candidates.map(({manifest}) => manifest.name),
  );
  return Promise.all(candidates.map(({manifest}) => standing(store, manifest)));
}

/** The gates of a model's record at a horizon, as configured. */
export function modelGates(
  leaderboard: readonly LeaderboardRow[],
  {
    model,
    horizon,
    config: {gates},
  }: {readonly model: string; readonly horizon: number; readonly config: Pick<Config, "gates">},
): Gate[] {
  return evaluateGates(leaderboard, {
    model,
    horizon,
    minimumGainRmse: gates.minimum_gain_rmse,
    minimumGainQlike: gates.minimum_gain_qlike,
    dieboldMarianoT: gates.diebold_mariano_t,
    confidenceSetP: gates.confidence_set_p,
    minimumBias: gates.minimum_bias,
    maximumBias: gates.maximum_bias,
    minimumGainYear: gates.minimum_gain_year,
    minimumYearSessions: gates.minimum_year_sessions,
    blocking: gates.blocking,
  });
}

/**
 * What a version must do better than the champion; nothing where there is none. It blocks in the strict profile where
 * another model would take the champion's place: a newer fit of the same model has the same record.
 */
export function championGates(
  {champion, versions}: ModelHistory,
  {
    model,
    scored,
    config,
  }: {readonly model: string; readonly scored: ScoredForecasts; readonly config: Pick<Config, "gates">},
): JudgedGate[] {
  const known = versions.find(({version}) => version === champion);
  if (!known) return [];
  const {profile, minimum_gain_champion: threshold} = config.gates;
  const {gain} = championGain(scored, {candidate: model, champion: known.registered.model});
  // A gain that does not exist is none: without common sessions nothing shows that it is better.
  const isOther = known.registered.model !== model;
  const judged = {judged: true, passed: gain >= threshold, blocking: profile === "strict" && isOther};
  return [{name: "gain_champion", value: finite(gain), threshold, ...judged}];
}

/** A gate as it is recorded. */
export function asJudged({name, value, threshold, judged, passed, blocking}: Gate): JudgedGate {
  return {name, value: finite(value), threshold, judged, passed, blocking};
}

async function standing(
  store: StageContext["lake"]["store"],
  {name, version}: UnwrittenArtifact["manifest"],
): Promise<Published> {
  const {versions, champion, records} = await readHistory(store, name);
  const {stage} = versions.find((known) => known.version === version)!;
  const {sequence, hash} = records.at(-1)!;
  return {name, candidate: version, stage, champion: champion ?? null, records: sequence, head: hash};
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
