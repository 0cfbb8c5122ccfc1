// When does a stage run, and what is remembered of it? It runs where anything it depends on has changed.
import type {Logger} from "pino";
import type {Config, Source} from "../src/config.ts";
import {type Appended, type Lake, readJson, sha256, toJson} from "../src/store/lake.ts";
import type {Inputs} from "../src/store/manifest.ts";
import {onOrBefore, type Table} from "../src/store/table.ts";
import {isoDate, sessionDate} from "../src/units.ts";
import type {Environment} from "./environment.ts";

/** Facts that tell what a run did and not what came of it: no later run has them. */
const OF_THE_RUN: ReadonlySet<string> = new Set(["added", "revised", "fitted", "scored"]);

/** What a run knows before its first stage. */
export interface RunContext {
  readonly environment: Environment;
  readonly config: Config;
  readonly source: Source;
  /** Why this source, in words, where there was a choice. */
  readonly sourceReason: string | undefined;
  readonly lake: Lake;
  readonly runId: string;
  /** SHA-256 of the sources and the lockfile. */
  readonly codeHash: string;
  /** The same over what a fit depends on. */
  readonly modelCodeHash: string;
  readonly log: Logger;
}

/** What a stage sees and may write. */
export interface StageContext extends RunContext {
  /** A dataset's latest vintage, no row dated after AS_OF. */
  read(dataset: string, equals?: Readonly<Record<string, string>>): Promise<Table>;
  /** Commits what is new or revised of a dataset the stage declares. */
  write(dataset: string, table: Table, options?: {readonly tolerance?: number}): Promise<Appended>;
  /** `memory` of the facts this stage gave when it last ran, where its datasets are as it left them then. */
  readonly memory: unknown;
  /** Says how far a long computation is. */
  progress(text: string): void;
}

export interface Stage {
  readonly name: string;
  /** For `make help` and the progress display. */
  readonly does: string;
  readonly after: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Those of `writes` that another stage writes too: its rows do not make this one run again. */
  readonly shares?: readonly string[];
  /** The parts of the configuration that change the result. */
  readonly config: readonly (keyof Config)[];
  /** Anything else that changes the result, as a hash; undefined makes the stage run every time. */
  readonly fingerprint?: (context: RunContext) => Promise<string | undefined>;
  readonly run: (context: StageContext) => Promise<StageFacts>;
  /** Whether what the stage left outside the datasets is still there, told from the facts it gave. */
  readonly stands?: (context: RunContext, facts: StageFacts) => Promise<boolean>;
}

/** Figures of a stage for the log and the run's summary; `memory` is for the stage's next run alone. */
export type StageFacts = Readonly<Record<string, unknown>>;

export interface StageReport {
  readonly stage: string;
  readonly skipped: boolean;
  readonly seconds: number;
  readonly written: readonly Appended[];
  readonly facts: StageFacts;
}

interface StageState {
  readonly fingerprint: string;
  readonly outputs: Readonly<Record<string, string>>; // dataset -> SHA-256 of its snapshot
  readonly facts: StageFacts;
  readonly memory?: unknown;
}

/** Runs a stage, or skips it where its inputs, its outputs and the code are as they were. */
export async function runStage(
  stage: Stage,
  context: RunContext,
  {progress, clock}: {readonly progress: (text: string) => void; readonly clock: () => number},
): Promise<StageReport> {
  const started = clock();
  const inputs = await inputsOf(stage, context);
  const beside = stage.fingerprint ? await stage.fingerprint(context) : "";
  const fingerprint = beside === undefined ? undefined : sha256(JSON.stringify({inputs, own: beside}));
  const key = `state/${stage.name}.json`;
  const last = await readJson<StageState>(context.lake.store, key);
  const before = last && (await outputsStand(last, context.lake)) ? last : undefined;
  const stands = async ({facts}: StageState): Promise<boolean> =>
    (await stage.stands?.(context, facts)) ?? true;
  if (before && before.fingerprint === fingerprint && (await stands(before))) {
    return {stage: stage.name, skipped: true, seconds: clock() - started, written: [], facts: before.facts};
  }
  const written: Appended[] = [];
  const {memory, ...facts} = await stage.run({
    ...context,
    memory: before?.memory,
    async read(dataset, equals = {}) {
      if (!stage.reads.includes(dataset) && !stage.writes.includes(dataset)) {
        throw new RangeError(`Cannot read ${dataset} in ${stage.name}: the graph does not declare it`);
      }
      return onOrBefore(await context.lake.read(dataset, {equals}), context.environment.asOf);
    },
    async write(dataset, table, options) {
      if (!stage.writes.includes(dataset)) {
        throw new RangeError(`Cannot write ${dataset} in ${stage.name}: the graph does not declare it`);
      }
      const appended = await context.lake.append(dataset, table, {
        committedAt: context.environment.now,
        run: context.runId,
        inputs,
        ...options,
      });
      written.push(appended);
      return appended;
    },
    progress,
  });
  if (fingerprint !== undefined) {
    const own = written.filter(({dataset}) => !stage.shares?.includes(dataset));
    const outputs = Object.fromEntries(own.map(({dataset, sha256}) => [dataset, sha256]));
    const state: StageState = {fingerprint, outputs, facts: lastingFacts(facts), memory};
    await context.lake.store.replace(key, toJson(state));
  }
  return {stage: stage.name, skipped: false, seconds: clock() - started, written, facts};
}

// A run that takes up a stopped one's work adds and fits less, and has the same result.
function lastingFacts(facts: StageFacts): StageFacts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !OF_THE_RUN.has(name)));
}

/** What a stage would be made from now: what its datasets' manifests say of when they were. */
export async function inputsOf(
  stage: Stage,
  {lake, config, codeHash, environment}: RunContext,
): Promise<Inputs> {
  const inputs: Record<string, string> = {};
  for (const dataset of stage.reads.filter((name) => !stage.writes.includes(name)))
    inputs[dataset] = (await lake.manifest(dataset))?.snapshot.sha256 ?? "none";
  inputs.as_of = (await hides(environment.asOf, stage, lake)) ? isoDate(environment.asOf) : "all";
  inputs.code = codeHash;
  inputs.configuration = sha256(JSON.stringify(stage.config.map((key) => [key, config[key]])));
  return inputs;
}

// AS_OF matters only where it hides something: a later day without new bars changes no result.
async function hides(asOf: number, {reads}: Stage, lake: Lake): Promise<boolean> {
  const manifests = await Promise.all(reads.map((dataset) => lake.manifest(dataset)));
  return manifests.some((manifest) => manifest?.last_date && sessionDate(manifest.last_date) > asOf);
}

async function outputsStand(state: StageState, lake: Lake): Promise<boolean> {
  for (const [dataset, sha] of Object.entries(state.outputs)) {
    if ((await lake.manifest(dataset))?.snapshot.sha256 !== sha) return false;
  }
  return true;
}
