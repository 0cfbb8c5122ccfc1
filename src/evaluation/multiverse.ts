// Which other choices could have been made before a model was fitted, each as defensible as ours?

import type {TrainingWindow} from "../models/model.ts";

/** What a model may look at, under a name. */
export interface FeatureSet {
  readonly name: string;
  readonly features: readonly string[];
}

/** The choices to be crossed; the first of each list is the one the others are compared with. */
export interface FitGrid {
  /** First days of expanding training spans, days since 1970-01-01. */
  readonly trainFrom: readonly number[];
  /** Lengths of rolling windows, tried beside the expanding ones: they forget any first day. */
  readonly windowSessions: readonly number[];
  readonly refitSessions: readonly number[];
  /** Refit intervals tried with every other choice at its first: too slow to cross. */
  readonly refitSessionsAlone: readonly number[];
  readonly purgeSessions: readonly number[];
  readonly featureSets: readonly FeatureSet[];
}

/** One way to fit, and the refit intervals to try under it. */
export interface Universe {
  readonly trainFrom: number; // days since 1970-01-01
  readonly window: TrainingWindow;
  readonly purge: number;
  readonly featureSet: FeatureSet;
  /** Increasing; each a multiple of the first, so that one walk serves all. */
  readonly refits: readonly number[];
}

/**
 * Every way to fit, that of the first of each list first. Rolling windows are not crossed with first days: a window of 1000
 * sessions in 2005 has forgotten 1993 and 1998 alike, and equal cells would be counted as evidence twice.
 *
 * @throws {RangeError} if a list is empty, a purge is shorter than the horizon, or a refit interval is not a
 *   multiple of the shortest beside it
 */
export function planUniverses(grid: FitGrid, {horizon}: {readonly horizon: number}): Universe[] {
  const {trainFrom, windowSessions, refitSessions, refitSessionsAlone, purgeSessions, featureSets} = grid;
  for (const [name, list] of Object.entries({trainFrom, refitSessions, purgeSessions, featureSets}))
    if (list.length === 0)
      throw new RangeError(`Cannot plan a multiverse: ${name} is empty; give it a value`);
  const short = purgeSessions.find((purge) => purge < horizon);
  if (short !== undefined) {
    throw new RangeError(
      `Cannot plan a multiverse: a purge of ${short} sessions leaks labels of ${horizon}; purges must be >= ${horizon}`,
    );
  }
  const spans: {trainFrom: number; window: TrainingWindow}[] = [
    ...trainFrom.map((day) => ({trainFrom: day, window: "expanding" as const})),
    ...windowSessions.map((sessions) => ({trainFrom: trainFrom[0]!, window: {sessions}})),
  ];
  const universes = featureSets.flatMap((featureSet) =>
    purgeSessions.flatMap((purge) => spans.map((span) => ({...span, purge, featureSet}))),
  );
  return universes.map((universe, i) => ({
    ...universe,
    refits: nested(i === 0 ? [...refitSessions, ...refitSessionsAlone] : refitSessions),
  }));
}

function nested(refits: readonly number[]): number[] {
  const sorted = [...new Set(refits)].sort((a, b) => a - b);
  const odd = sorted.find((sessions) => sessions % sorted[0]! !== 0);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot plan a multiverse: refits every ${odd} sessions are not on the grid of every ${sorted[0]}; use multiples`,
    );
  }
  return sorted;
}
