// How good are the models on other symbols? The same pipeline for each configuration, the results side by side.
// node pipeline/targets.ts [CONFIG …]: the run's own target, then those of the files, by default all in config/targets.
import {spawn} from "node:child_process";
import {readdirSync} from "node:fs";
import {join} from "node:path";
import {argv} from "zx";
import type {Source} from "../src/config.ts";
import {SAMPLE_SYMBOLS} from "../src/market/sample.ts";
import {columnTypes} from "../src/store/contract.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {tableFromRows} from "../src/store/table.ts";
import {createContext} from "./context.ts";
import {type Environment, readEnvironment, UsageError} from "./environment.ts";
import {lockLake} from "./lock.ts";
import {createLogger, runSteps} from "./log.ts";
import {providerOf} from "./providers.ts";
import {targetRows} from "./targetRows.ts";
import {universeSymbols} from "./universe.ts";

const FOLDER = "config/targets";
const STAGE = "evaluate";

interface Target {
  readonly path: string;
  readonly symbol: string;
  readonly environment: Environment;
}

async function main(): Promise<void> {
  const asked = askedTargets();
  const {environment} = asked[0]!;
  const {source} = (await providerOf(environment)).provider;
  const log = createLogger(environment.now.replaceAll(/[-:.]/g, ""));
  const targets = asked.filter(({path, symbol, environment: {config}}) => {
    const lacking = universeSymbols(config.universe).filter((name) => !SAMPLE_SYMBOLS.includes(name));
    if (source !== "sample" || lacking.length === 0) return true;
    log.warn({target: symbol, config: path}, `left out: the simulated market has no ${lacking.join(", ")}`);
    return false;
  });
  await runSteps(
    targets.map((target) => ({
      title: target.symbol,
      run: () => runPipeline(target, source),
    })),
  );
  await writeSideBySide(targets, {source, log});
}

/** The run's own target first. */
function askedTargets(): Target[] {
  const own = targetOf(process.env.CONFIG?.trim() || "config/default.yaml");
  if (own.environment.vintage) throw new UsageError("Cannot compare targets as of a VINTAGE: leave it out");
  const files = argv._.length > 0 ? argv._.map(String) : configsIn(FOLDER);
  const others = files.filter((path) => path !== own.path).map(targetOf);
  const seen = new Set<string>();
  for (const {path, symbol} of [own, ...others]) {
    if (seen.has(symbol)) throw new UsageError(`Cannot compare targets: ${path} has ${symbol} a second time`);
    seen.add(symbol);
  }
  return [own, ...others];
}

function configsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}

function targetOf(path: string): Target {
  const environment = readEnvironment({...process.env, CONFIG: path});
  return {path, symbol: environment.config.universe.target, environment};
}

/** The pipeline's own command in a process of its own: its log is part of this one's. */
async function runPipeline({path, symbol, environment}: Target, source: Source): Promise<string> {
  const child = spawn(process.execPath, ["pipeline/run.ts", STAGE], {
    env: {...process.env, CONFIG: path, SOURCE: source, NOW: environment.now},
    stdio: ["ignore", process.stdout.isTTY ? "ignore" : "inherit", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code === 0) return "evaluated";
  const reason = stderr.trim().split("\n").at(-1);
  throw new Error(
    `Cannot compare targets: ${symbol} failed (${reason}). Correct ${path}, or name the configurations to compare: node pipeline/targets.ts CONFIG …`,
  );
}

async function writeSideBySide(
  targets: readonly Target[],
  {source, log}: {source: Source; log: ReturnType<typeof createLogger>},
): Promise<void> {
  const roots = await Promise.all(targets.map((target) => rootOf(target, source)));
  const found = await Promise.all(
    targets.map(({environment}, i) => targetRows(storeAt(roots[i]!), environment)),
  );
  const rows = found.flatMap((target) => target.rows);
  const {environment} = targets[0]!;
  const {store, release} = await lockLake(roots[0]!, {now: new Date().toISOString()});
  try {
    const {lake, runId, codeHash} = createContext(environment, {store, source, log: () => log});
    const hashes = Object.fromEntries(targets.map(({symbol}, i) => [symbol, found[i]!.hash]));
    const table = tableFromRows(
      columnTypes(lake.contract("targets")),
      rows.map((row) => ({...row})),
    );
    const inputs = {...hashes, code: codeHash};
    await lake.append("targets", table, {committedAt: environment.now, run: runId, inputs});
  } finally {
    await release();
  }
  const champion = rows.filter(({model, horizon}) => horizon === 5 && model === environment.config.champion);
  for (const {symbol, n, qlike, gain_qlike_rv20, dm_t_har_vix} of champion)
    log.info({target: symbol, n, qlike, gain_qlike_rv20, dm_t_har_vix}, "champion, 5 sessions ahead");
}

async function rootOf({symbol, environment: {dataDir}}: Target, source: Source): Promise<string> {
  const root = (name: string): string => rootBelow(dataDir, name);
  return root(await lakeName({source, target: symbol}, (name) => storeAt(root(name))));
}

try {
  await main();
} catch (error) {
  const {message} = error as Error;
  process.stderr.write(`${message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
