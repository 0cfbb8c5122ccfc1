// Which futures are tried on which rows? Everything at the edges, two ways elsewhere, as tasks for threads.
import {EARLY_CLOSE} from "../src/calendar/earlyCloses.ts";
import {closeMinutes, isSession, isWithinCalendar} from "../src/calendar/sessions.ts";
import {lastTrainingReturn} from "../src/evaluation/folds.ts";
import type {FoldTask} from "../src/evaluation/walkForward.ts";
import {lowerBound} from "../src/frame.ts";
import {FUTURES, type Future} from "../src/market/futures.ts";
import {type ProofDay, proofDays} from "../src/proof/days.ts";
import type {Baseline, Change} from "../src/proof/derivation.ts";
import {createRandom} from "../src/random.ts";
import {integers, type Table, texts} from "../src/store/table.ts";
import type {ProofTask} from "./proofTasks.ts";

const SAMPLED_DAYS = 40;
const CHANGES_A_TASK = 12;

/**
 * The tasks of a proof: changed bars after each day of `proofDays`, one changed bar at its edges, changed features
 * around each refit.
 *
 * @param options.fits the lake's fits
 * @throws {Error} if a fit of the plan is not among them
 */
export function planProof(
  baseline: Baseline,
  {fits, seed}: {readonly fits: Table; readonly seed: number},
): ProofTask[] {
  const {sessions, columns} = baseline.features;
  const days = proofDays(sessions, {
    edges: [
      ...Object.values(columns).map((values) => values.findIndex((value) => !Number.isNaN(value))),
      ...Array.from(baseline.bars.values(), (series) => lowerBound(sessions, series.sessions[0]!)),
    ],
    refits: baseline.tasks.map(({fold}) => fold.testStart),
    isHalfDay,
    sample: SAMPLED_DAYS,
    seed,
  });
  const edges = days.filter(({thorough}) => thorough).map(({row}) => row);
  return [
    ...chunks(days.flatMap(changesOf)).map((changes) => ({kind: "futures" as const, changes})),
    ...chunks(edges).map((rows) => ({kind: "label windows" as const, rows})),
    ...forecastTasks(baseline, {fits, seed}),
  ];
}

function changesOf({row, thorough}: ProofDay, index: number): Change[] {
  return (thorough ? FUTURES : inTurn(index)).map((future) => ({row, future}));
}

// The end of all bars, which every leak of a later bar shows, and one other way.
function inTurn(index: number): Future[] {
  const [first, ...others] = FUTURES;
  return [first, others[index % others.length]!];
}

function forecastTasks(
  {tasks, features: {sessions}}: Baseline,
  {fits, seed}: {readonly fits: Table; readonly seed: number},
): ProofTask[] {
  const fitOf = fitsByFold(fits);
  const random = createRandom(seed);
  const byRefit = Map.groupBy(tasks, ({fold}) => fold.testStart);
  return Array.from(byRefit, ([refit, group], i) => {
    const end = Math.min(...group.map(({fold}) => fold.testEnd));
    const rows = [refit, refit + random.integer(end - refit)];
    return {
      kind: "forecasts" as const,
      changes: rows
        .filter((row) => row < sessions.length - 1)
        .flatMap((row, j) => inTurn(i + 3 * j).map((future) => ({row, future}))),
      folds: group.map((task) => ({task, fit: fitOf(task, sessions)})),
    };
  });
}

function fitsByFold(fits: Table): (task: FoldTask, sessions: Int32Array) => string {
  const models = texts(fits, "model");
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const byKey = new Map(
    texts(fits, "fit").map((fit, row) => [`${models[row]} ${horizons[row]} ${trained[row]}`, fit]),
  );
  return ({model, horizon, fold}, sessions) => {
    const fit = byKey.get(`${model} ${horizon} ${sessions[lastTrainingReturn(fold, horizon)]}`);
    if (fit !== undefined) return fit;
    throw new Error(
      `Cannot prove the forecasts of ${model} at ${horizon}: a fit is not in the lake; run walkforward`,
    );
  };
}

function isHalfDay(session: number): boolean {
  return isWithinCalendar(session) && isSession(session) && closeMinutes(session) === EARLY_CLOSE;
}

function chunks<T>(values: readonly T[]): T[][] {
  const count = Math.ceil(values.length / CHANGES_A_TASK);
  return Array.from({length: count}, (_, i) => values.slice(i * CHANGES_A_TASK, (i + 1) * CHANGES_A_TASK));
}
