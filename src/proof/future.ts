// Does anything known on a day depend on bars dated later?

import {column, type Frame} from "../frame.ts";
import type {Future} from "../market/futures.ts";
import {countKnown, countMoved, firstViolation} from "./compare.ts";
import {type Baseline, type Change, changedBars, type Derivation, describeChange} from "./derivation.ts";
import {type Evidence, evidence} from "./evidence.ts";
import {compareTrainingSets, type TrainingComparison, trainingSetOf} from "./trainingSet.ts";

/** After these a label whose window reaches past the day cannot be what it was. */
const CERTAIN: readonly Future[] = ["truncated", "scaled", "erased", "extreme"];

/** What is derived again under a change, and the change in words. */
interface Changed extends Change {
  readonly features: Frame;
  readonly labels: Frame;
  readonly words: string;
}

/**
 * Derives features, labels and training sets again from bars that are other ones after a session, and compares
 * to the last bit: features up to its row, labels whose window has ended by it, and the training set of every
 * fold refitted after its close, as the model's fit is handed it. Labels whose window goes on must move.
 *
 * @throws {RangeError} if the row is the last one, or is none
 */
export function proveFuture(derivation: Derivation, baseline: Baseline, change: Change): Evidence[] {
  const {sessions} = baseline.features;
  if (!(change.row >= 0 && change.row < sessions.length - 1)) {
    throw new RangeError(
      `Cannot change the bars after row ${change.row}: rows that others follow are 0 to ${sessions.length - 2}`,
    );
  }
  const bars = changedBars(baseline.bars, {...change, sessions});
  const changed: Changed = {
    ...change,
    features: derivation.features(bars),
    labels: derivation.labels(bars),
    words: describeChange({...change, sessions}),
  };
  return [
    ...compareFeatures(baseline.features, changed),
    ...compareLabels(baseline.labels, changed),
    ...compareFolds(derivation, baseline, changed),
  ];
}

/** The horizon that a label's name tells. */
export function labelHorizon(name: string): number {
  const match = /_(\d+)d$/.exec(name);
  if (!match) throw new RangeError(`Cannot tell the horizon of ${name}: a label is named like rv_5d`);
  return Number(match[1]);
}

function compareFeatures(baseline: Frame, {features, row, future, words}: Changed): Evidence[] {
  const end = row + 1;
  return Object.keys(baseline.columns).map((name) => {
    const pair = pairOf(baseline, features, name);
    return evidence(
      {kind: "feature", name, horizon: null},
      {
        future,
        rows: end,
        cells: end,
        moved: countMoved(pair, {start: end, end: features.sessions.length}),
        violation: firstViolation(pair, {end, change: words}),
      },
    );
  });
}

function compareLabels(baseline: Frame, {labels, row, future, words}: Changed): Evidence[] {
  return Object.keys(baseline.columns).map((name) => {
    const horizon = labelHorizon(name);
    const pair = pairOf(baseline, labels, name);
    const going = {start: Math.max(0, row - horizon + 1), end: row + 1}; // windows that reach past the day
    const moved = countMoved(pair, going);
    const stayed = CERTAIN.includes(future) ? countKnown(pair.before, going) - moved : 0;
    const violation = firstViolation(pair, {end: going.start, change: words});
    const inert = {
      session: baseline.sessions[going.start]!,
      text: `${stayed} labels whose window goes on did not change: ${words}`,
    };
    return evidence(
      {kind: "label", name, horizon},
      {future, rows: row + 1, cells: row + 1, moved, violation: violation ?? (stayed > 0 ? inert : null)},
    );
  });
}

function compareFolds(derivation: Derivation, baseline: Baseline, changed: Changed): Evidence[] {
  const {row, future, words} = changed;
  const refitted = baseline.tasks.filter(({fold}) => fold.testStart === row);
  if (refitted.length === 0) return [];
  const table = derivation.table(changed.features, changed.labels);
  const again = derivation.plan(changed.features.sessions).filter(({fold}) => fold.testStart === row);
  const compared = new Map<string, TrainingComparison>(); // models share their training sets
  return refitted.map((task) => {
    const {model, horizon} = task;
    const {trainStart, trainEnd} = task.fold;
    const other = again.find((found) => found.model === model && found.horizon === horizon);
    const key = `${horizon} ${trainStart} ${trainEnd} ${other?.fold.trainStart} ${other?.fold.trainEnd}`;
    const result =
      compared.get(key) ??
      (other
        ? compareTrainingSets(trainingSetOf(task, baseline.table), trainingSetOf(other, table))
        : {cells: 0, difference: {row, text: "it is no longer in the plan"}});
    compared.set(key, result);
    const {cells, difference} = result;
    const withheld = {before: baseline.table.variance[horizon]!, after: table.variance[horizon]!};
    return evidence(
      {kind: "fold", name: model, horizon},
      {
        future,
        rows: trainEnd - trainStart,
        cells,
        moved: countMoved(withheld, {start: trainEnd, end: row + 1}),
        violation: difference && {
          session: baseline.features.sessions[row]!,
          text: `the refit of that day, ${difference.text}: ${words}`,
        },
      },
    );
  });
}

function pairOf(baseline: Frame, changed: Frame, name: string) {
  return {
    before: column(baseline, name),
    after: changed.columns[name] ?? new Float64Array(0),
    sessions: baseline.sessions,
    sessionsAfter: changed.sessions,
  };
}
