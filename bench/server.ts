// How fast and how small is the server, beside a bare node:http handler? [DATA_DIR=…] node bench/server.ts [--seconds=40] [--minutes=1] [--small] [--json FILE]
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
  imageStart,
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
import {finish, type Row} from "./report.ts";
import {type SwappedLake, swappedLake} from "./swappedLake.ts";

const RATE = 200; // requests a second
const ROWS = 500; // of a batch
const ROUNDS = 4;
const STARTS = 5;
const SWAP_SECONDS = 20; // the server looks for what is new every 15
const SAMPLE_MS = 1000;
const MOST_GROWTH_MB = 10;
const seconds = Number(argv.seconds ?? (argv.small ? 4 : 40)); // of each kind of load
const minutes = Number(argv.minutes ?? process.env.SOAK_MINUTES ?? (argv.small ? 0.4 : 1));
const start = imageStart();
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const running: Running[] = [];
let rows = 0;

try {
  const lake = await swappedLake(process.env.DATA_DIR || (await makeLake()), join(folder, "served"));
  const variables = {
    ...start.variables,
    DATA_DIR: lake.dataDir,
    SOURCE: lake.source,
    NODE_COMPILE_CACHE: join(folder, "compiled"), // empty as on a machine that never ran it
  };
  const starts = {
    first: await startMs(variables, {onOneCore: true, times: 1}),
    onOneCore: await startMs(variables, {onOneCore: true, times: STARTS}),
    onAll: await startMs(variables, {onOneCore: false, times: STARTS}),
  };
  const server = await launch(start.words, {variables});
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
  const batch = await batchLoad(server, () => JSON.stringify(Array.from({length: ROWS}, row)));
  memory.afterBatch = megabytes(server);
  await stop(server); // the soak begins with a server that has not been asked anything
  const fresh = await launch(start.words, {variables});
  running.push(fresh);
  const soaked = await soak(fresh, lake, body);
  const failed = [failures(single.server), failures(single.bare), batch.failed];
  const megabytesOf = Object.values(memory).map((mb) => mb.toFixed(0));
  finish(
    {
      rows: [...latencyRows(single), batchRow(batch), ...startRows(starts), ...soakRows(soaked)],
      notes: [
        `The champion of ${process.env.DATA_DIR ? "the lake of DATA_DIR" : "a lake made for this"} (${lake.source}), every body another, ${seconds} s of each load; ${pinned ? "servers on one core, who asks on another" : "nothing kept to a core"}. Not answered with 200: ${failed[0]}, by the bare handler ${failed[1]}, batches ${failed[2]}. Memory (RSS) at rest, after single requests, after batches: ${megabytesOf.join(", ")} MB. Processor time of a prediction in a batch: ${(batch.cpuMs / batch.answered).toFixed(3)} ms.`,
      ],
    },
    argv.json,
  );
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
): Promise<Start> {
  const taken = {server: [] as number[], bare: [] as number[]};
  for (let i = 0; i < times; i++) {
    const started = await launch(start.words, {variables, onOneCore});
    taken.server.push(started.startMs);
    await stop(started);
    const bare = await launch(["bench/bareServer.ts"], {onOneCore});
    taken.bare.push(bare.startMs);
    await stop(bare);
  }
  return {server: quantile(taken.server, 0.5), bare: quantile(taken.bare, 0.5)};
}

/** Milliseconds until a program listens, which the server does once it is ready. */
interface Start {
  readonly server: number;
  readonly bare: number;
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

function latencyRows({server, bare}: {server: Load; bare: Load}): Row[] {
  const rowOf = (what: string, of: (load: Load) => number, unit: string, most?: number): Row => {
    const [mine, other] = [of(server), of(bare)];
    return {
      what,
      ours: `${mine.toFixed(2)} ${unit}`,
      peer: `${other.toFixed(2)} ${unit}, bare node:http`,
      ratio: mine / other,
      ...(most === undefined ? {} : {goal: `< ${most} ${unit}`, met: mine < most}),
    };
  };
  const asked = `POST /predict with SHAP, ${RATE} a second${pinned ? ", one core" : ""}`;
  return [
    rowOf(`${asked}: latency, 99 %`, ({latencies}) => quantile(latencies, 0.99), "ms", 10),
    rowOf(
      `${asked}: latency, 99 %, the first quarter left out`,
      ({latencies}) => quantile(latencies.slice(latencies.length / 4), 0.99),
      "ms",
    ),
    rowOf(`${asked}: latency, median`, ({latencies}) => quantile(latencies, 0.5), "ms"),
    rowOf(`${asked}: processor time`, ({cpuMs: spent, latencies}) => spent / latencies.length, "ms"),
  ];
}

function batchRow({answered, seconds: took}: Awaited<ReturnType<typeof batchLoad>>): Row {
  const rate = answered / took;
  const what = `POST /predict/batch with SHAP, ${ROWS} rows a request${pinned ? ", one core" : ""}`;
  return {what, ours: `${rate.toFixed(0)} a second`, goal: ">= 2000 a second", met: rate >= 2000};
}

function startRows({first, onOneCore, onAll}: Record<"first" | "onOneCore" | "onAll", Start>): Row[] {
  const rowOf = (what: string, {server, bare}: Start, most?: number): Row => ({
    what: `start to ready, ${what}`,
    ours: `${server.toFixed(0)} ms`,
    peer: `${bare.toFixed(0)} ms, bare node:http`,
    ratio: server / bare,
    ...(most === undefined ? {} : {goal: `< ${most} ms`, met: server < most}),
  });
  return [
    rowOf(`on all cores, median of ${STARTS}`, onAll, 1000),
    ...(pinned ? [rowOf(`on one core, median of ${STARTS}`, onOneCore)] : []),
    rowOf("on one core, the first ever: nothing compiled", first),
  ];
}

function soakRows({load, memory, swapped, takenOver}: Soak): Row[] {
  const tenth = Math.max(1, Math.floor(memory.length / 10));
  const [first, second, last] = [
    memory.slice(0, tenth),
    memory.slice(tenth, 2 * tenth),
    memory.slice(-tenth),
  ].map((part) => quantile(part, 0.5));
  const most = Math.max(...memory);
  const during = `${minutes} min of ${RATE} a second, the champion changed ${swapped} times`;
  const lost = failures(load);
  return [
    {
      what: `${during}: requests not answered with 200`,
      ours: `${lost} of ${load.latencies.length}${lost > 0 ? ` (${[...load.statuses].map(([status, count]) => `${status}: ${count}`).join(", ")})` : ""}, ${takenOver} changes seen`,
      ...{goal: "0", met: lost === 0 && (swapped === 0 || takenOver > 0)},
    },
    {what: `${during}: latency, 99 %`, ours: `${quantile(load.latencies, 0.99).toFixed(2)} ms`},
    {
      what: `${during}: most memory (RSS)`,
      ours: `${most.toFixed(0)} MB`,
      ...{goal: "< 250 MB", met: most < 250},
    },
    {
      what: `${during}: memory, last tenth less first tenth`,
      ours: `${(last! - first!).toFixed(0)} MB, from ${first!.toFixed(0)} to ${last!.toFixed(0)}`,
      ...{goal: `<= ${MOST_GROWTH_MB} MB`, met: last! - first! <= MOST_GROWTH_MB},
    },
    {
      // The first change of the champion makes room for two models, once.
      what: `${during}: memory, last tenth less second tenth`,
      ours: `${(last! - second!).toFixed(0)} MB, from ${second!.toFixed(0)} to ${last!.toFixed(0)}`,
    },
  ];
}
