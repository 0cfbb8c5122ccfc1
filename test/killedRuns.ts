// Runs of the pipeline that die where a test wants them to.
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {type RunResult, startPipeline} from "./runPipeline.ts";

const PRELOADED = fileURLToPath(new URL("./dieAtWrite.fixture.ts", import.meta.url));

const BATCH = 50; // files; a commit of fewer has no middle

/** The changes an undisturbed run makes to the disk, in their order. */
export async function changesOf(
  stages: readonly string[],
  variables: Record<string, string>,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "volbook-trace-"));
  const trace = join(folder, "trace");
  try {
    const {result} = startPipeline(stages, {...preloaded, ...variables, TRACE_WRITES: trace});
    const {code, stderr} = await result;
    if (code !== 0) throw new Error(`the undisturbed run failed: ${stderr}`);
    return readFileSync(trace, "utf8").trim().split("\n");
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/**
 * Of the many files of a batch the first, the middle and the last, and one while they are still aside; everything else
 * once. Signs of life of the lock come when they come and are left out.
 */
export function distinctChanges(changes: readonly string[]): string[] {
  const groups = Map.groupBy(changes, (change) => change.replace(/#\d+$/, ""));
  const chosen = new Set(
    [...groups].flatMap(([name, group]) => {
      const middle = group[group.length >> 1]!;
      if (name.includes("/_aside/")) return group.length < BATCH ? [] : [middle];
      if (name === "replace _lock/*") return [];
      return group.length < BATCH ? group : [group[0]!, middle, group.at(-1)!];
    }),
  );
  return changes.filter((change) => chosen.has(change));
}

/** A run that is killed with SIGKILL right before a change; it ends well where it has no such change to make. */
export function runUntil(
  change: string,
  stages: readonly string[],
  variables: Record<string, string>,
): Promise<RunResult & {readonly killed: boolean}> {
  return outcome(startPipeline(stages, {...preloaded, ...variables, DIE_AT: change}));
}

/** A run that is killed with SIGKILL after a time. */
export async function runFor(
  milliseconds: number,
  stages: readonly string[],
  variables: Record<string, string>,
): Promise<RunResult & {readonly killed: boolean}> {
  const run = startPipeline(stages, variables);
  const timer = setTimeout(() => run.child.kill("SIGKILL"), milliseconds);
  const result = await outcome(run);
  clearTimeout(timer);
  return result;
}

const preloaded = {NODE_OPTIONS: `--import=${PRELOADED}`};

async function outcome({
  child,
  result,
}: ReturnType<typeof startPipeline>): Promise<RunResult & {readonly killed: boolean}> {
  const ended = await result;
  return {...ended, killed: child.signalCode === "SIGKILL"};
}
