// Does anything published look ahead? Every step is tried on futures that did not happen; the certificate says what held.

import {REGULAR_CLOSE} from "../src/calendar/earlyCloses.ts";
import {closeMinutes, isSession, isWithinCalendar} from "../src/calendar/sessions.ts";
import {lastTrainingReturn} from "../src/evaluation/folds.ts";
import type {FoldTask} from "../src/evaluation/walkForward.ts";
import {lowerBound} from "../src/frame.ts";
import {FUTURES} from "../src/market/futures.ts";
import {type ProofDay, proofDays} from "../src/proof/days.ts";
import {type Baseline, type Change, deriveBaseline} from "../src/proof/derivation.ts";
import {type Evidence, evidence, isCleared, mergeEvidence} from "../src/proof/evidence.ts";
import {createRandom} from "../src/random.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {integers, type Table, texts} from "../src/store/table.ts";
import {certificateTable, failuresInWords} from "./certificate.ts";
import {compareDated, comparePublished} from "./compareRuns.ts";
import {otherBars, planOtherFutures, runInMemory, type Tables, withoutFitsOf} from "./otherFutures.ts";
import {runOnThreads} from "./pool.ts";
import {type FittedFold, type ProofTask, pipelineDerivation} from "./proofTasks.ts";
import {type KnownAt, proveVintages} from "./proveVintages.ts";
import type {Stage, StageContext} from "./stage.ts";

const SAMPLED_DAYS = 40;
const CHANGES_A_TASK = 12;
const BY_COLUMN = ["features_daily", "labels_daily"]; // proved column by column; labels are known later than their date
const FORECASTS = "infer"; // the stage whose output people act on

/**
 * The proof over the stages that a forecast passes through: the producers of whatever the forecasting stage reads,
 * found by what each reads and writes, so that a new one is proved without being named here.
 *
 * @param options.knownAt how a run under VINTAGE gets its bars
 */
export function proveStage(stages: readonly Stage[], {knownAt}: {readonly knownAt?: KnownAt} = {}): Stage {
  const proven = producersOf(stages, FORECASTS);
  const published = proven.filter(({name}) => name !== FORECASTS);
  const datasets = [...new Set(published.flatMap(({reads, writes}) => [...reads, ...writes]))];
  return {
    name: "prove",
    does: "show that no feature, label, fold, fit or forecast looks ahead",
    after: published.map(({name}) => name),
    reads: ["raw.market", ...datasets],
    writes: ["certificate"],
    config: [...new Set(proven.flatMap(({config}) => config))],
    fingerprint: async () => undefined, // a proof that is asked for is made
    async run(context) {
      const {read, write, progress, lake, config} = context;
      const bars = barsBySymbol(await read("curated.market_daily"));
      const fits = await read("fits");
      progress("derive everything once");
      const tables = await runInMemory(proven, context, {
        given: new Map([["fits", fits]]),
        progress: () => undefined,
      });
      const baseline = deriveBaseline(pipelineDerivation(config), bars);
      const found = [
        ...(await provePublished(published, tables, context)),
        ...(await proveOnThreads(baseline, {fits, context})),
        ...(await proveRuns(proven, {baseline, tables, fits, context})),
        ...(await proveVintages(context, {bars, ...(knownAt ? {knownAt} : {})})),
      ];
      const merged = mergeEvidence(found);
      const raw = (await lake.manifest("raw.market"))?.snapshot.sha256 ?? "none";
      const {table, tasks} = baseline;
      const {sha256} = await write(
        "certificate",
        certificateTable(lake.contract("certificate"), merged, {
          tables: new Map([...tables, ["fits", fits]]),
          table,
          tasks,
          raw,
        }),
      );
      if (!merged.every(isCleared))
        throw new Error(`Cannot certify the forecasts: ${failuresInWords(merged)}`);
      const cells = merged.reduce((sum, entry) => sum + entry.cells, 0);
      return {
        summary: `nothing looks ahead: ${merged.length} subjects, ${cells.toLocaleString("en-US")} values compared`,
        subjects: merged.length,
        cells,
        certificate: sha256,
      };
    },
  };
}

/** The stages whose output a stage reads, directly or not, and itself, without those that fetch bars. */
export function producersOf(stages: readonly Stage[], name: string): Stage[] {
  const needed = new Set<Stage>();
  const add = (stage: Stage): void => {
    if (needed.has(stage) || stage.writes.includes("raw.market")) return;
    needed.add(stage);
    for (const other of stages) if (other.writes.some((dataset) => stage.reads.includes(dataset))) add(other);
  };
  for (const stage of stages) if (stage.name === name) add(stage);
  return stages.filter((stage) => needed.has(stage));
}

async function provePublished(
  stages: readonly Stage[],
  tables: Tables,
  {read, lake}: StageContext,
): Promise<Evidence[]> {
  const names = stages.flatMap(({writes}) => writes).filter((name) => name !== "fits");
  const known = names.filter((name) => tables.has(name));
  return Promise.all(
    known.map(async (name) =>
      comparePublished({contract: lake.contract(name), before: await read(name), after: tables.get(name)!}),
    ),
  );
}

async function proveOnThreads(
  baseline: Baseline,
  {fits, context}: {readonly fits: Table; readonly context: StageContext},
): Promise<Evidence[]> {
  const {config, progress} = context;
  const {sessions, columns} = baseline.features;
  const days = proofDays(sessions, {
    edges: [
      ...Object.values(columns).map((values) => values.findIndex((value) => !Number.isNaN(value))),
      ...Array.from(baseline.bars.values(), (series) => lowerBound(sessions, series.sessions[0]!)),
    ],
    refits: baseline.tasks.map(({fold}) => fold.testStart),
    isHalfDay: closesEarly,
    sample: SAMPLED_DAYS,
    seed: config.seed,
  });
  const tasks: ProofTask[] = [
    ...chunks(days.flatMap(changesOf), CHANGES_A_TASK).map((changes) => ({
      kind: "futures" as const,
      changes,
    })),
    ...chunks(
      days.filter(({thorough}) => thorough).map(({row}) => row),
      CHANGES_A_TASK,
    ).map((rows) => ({kind: "label windows" as const, rows})),
    ...forecastTasks(baseline, {fits, seed: config.seed}),
  ];
  const found = await runOnThreads<ProofTask, Evidence[]>(
    new URL("./proofWorker.ts", import.meta.url),
    tasks,
    {
      shared: {bars: baseline.bars, config},
      progress: (done) => progress(`${done} of ${tasks.length} groups of changed futures`),
    },
  );
  return found.flat();
}

// Every way at the edges; elsewhere the end of all bars and one other way in turn.
function changesOf({row, thorough}: ProofDay, index: number): Change[] {
  const futures = thorough ? FUTURES : ["truncated" as const, FUTURES[1 + (index % (FUTURES.length - 1))]!];
  return futures.map((future) => ({row, future}));
}

function forecastTasks(
  {tasks, features}: Baseline,
  {fits, seed}: {readonly fits: Table; readonly seed: number},
): ProofTask[] {
  const {sessions} = features;
  const fitOf = fitsByFold(fits);
  const random = createRandom(seed);
  const byRefit = Map.groupBy(tasks, ({fold}) => fold.testStart);
  return [...byRefit].flatMap(([refit, group], i) => {
    const end = Math.min(...group.map(({fold}) => fold.testEnd));
    const within = refit + random.integer(Math.max(1, end - refit));
    const folds = group.map((task) => ({task, fit: fitOf(task, sessions)}));
    return [refit, within]
      .filter((row) => row < sessions.length - 1)
      .map((row, j) => ({
        kind: "forecasts" as const,
        row,
        futures: ["truncated" as const, FUTURES[1 + ((i + 3 * j) % (FUTURES.length - 1))]!],
        folds,
      }));
  });
}

function fitsByFold(fits: Table): (task: FoldTask, sessions: Int32Array) => FittedFold["fit"] {
  const models = texts(fits, "model");
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const byKey = new Map(
    texts(fits, "fit").map((fit, row) => [`${models[row]} ${horizons[row]} ${trained[row]}`, fit]),
  );
  return ({model, horizon, fold}, sessions) => {
    const fit = byKey.get(`${model} ${horizon} ${sessions[lastTrainingReturn(fold, horizon)]}`);
    if (fit === undefined)
      throw new Error(
        `Cannot prove the forecasts of ${model} at ${horizon}: a fit is not in the lake; run walkforward`,
      );
    return fit;
  };
}

async function proveRuns(
  stages: readonly Stage[],
  {
    baseline,
    tables,
    fits,
    context,
  }: {
    readonly baseline: Baseline;
    readonly tables: Tables;
    readonly fits: Table;
    readonly context: StageContext;
  },
): Promise<Evidence[]> {
  const {config, lake, progress} = context;
  const {sessions} = baseline.features;
  const refits = Map.groupBy(baseline.tasks, ({model, horizon}) => `${model} ${horizon}`);
  const runs = planOtherFutures(
    Array.from(refits.values(), (tasks) => tasks.map(({fold}) => fold.testStart)),
    sessions.length - 1,
  );
  const kept = Math.min(...Object.values(config.walk_forward.refit_sessions)) - 1; // no later refit, for none is compared
  const found: Evidence[] = [];
  for (const [i, {row, future}] of runs.entries()) {
    progress(`run ${i + 1} of ${runs.length} with other bars`);
    const day = sessions[row]!;
    const given = new Map([
      ["curated.market_daily", otherBars(baseline.bars, {row, future, kept, sessions})],
      ["fits", withoutFitsOf(fits, day)],
    ]);
    const other = await runInMemory(stages, context, {given, progress: () => undefined});
    const change = `bars after ${new Date(day * 86_400_000).toISOString().slice(0, 10)} ${future}`;
    for (const [name, after] of other) {
      const contract = lake.contract(name);
      if (BY_COLUMN.includes(name) || !contract.key.includes("date")) continue;
      found.push(...compareDated({contract, before: tables.get(name)!, after}, {day, future, change}));
    }
    found.push(...compareFits(fits, other.get("fits")!, {day, future, change}));
  }
  return found;
}

function compareFits(
  before: Table,
  after: Table,
  {day, future, change}: {readonly day: number; readonly future: string; readonly change: string},
): Evidence[] {
  const published = fitsOn(before, day);
  return [...fitsOn(after, day)].map(([key, fit]) => {
    const [name, horizon] = key.split(" ");
    const violation =
      published.get(key) === fit ? null : {session: day, text: `the fit is another: ${change}`};
    return evidence(
      {kind: "fit", name: name!, horizon: Number(horizon)},
      {future, rows: 1, cells: 1, moved: 0, violation},
    );
  });
}

function fitsOn(fits: Table, day: number): Map<string, string> {
  const models = texts(fits, "model");
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const rows = texts(fits, "fit").map(
    (fit, row) => [`${models[row]} ${horizons[row]}`, fit, trained[row]] as const,
  );
  return new Map(rows.filter(([, , through]) => through === day).map(([key, fit]) => [key, fit]));
}

function closesEarly(session: number): boolean {
  return isWithinCalendar(session) && isSession(session) && closeMinutes(session) < REGULAR_CLOSE;
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({length: Math.ceil(values.length / size)}, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}
