// What does the server's process do, from its start to its end? It is up at once, and ready as soon as a lake has a model.
import {existsSync, readFileSync} from "node:fs";
import pino from "pino";
import {calendarOf} from "../market/tradingCalendar.ts";
import {openLake} from "../store/lake.ts";
import {lakeName} from "../store/lakeName.ts";
import {rootBelow, storeAt} from "../store/lakeRoot.ts";
import type {ReaderProcess} from "../store/readerProcess.ts";
import {createApp} from "./app.ts";
import {chooseLake} from "./chooseLake.ts";
import {readServerEnvironment, type ServerEnvironment, UsageError} from "./environment.ts";
import {followLake} from "./serving.ts";

const REFRESH_MS = 15_000;
const SHUTDOWN_MS = 10_000;
const LAG_CHECK_MS = 100;
const LOG_BYTES = 8192;
const LOG_MS = 500;

/** Runs the server; ends the process with 1 where it fails, with 2 where a variable makes no sense. */
export async function serve({reader}: {readonly reader: ReaderProcess}): Promise<void> {
  await start(reader).catch(fail);
}

async function start(reader: ReaderProcess): Promise<void> {
  const environment = readServerEnvironment(process.env, (path) =>
    existsSync(path) ? readFileSync(path, "utf8") : undefined,
  );
  const {host, port, dataDir, source, config} = environment;
  // Two lines a request, each written by itself, took a fifth of its time.
  const log = pino.destination({dest: 1, sync: true, minLength: LOG_BYTES, periodicFlush: LOG_MS});
  process.once("exit", () => flushLog(log));
  const logger = pino(
    {
      level: process.stdout.isTTY ? "warn" : "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {level: (label) => ({level: label})},
    },
    log,
  );
  const symbol = config.universe.target;
  const storeOf = (name: string) => storeAt(rootBelow(dataDir, name));
  const rootOf = async (name: string): Promise<string> =>
    rootBelow(dataDir, await lakeName({source: name, target: symbol}, storeOf));
  // The server only reads: a snapshot that is being rewritten is derived in memory, not written.
  const lakeOf = (root: string) =>
    reader.reading(openLake({store: {...storeAt(root), replace: async () => {}}}), root);
  let lake = ""; // the folder of the one that was chosen
  const follower = followLake(
    async () => {
      const chosen = await chooseLake(source, async (name) => lakeOf(await rootOf(name)));
      if (chosen) lake = await rootOf(chosen.source);
      return chosen && {...chosen, symbol, calendarOf: calendarOf(config.universe)};
    },
    {
      loaded({predictor}) {
        const {version, trained_through} = predictor.manifests[0]!;
        logger.info({lake, model_version: version, trained_through}, "model loaded");
        say(`serving ${lake}: model ${version}, newest session ${predictor.newestSession}`);
      },
      failed: (error) => logger.error({reason: error.message}, "model not loaded"),
    },
  );
  const {version} = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const loading = follower.refresh(); // another process reads meanwhile
  const app = await createApp({
    serving: follower.current,
    failure: follower.failure,
    version,
    logger,
    requestsPerMinute: environment.requestsPerMinute,
    apiKey: environment.apiKey,
    origins: environment.origins,
    cacheSeconds: environment.cacheSeconds,
    threads: environment.threads,
    now: Date.now,
    lag: watchLag(),
  });
  await loading;
  if (!follower.current())
    logger.warn(
      `no model under ${dataDir} (SOURCE=${source}): /ready says 503 until make report has made one`,
    );
  const address = await app.listen({host, port}).catch((error) => {
    throw new Error(listenFailure(error, environment));
  });
  flushLog(log);
  say(`listening on ${address}, documented at ${address}/docs`);
  const timer = setInterval(follower.refresh, REFRESH_MS);
  stopOnSignal(async () => {
    clearInterval(timer);
    await app.close();
  });
}

// Not by flushSync(), which tries again for ever, and lets nothing else happen, where nobody reads any more.
function flushLog(log: {flush(): void}): void {
  try {
    log.flush();
  } catch {
    // there is nobody to tell
  }
}

/** How late the event loop last was, in milliseconds. */
function watchLag(): () => number {
  let due = performance.now() + LAG_CHECK_MS;
  let lag = 0;
  setInterval(() => {
    const now = performance.now();
    lag = Math.max(0, now - due);
    due = now + LAG_CHECK_MS;
  }, LAG_CHECK_MS).unref();
  return () => Math.max(lag, performance.now() - due);
}

/** On a terminal a person reads along; elsewhere the log has it. */
function say(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`${text}\n`);
}

// Requests in flight are finished; idle connections are closed.
function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      setTimeout(
        () => fail(new Error(`Cannot stop: requests are still running after ${SHUTDOWN_MS} ms`)),
        SHUTDOWN_MS,
      ).unref();
      stop().then(() => process.exit(0), fail);
    });
  }
}

function listenFailure(error: NodeJS.ErrnoException, {host, port}: ServerEnvironment): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "the port is in use; choose another with PORT=",
    EACCES: "permission is missing; choose a port above 1023 with PORT=",
    EADDRNOTAVAIL: "this machine has no such address; choose another with HOST=",
    ENOTFOUND: "there is no such host; choose another with HOST=",
  };
  return `Cannot listen on ${host}:${port}: ${reasons[error.code ?? ""] ?? error.message}`;
}

function fail(error: unknown): void {
  const {message} = error as Error;
  process.stderr.write(`${message.replaceAll("\n", " ")}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
