// Who computes what takes longer than a request may keep the others waiting? Threads, with a short queue before them.

import {Piscina} from "piscina";
import {createModelTasks, type ModelAnswer, type ModelTask} from "./modelTasks.ts";
import type {PredictorOptions} from "./predictor.ts";
import {Problem} from "./problem.ts";
import type {TickerHistory} from "./tickerHistory.ts";
import type {TickerFit, TickerModel} from "./tickerModels.ts";

const LONGEST_MS = 20_000; // of a task, its waiting included
const BUSY_SECONDS = 2; // after which to try again: the queue is through by then
const THREAD_HEAP_MB = 128;

export interface ModelWorkOptions {
  /** 0 computes where it is asked, as tests do. */
  readonly threads: number;
  /** Tasks under way or waiting, beyond which others are refused. */
  readonly mostTasks?: number;
}

export interface ModelWork {
  /** The answers to a batch as JSON; the text is checked too. */
  batch(options: PredictorOptions, text: string): Promise<{json: Uint8Array<ArrayBuffer>; rows: number}>;
  /** A model fitted to a ticker's returns: once for each history, however often it is asked. */
  fit(history: TickerHistory, model: TickerModel): Promise<TickerFit>;
  /** Starts the threads, which the first task would have to wait for. */
  warmUp(): void;
  /** Tasks under way or waiting. */
  tasks(): number;
  close(): Promise<void>;
}

/**
 * Work on other threads. Every method throws the Problem that the task did, or `overloaded` where too much waits.
 * Threads outlive the models: one that does not know a predictor is told.
 */
export function createModelWork({threads, mostTasks = 16}: ModelWorkOptions): ModelWork {
  let pool: Piscina<ModelTask, ModelAnswer> | undefined;
  const here = createModelTasks();
  const ids = new WeakMap<PredictorOptions, number>();
  const fits = new WeakMap<TickerHistory, Map<TickerModel, Promise<TickerFit>>>();
  let newestId = 0;
  let underWay = 0;

  async function run(task: ModelTask): Promise<ModelAnswer> {
    if (threads === 0) return here(task);
    pool ??= createPool(threads);
    const signal = AbortSignal.timeout(LONGEST_MS);
    try {
      return await pool.run(task, {signal});
    } catch (error) {
      throw signal.aborted ? overloaded(`took longer than ${LONGEST_MS / 1000} s`) : error;
    }
  }

  async function answer<Task extends ModelTask>(
    task: Task,
    options?: PredictorOptions,
  ): Promise<Extract<ModelAnswer, {kind: Task["kind"]}>> {
    if (underWay >= mostTasks) throw overloaded(`finds ${underWay} others before it`);
    underWay++;
    try {
      const first = await run(task);
      const found = first.kind === "unknown" ? await run({...task, ...(options && {options})}) : first;
      if (found.kind === "problem") throw new Problem(found.problem, found.faults);
      return found as Extract<ModelAnswer, {kind: Task["kind"]}>;
    } finally {
      underWay--;
    }
  }

  function idOf(options: PredictorOptions): number {
    const id = ids.get(options) ?? ++newestId;
    ids.set(options, id);
    return id;
  }

  return {
    batch: (options, text) => answer({kind: "batch", text, predictor: idOf(options)}, options),
    fit(history, model) {
      const known = fits.get(history) ?? new Map<TickerModel, Promise<TickerFit>>();
      fits.set(history, known);
      const found = known.get(model);
      if (found) return found;
      const {returns, ticker} = history;
      const fitted = answer({kind: "fit", returns, ticker, model}).then(({fit}) => fit);
      known.set(model, fitted);
      fitted.catch(() => known.delete(model));
      return fitted;
    },
    warmUp() {
      if (threads > 0) pool ??= createPool(threads);
    },
    tasks: () => underWay,
    close: async () => pool?.destroy(),
  };
}

function createPool(threads: number): Piscina<ModelTask, ModelAnswer> {
  const pool = new Piscina<ModelTask, ModelAnswer>({
    filename: new URL("./modelThread.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: {maxOldGenerationSizeMb: THREAD_HEAP_MB, maxYoungGenerationSizeMb: 4},
  });
  pool.on("error", () => {}); // a thread that dies fails its task, and another takes its place
  return pool;
}

function overloaded(what: string): Problem {
  return new Problem(
    "overloaded",
    {detail: `The request ${what}`, remedy: `Try again in ${BUSY_SECONDS} seconds`},
    {headers: {"retry-after": String(BUSY_SECONDS)}},
  );
}
