// How does a process that lives long read a lake without keeping what reading takes? Another one reads for it, and ends.
import {type ChildProcess, fork} from "node:child_process";
import {getCompileCacheDir} from "node:module";
import {fileURLToPath} from "node:url";
import type {Lake} from "./lake.ts";
import type {Table} from "./table.ts";

const READER = fileURLToPath(new URL("./readerChild.ts", import.meta.url));
const IDLE_MS = 500;
const FIRST_QUESTION_MS = 10_000; // within which a process that was started ahead is asked something

/** What is asked of the reading process, and what it answers. */
export interface ReadQuestion {
  readonly id: number;
  readonly root: string;
  readonly dataset: string;
  readonly options: Parameters<Lake["read"]>[1];
}
export type ReadAnswer = {readonly id: number} & ({readonly table: Table} | {readonly error: string});

interface Waiting {
  resolve(table: Table): void;
  reject(error: Error): void;
}

/** Reads lakes in a process of its own, which starts with the first question and ends when none is left. */
export interface ReaderProcess {
  /** Starts the process ahead of the first question. */
  start(): void;
  /** The same lake, its rows read over there. */
  reading(lake: Lake, root: string): Lake;
}

/** DuckDB and what it leaves behind are some 80 MB: they go with the process. */
export function createReaderProcess(): ReaderProcess {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let questions = 0;

  function launch(): ChildProcess {
    const cache = process.env.NODE_COMPILE_CACHE ?? getCompileCacheDir();
    const started = fork(READER, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {...process.env, ...(cache === undefined ? {} : {NODE_COMPILE_CACHE: cache})},
    });
    started.on("message", (answer: ReadAnswer) => {
      const {resolve, reject} = waiting.get(answer.id)!;
      waiting.delete(answer.id);
      if ("table" in answer) resolve(answer.table);
      else reject(new Error(answer.error));
      if (waiting.size === 0) idle = setTimeout(stop, IDLE_MS).unref();
    });
    const failAll = (reason: string) => {
      if (child === started) child = undefined;
      for (const {reject} of waiting.values())
        reject(new Error(`Cannot read the lake: the process that reads it ended (${reason})`));
      waiting.clear();
    };
    started.once("error", ({message}) => failAll(message));
    started.once("exit", (code, signal) => {
      if (child === started) failAll(String(signal ?? code));
    });
    return started;
  }

  function stop(): void {
    const stopped = child;
    child = undefined;
    stopped?.disconnect();
  }

  function read(root: string, dataset: string, options: ReadQuestion["options"]): Promise<Table> {
    clearTimeout(idle);
    child ??= launch();
    const id = ++questions;
    const {promise, resolve, reject} = Promise.withResolvers<Table>();
    waiting.set(id, {resolve, reject});
    child.send({id, root, dataset, options} satisfies ReadQuestion);
    return promise;
  }

  return {
    start() {
      child ??= launch();
      idle = setTimeout(stop, FIRST_QUESTION_MS).unref();
    },
    reading: (lake, root) => ({...lake, read: (dataset, options) => read(root, dataset, options)}),
  };
}
