// How did the lake's own models walk, so that one of one's own is judged on the same folds?

import {catalogueEntry} from "../models/catalogue.ts";
import {readJson} from "../store/lake.ts";
import type {LakeReader} from "../store/lakeFolder.ts";
import type {WalkOptions} from "./walkForward.ts";

/** What a run says of its walk-forward: the configuration's words. */
export interface WalkPlan {
  readonly seed: number;
  readonly train_from: string; // YYYY-MM-DD
  readonly first_origin: string;
  readonly minimum_training_sessions: number;
  /** By model. */
  readonly refit_sessions: Readonly<Record<string, number>>;
}

interface RunSummary {
  readonly stages: readonly {readonly stage: string; readonly plan?: WalkPlan}[];
}

/**
 * Options with which `walkForward` fits and forecasts on the folds of one of the lake's own models: the same first
 * training session, first forecast, refits, window and seed, as the lake's newest run says. With them a model of the
 * catalogue gives the lake's forecasts to the last bit.
 *
 * @param options.like a model that the lake walked, none that combines others. Default: log_har_vix, refitted as the
 *   other models of logs are
 * @throws {RangeError} if the lake has not walked that model
 * @throws {Error} if no run of the lake says how it walked
 */
export async function walkOptions(
  lake: LakeReader,
  {like = "log_har_vix", horizon = 5}: {readonly like?: string; readonly horizon?: number} = {},
): Promise<Required<Omit<WalkOptions, "progress" | "signal">>> {
  const plan = await newestPlan(lake);
  const refitEvery = plan.refit_sessions[like];
  if (refitEvery === undefined) {
    throw new RangeError(
      `Cannot walk like ${like}: the lake fitted ${Object.keys(plan.refit_sessions).join(", ")}; name one of these`,
    );
  }
  return {
    horizon,
    firstOrigin: plan.first_origin,
    trainFrom: plan.train_from,
    minTrain: plan.minimum_training_sessions,
    refitEvery,
    window: catalogueEntry(like).window,
    seed: plan.seed,
  };
}

// A run that ended early says nothing of a later stage; the one before it does.
async function newestPlan({store}: LakeReader): Promise<WalkPlan> {
  for (const {key} of (await store.list("runs")).toReversed()) {
    const run = await readJson<RunSummary>(store, key);
    const plan = run?.stages.find(({stage}) => stage === "walkforward")?.plan;
    if (plan) return plan;
  }
  throw new Error(
    'Cannot tell how the lake walked: none of its runs says so; run "make report" again, or give walkForward its options',
  );
}
