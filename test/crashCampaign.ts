// Does the lake survive every kill? node test/crashCampaign.ts [--steps] [--random N] [--seed S] [--stage STAGE] [--bucket]
// Kills runs right before each change of the disk (--steps), then N at random times, and compares the lakes' bytes with
// those of an undisturbed run in a folder. With --bucket the random kills are of runs on a lake in a bucket.
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {argv} from "zx";
import {createRandom} from "../src/random.ts";
import {changesOf, distinctChanges, runFor, runUntil} from "./killedRuns.ts";
import {contents, runPipeline} from "./runPipeline.ts";
import {startS3Server} from "./s3Server.ts";

const stages = [String(argv.stage ?? "explain")];
const random = createRandom(Number(argv.seed ?? 1));
const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "volbook-campaign-"));
const server = argv.bucket ? await startS3Server() : undefined;
const variables = (name: string): Record<string, string> => ({
  CONFIG: "test/crash.yaml",
  SOURCE: "sample",
  NOW: "2022-03-01T12:00:00Z",
  DATA_DIR: join(folder, name),
});

const inBucket = (name: string): Record<string, string> =>
  server
    ? {
        ...variables(name),
        DATA_DIR: `s3://${server.bucket}/${name}`,
        AWS_ENDPOINT_URL_S3: server.url,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        VOLBOOK_CACHE: join(folder, "cache"),
      }
    : variables(name);

try {
  const started = performance.now();
  const changes = await changesOf(stages, variables("undisturbed"));
  const seconds = (performance.now() - started) / 1000;
  const distinct = distinctChanges(changes);
  console.log(`undisturbed: ${seconds.toFixed(1)} s, ${changes.length} changes, ${distinct.length} distinct`);
  if (argv.steps) await killAtSteps(distinct);
  await killAtRandom(Number(argv.random ?? 50), seconds);
} finally {
  await server?.close();
  rmSync(folder, {recursive: true, force: true});
}

// Each run goes on with what the one before it left, so that the kills also meet recoveries. Where a recovery has made
// the change already the run ends well: its lake is compared, and a new one takes its place.
async function killAtSteps(distinct: readonly string[]): Promise<void> {
  let lakes = 1;
  for (const [index, change] of distinct.entries()) {
    const {killed, code, stderr} = await runUntil(change, stages, variables("steps"));
    if (killed) continue;
    if (code !== 0) throw new Error(`towards change ${index}, ${change}: ${stderr}`);
    await compare("steps");
    rmSync(join(folder, "steps"), {recursive: true});
    lakes++;
    const anew = await runUntil(change, stages, variables("steps"));
    if (!anew.killed) throw new Error(`a run from scratch never came to ${change}: ${anew.stderr}`);
  }
  await compare("steps");
  console.log(
    `${distinct.length} kills, one before each distinct change, over ${lakes} lakes: the same bytes`,
  );
}

async function killAtRandom(wanted: number, seconds: number): Promise<void> {
  let kills = 0;
  let lakes = 0;
  while (kills < wanted) {
    const name = `random-${lakes++}`;
    for (;;) {
      const {killed, code, stderr} = await runFor(
        1000 * (0.5 + 0.5 * seconds * random.uniform()),
        stages,
        inBucket(name),
      );
      if (killed) kills++;
      else if (code !== 0) throw new Error(`lake ${lakes}, after ${kills} kills: ${stderr}`);
      if (!killed || kills >= wanted) break;
    }
    await compare(name, inBucket(name));
    rmSync(join(folder, name), {recursive: true, force: true});
  }
  console.log(`${kills} kills at random times over ${lakes} lakes: the same bytes`);
}

async function compare(name: string, environment = variables(name)): Promise<void> {
  const {code, stderr} = await runPipeline(stages, environment);
  if (code !== 0) throw new Error(`${name}: the run after the kills failed: ${stderr}`);
  const ours = environment.DATA_DIR?.startsWith("s3:")
    ? contentsInBucket(name)
    : contents(join(folder, name));
  const theirs = contents(join(folder, "undisturbed"));
  const paths = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const differing = [...paths].filter((path) => ours[path] !== theirs[path]);
  if (differing.length > 0)
    throw new Error(`${name}: ${differing.length} files differ: ${differing.slice(0, 5)}`);
}

function contentsInBucket(name: string): Record<string, string> {
  const entries = [...server!.objects].filter(([key]) => key.startsWith(`${name}/`));
  return Object.fromEntries(
    entries
      .map(([key, {bytes}]) => [key.slice(name.length + 1), bytes.toString("base64")] as const)
      .filter(([key]) => !/(^|\/)(runs\/|_lock\/|_conditional-writes$)/.test(key)),
  );
}
