// Runs the pipeline's command as a user does, in a process of its own.
import {type ChildProcess, spawn} from "node:child_process";
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {simulateMarket} from "../src/market/sample.ts";
import {isoDate, sessionDate} from "../src/units.ts";

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningPipeline {
  readonly child: ChildProcess;
  readonly result: Promise<RunResult>;
}

/** Starts `node pipeline/run.ts <stages>` with only these variables of its own. */
export function startPipeline(stages: readonly string[], variables: Record<string, string>): RunningPipeline {
  return startScript(["pipeline/run.ts", ...stages], variables);
}

/** Starts a script of the repository with its arguments and only these variables of its own. */
export function startScript(words: readonly string[], variables: Record<string, string>): RunningPipeline {
  const {PATH = "", HOME = "", TMPDIR = "/tmp"} = process.env;
  const child = spawn(process.execPath, words, {
    cwd: REPOSITORY,
    env: {PATH, HOME, TMPDIR, ...variables},
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const result = new Promise<RunResult>((resolve) => {
    child.once("close", (code) => resolve({code, stdout, stderr}));
  });
  return {child, result};
}

export function runPipeline(
  stages: readonly string[],
  variables: Record<string, string>,
): Promise<RunResult> {
  return startPipeline(stages, variables).result;
}

/** Every file under a folder as base64 by its path, without what tells of the run and not of the data. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths
      .map((path) => [path.slice(folder.length + 1), path] as const)
      .filter(([name]) => !/(^|\/)(runs|_lock)\//.test(name))
      .map(([name, path]) => [name, readFileSync(path, "base64")]),
  );
}

/** A folder of CSV files with the simulated market, one file a symbol; `change` edits the rows of a file. */
export function writeMarketCsv(
  folder: string,
  {
    first,
    last,
    change = (rows) => rows,
  }: {first: string; last: string; change?: (rows: string[], symbol: string) => string[]},
): void {
  mkdirSync(folder, {recursive: true});
  const {bars} = simulateMarket({seed: 7, first: sessionDate(first), last: sessionDate(last)});
  for (const {symbol, sessions, open, high, low, close, adjClose, volume} of bars) {
    const rows = Array.from(sessions, (day, t) =>
      [symbol, isoDate(day), open[t], high[t], low[t], close[t], adjClose[t], volume[t]].join(","),
    );
    const header = "symbol,date,open,high,low,close,adj_close,volume";
    writeFileSync(
      join(folder, `${symbol.replace("^", "")}.csv`),
      `${[header, ...change(rows, symbol)].join("\n")}\n`,
    );
  }
}
