// Which rows may train the model that forecasts which rows?

import {lowerBound} from "../frame.ts";
import type {TrainingWindow} from "../models/model.ts";
import {isoDate} from "../units.ts";

/** One refit: train on rows [trainStart, trainEnd), forecast rows [testStart, testEnd). */
export interface Fold {
  readonly trainStart: number;
  readonly trainEnd: number; // exclusive
  /** The refit happens after the close of this row's session, which is also the first origin forecast. */
  readonly testStart: number;
  readonly testEnd: number; // exclusive
}

export interface FoldOptions {
  /** The day of the first forecast; the grid of refits is anchored here, so later bars never move a fold. */
  readonly firstOrigin: number; // days since 1970-01-01
  readonly horizon: number;
  /** Sessions from one refit to the next. */
  readonly refitEvery: number;
  readonly window: TrainingWindow;
  /** No training row is dated earlier (days since 1970-01-01). Default: the first session. */
  readonly trainFrom?: number;
  /** The first refit waits until this many rows may train it. Default 1. */
  readonly minTrain?: number;
  /** Sessions of labels withheld before a refit. Default: the horizon, the least that does not leak. */
  readonly purge?: number;
}

/**
 * The walk-forward plan, a fold a refit. A training row t is allowed iff t + purge <= testStart: its label's
 * last return is then known at the close of the refit's session. The last fold runs to the last session,
 * whose labels are still unknown.
 *
 * @param sessions days since 1970-01-01, increasing
 * @throws {RangeError} if a length is not a positive whole number, or no session is left to forecast
 */
export function planFolds(sessions: Int32Array, options: FoldOptions): Fold[] {
  const {firstOrigin, horizon, refitEvery, window, minTrain = 1, purge = horizon} = options;
  requirePositive("horizon", horizon);
  requirePositive("refitEvery", refitEvery);
  requirePositive("minTrain", minTrain);
  if (window !== "expanding") requirePositive("window.sessions", window.sessions);
  if (!Number.isInteger(purge) || purge < 0)
    throw new RangeError(
      `Cannot fold sessions: purge must be a whole number >= 0, current value is ${purge}`,
    );

  const trainFrom = options.trainFrom === undefined ? 0 : lowerBound(sessions, options.trainFrom);
  const firstTest = Math.max(lowerBound(sessions, firstOrigin), trainFrom + minTrain + purge - 1);
  if (firstTest >= sessions.length) {
    throw new RangeError(
      `Cannot fold sessions: the first forecast, not before ${isoDate(firstOrigin)} and after ${minTrain} training rows, ` +
        `lies beyond the ${sessions.length} sessions; bring firstOrigin forward or lower minTrain`,
    );
  }
  const folds: Fold[] = [];
  for (let testStart = firstTest; testStart < sessions.length; testStart += refitEvery) {
    const trainEnd = testStart - purge + 1;
    folds.push({
      trainStart: window === "expanding" ? trainFrom : Math.max(trainFrom, trainEnd - window.sessions),
      trainEnd,
      testStart,
      testEnd: Math.min(testStart + refitEvery, sessions.length),
    });
  }
  return folds;
}

/** The row whose session's return is the last to enter a training label: what `trained_through` dates. */
export function lastTrainingReturn(fold: Fold, horizon: number): number {
  return fold.trainEnd - 1 + horizon;
}

/**
 * The folds that look ahead: a training label ends after the refit's session, or a row is trained on and
 * tested.
 */
export function leakingFolds(folds: readonly Fold[], horizon: number): Fold[] {
  return folds.filter(
    (fold) => lastTrainingReturn(fold, horizon) > fold.testStart || fold.trainEnd > fold.testStart,
  );
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(
      `Cannot fold sessions: ${name} must be a whole number > 0, current value is ${value}`,
    );
}
