// The pipeline's command: node pipeline/run.ts [STAGE …], a stage bringing all it needs with it.
import {performance} from "node:perf_hooks";
import {argv} from "zx";
import type {Bars} from "../src/market/bars.ts";
import {openLake, sha256, toJson} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {isoDate} from "../src/units.ts";
import {createContext} from "./context.ts";
import {readEnvironment, UsageError} from "./environment.ts";
import {graph, upTo} from "./graph.ts";
import {lockLake} from "./lock.ts";
import {createLogger, runSteps} from "./log.ts";
import {barsKnownAt, providerOf, vintageProvider} from "./providers.ts";
import {type RunContext, runStage, type Stage, type StageReport} from "./stage.ts";
import {wordsOf} from "./words.ts";

async function main(): Promise<void> {
  const wanted = argv._.length > 0 ? argv._.map(String) : ["site"];
  const environment = readEnvironment(process.env);
  const chosen = await providerOf(environment);
  const {source} = chosen.provider;
  const {target} = environment.config.universe;
  const lakeRoot = (name: string): string => rootBelow(environment.dataDir, name);
  const base = lakeRoot(await lakeName({source, target}, (name) => storeAt(lakeRoot(name))));
  const {vintage} = environment;
  const root = vintage ? rootBelow(base, "vintages", vintage.replaceAll(":", "")) : base;
  const {store, release} = await lockLake(root, {now: new Date().toISOString()});
  try {
    const provider = environment.vintage
      ? vintageProvider(source, await vintageOf(base, environment.vintage))
      : chosen.provider;
    const stages = selectStages(graph(provider), wanted);
    const context = createContext(environment, {
      store,
      source,
      ...(environment.source === "auto" ? {sourceReason: chosen.reason} : {}),
      log: createLogger,
    });
    const {lake, log, sourceReason} = context;
    if (sourceReason) log.warn(sourceReason);
    if (sourceReason && process.stdout.isTTY) console.log(sourceReason);
    for (const done of await lake.recover()) log.warn(done);
    const newest = await lake.newestCommit();
    if (newest !== undefined && Date.parse(environment.now) < Date.parse(newest)) {
      throw new Error(
        `Cannot run at ${environment.now}: the newest commit of the lake ${root} is of ${newest}. Correct the clock, or set NOW to that time or a later one`,
      );
    }
    const [problem, ...others] = await lake.verify({content: false});
    if (problem) {
      const more = others.length > 0 ? ` and ${others.length} more files differ` : "";
      throw new Error(
        `Cannot use the lake ${root}: ${problem}${more}. Restore the files from a copy, or remove the folder and run again`,
      );
    }
    await runStages(stages, context);
  } finally {
    await release();
  }
}

function selectStages(stages: readonly Stage[], wanted: readonly string[]): Stage[] {
  const names = new Set(
    wanted.flatMap((name) => {
      try {
        return upTo(stages, name).map((stage) => stage.name);
      } catch (error) {
        throw new UsageError((error as Error).message);
      }
    }),
  );
  return stages.filter(({name}) => names.has(name));
}

async function runStages(stages: readonly Stage[], context: RunContext): Promise<void> {
  const {log, runId, environment, lake} = context;
  const reports: StageReport[] = [];
  let failure: Error | undefined;
  const started = performance.now();
  try {
    await runSteps(
      stages.map((stage) => ({
        title: `${stage.name} (${stage.does})`,
        async run(say) {
          const clock = (): number => performance.now() / 1000;
          const report = await runStage(stage, context, {progress: say, clock});
          reports.push(report);
          log.info({stage: stage.name, ...summaryOf(report)}, report.skipped ? "up to date" : "done");
          return wordsOf(report);
        },
      })),
    );
  } catch (error) {
    failure = error as Error;
  }
  const seconds = (performance.now() - started) / 1000;
  const usage = process.cpuUsage();
  const summary = {
    run: runId,
    ok: failure === undefined,
    error: failure?.message ?? null,
    now: environment.now,
    as_of: isoDate(environment.asOf),
    source: context.source,
    source_reason: context.sourceReason ?? null,
    code: context.codeHash,
    configuration: sha256(JSON.stringify(environment.config)),
    seconds: rounded(seconds),
    cpu_seconds: rounded((usage.user + usage.system) / 1e6), // of all its threads
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    stages: reports.map((report) => ({stage: report.stage, ...summaryOf(report)})),
  };
  await lake.store.replace(`runs/${runId}.json`, toJson(summary));
  log.info(
    {seconds: summary.seconds, peak_memory_mb: summary.peak_memory_mb},
    failure ? "run failed" : "run ended",
  );
  if (failure) throw failure;
}

async function vintageOf(base: string, vintage: string): Promise<ReadonlyMap<string, Bars>> {
  const bars = await barsKnownAt(openLake({store: storeAt(base)}), vintage);
  if (bars.size === 0)
    throw new UsageError(`Cannot use VINTAGE=${vintage}: the lake ${base} held nothing then`);
  return bars;
}

function summaryOf({skipped, seconds, written, facts}: StageReport): Record<string, unknown> {
  return {skipped, seconds: rounded(seconds), ...facts, datasets: written};
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    process.stderr.write(`Stopped by ${signal}: what was committed stays, run again to go on\n`);
    process.exit(1);
  });
}

try {
  await main();
} catch (error) {
  const {message} = error as Error;
  process.stderr.write(`${message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
