// How fast and how small is the server, beside a bare node:http handler? [DATA_DIR=…] node bench/server.ts [--seconds=40] [--minutes=1]
//
// Both run on one core, asked from another over loopback in turns, so that a busy machine slows both. Requests are sent
// at fixed times, and a latency counts from the time its request was due. Then the server alone is loaded for some
// minutes while its champion is changed under it, again and again.

import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {argv} from "zx";
import {runPipeline} from "../test/runPipeline.ts";
import {
  closeConnections,
  cpuMs,
  emptyLoad,
  failures,
  type Load,
  launch,
  megabytes,
  pinClient,
  pinned,
  post,
  quantile,
  type Running,
  steadyLoad,
  stop,
} from "./measuredServer.ts";
import {type SwappedLake, swappedLake} from "./swappedLake.ts";

const RATE = 200; // requests a second
const ROWS = 500; // of a batch
const ROUNDS = 4;
const STARTS = 5;
const SWAP_SECONDS = 20; // the server looks for what is new every 15
const SAMPLE_MS = 1000;
const seconds = Number(argv.seconds ?? 40); // of each kind of load
const minutes = Number(argv.minutes ?? process.env.SOAK_MINUTES ?? 1);
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const running: Running[] = [];
let rows = 0;

try {
  const lake = await swappedLake(process.env.DATA_DIR || (await makeLake()), join(folder, "served"));
  const variables = {DATA_DIR: lake.dataDir, SOURCE: lake.source};
  const starts = {
    cold: await startMs(variables, {onOneCore: true, times: 1}),
    onOneCore: await startMs(variables, {onOneCore: true, times: STARTS}),
    onAll: await startMs(variables, {onOneCore: false, times: STARTS}),
  };
  const server = await launch(["src/server/main.ts"], {variables});
  running.push(server);
  const newest = await newestSession(server);
  const row = () => ({as_of_date: newest, feature_vector: {vix: 12 + (rows++ % 100_000) / 10_000}});
  const body = () => JSON.stringify(row());
  const {text} = await post(server, "/predict", body());
  const bare = await launch(["bench/bareServer.ts", String(text.length)]);
  running.push(bare);
  pinClient();
  const memory = {atRest: megabytes(server), afterSingle: 0, afterBatch: 0};

  const single = {server: emptyLoad(), bare: emptyLoad()};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [to, load] of [[bare, single.bare] as const, [server, single.server] as const])
      await steadyLoad(to, load, {rate: RATE, seconds: seconds / ROUNDS, body});
  }
  memory.afterSingle = megabytes(server);
  reportSingle(single);
  reportBatch(await batchLoad(server, () => JSON.stringify(Array.from({length: ROWS}, row))));
  memory.afterBatch = megabytes(server);
  reportSize(starts, memory);
  await stop(server); // the soak begins with a server that has not been asked anything
  const fresh = await launch(["src/server/main.ts"], {variables});
  running.push(fresh);
  reportSoak(await soak(fresh, lake, body));
} finally {
  for (const each of running) await stop(each);
  closeConnections();
  rmSync(folder, {recursive: true, force: true});
}

async function makeLake(): Promise<string> {
  const dataDir = join(folder, "made");
  const market = existsSync("../shared/market")
    ? {SOURCE: "csv", CSV_DIR: "../shared/market"}
    : {SOURCE: "sample"};
  const {code, stderr} = await runPipeline(["infer"], {
    ...market,
    DATA_DIR: dataDir,
    NOW: "2024-01-02T12:00:00Z",
  });
  if (code !== 0) throw new Error(stderr);
  return dataDir;
}

async function startMs(
  variables: Record<string, string>,
  {onOneCore, times}: {onOneCore: boolean; times: number},
): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = await launch(["src/server/main.ts"], {variables, onOneCore});
    taken.push(started.startMs);
    await stop(started);
  }
  return quantile(taken, 0.5);
}

async function newestSession({port}: Running): Promise<string> {
  const ready = await (await fetch(`http://127.0.0.1:${port}/ready`)).json();
  return (ready as {newest_session: string}).newest_session;
}

async function batchLoad(to: Running, body: () => string) {
  await post(to, "/predict/batch", body()); // the thread's first
  const before = cpuMs(to);
  const started = performance.now();
  let answered = 0;
  let failed = 0;
  const client = async () => {
    while (performance.now() - started < seconds * 1000) {
      if ((await post(to, "/predict/batch", body())).status === 200) answered += ROWS;
      else failed++;
    }
  };
  await Promise.all([client(), client()]);
  const took = (performance.now() - started) / 1000;
  return {answered, failed, seconds: took, cpuMs: cpuMs(to) - before};
}

interface Soak {
  readonly load: Load;
  /** RSS once a second, MB. */
  readonly memory: readonly number[];
  readonly swapped: number;
  readonly takenOver: number;
}

async function soak(to: Running, lake: SwappedLake, body: () => string): Promise<Soak> {
  const load = emptyLoad();
  const memory: number[] = [];
  let swapped = 0;
  let takenOver = -1; // the first version is none that took over
  let version = "";
  const sampling = setInterval(() => memory.push(megabytes(to)), SAMPLE_MS);
  const swapping = setInterval(() => void lake.swap().then(() => swapped++), SWAP_SECONDS * 1000);
  await steadyLoad(to, load, {
    rate: RATE,
    seconds: 60 * minutes,
    body,
    answered(text) {
      const {model_version} = JSON.parse(text) as {model_version: string};
      if (model_version !== version) takenOver++;
      version = model_version;
    },
  });
  clearInterval(sampling);
  clearInterval(swapping);
  return {load, memory, swapped, takenOver};
}

function reportSingle(single: {server: Load; bare: Load}): void {
  const perRequest = ({cpuMs: spent, latencies}: Load) => (1000 * spent) / latencies.length;
  const line = (name: string, of: (load: Load) => number, digits: number) => {
    const [mine, other] = [of(single.server), of(single.bare)];
    return `| ${name} | ${mine.toFixed(digits)} | ${other.toFixed(digits)} | ${(mine / other).toFixed(2)} |`;
  };
  const place = pinned ? " on one core, the client on another" : "";
  console.log(
    `POST /predict with SHAP, every body another, ${RATE} requests a second for ${seconds} s${place}\n`,
  );
  console.log("| | server | bare node:http | ratio |\n|---|---:|---:|---:|");
  console.log(line("latency, median, ms", ({latencies}) => quantile(latencies, 0.5), 2));
  console.log(line("latency, 99 %, ms", ({latencies}) => quantile(latencies, 0.99), 2));
  console.log(line("processor, us a request", perRequest, 0));
  console.log(`| failed | ${failures(single.server)} | ${failures(single.bare)} | |`);
}

function reportBatch({answered, failed, seconds: took, cpuMs: spent}: Awaited<ReturnType<typeof batchLoad>>) {
  console.log(`\nPOST /predict/batch with SHAP, ${ROWS} rows each, two clients\n`);
  console.log("| predictions a second | processor, us a prediction | failed |\n|---:|---:|---:|");
  console.log(`| ${(answered / took).toFixed(0)} | ${((1000 * spent) / answered).toFixed(0)} | ${failed} |`);
}

function reportSize(
  {cold, onOneCore, onAll}: {cold: number; onOneCore: number; onAll: number},
  {atRest, afterSingle, afterBatch}: {atRest: number; afterSingle: number; afterBatch: number},
): void {
  console.log(`\nStart to ready, ms: the first start, and medians of ${STARTS} later ones\n`);
  console.log("| first, on one core | on one core | on all |\n|---:|---:|---:|");
  console.log(`| ${[cold, onOneCore, onAll].map((ms) => ms.toFixed(0)).join(" | ")} |`);
  console.log("\nMemory (RSS), MB\n\n| at rest | after single | after batches |\n|---:|---:|---:|");
  console.log(`| ${[atRest, afterSingle, afterBatch].map((mb) => mb.toFixed(0)).join(" | ")} |`);
}

function reportSoak({load, memory, swapped, takenOver}: Soak): void {
  const [first, last] = [memory.slice(0, 30), memory.slice(-30)].map((part) => quantile(part, 0.5));
  console.log(
    `\n${minutes} min of ${RATE} requests a second, the champion changed every ${SWAP_SECONDS} s; memory (RSS) in MB, medians of 30 s\n`,
  );
  console.log(
    "| requests | failed | changes | taken over | latency, 99 %, ms | memory, first | last | most |\n|---:|---:|---:|---:|---:|---:|---:|---:|",
  );
  console.log(
    `| ${load.latencies.length} | ${failures(load)} | ${swapped} | ${takenOver} | ${quantile(load.latencies, 0.99).toFixed(2)} | ${first!.toFixed(0)} | ${last!.toFixed(0)} | ${Math.max(...memory).toFixed(0)} |`,
  );
}
