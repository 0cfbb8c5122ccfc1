// How fast and how small is the server, beside a bare node:http handler? [DATA_DIR=…] node bench/server.ts [seconds]
//
// Both run on one core, asked by this process over loopback in turns, so that a busy machine slows both. Requests are
// sent at fixed times, and a latency counts from the time its request was due: a server that stalls cannot hide it.

import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {Agent, type IncomingMessage, request} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {runPipeline} from "../test/runPipeline.ts";

const RATE = 200; // requests a second
const ROWS = 500; // of a batch
const ROUNDS = 4;
const seconds = Number(process.argv[2] ?? 40); // of each kind of load
const agent = new Agent({keepAlive: true, maxSockets: 64});
const pinned = spawnSync("taskset", ["-c", "0", "true"]).status === 0;
const temporary = process.env.DATA_DIR ? undefined : mkdtempSync(join(tmpdir(), "volbook-bench-"));

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly startMs: number;
}

const running: Running[] = [];
try {
  const dataDir = temporary ?? process.env.DATA_DIR!;
  if (temporary) await makeLake(temporary);
  const starts: number[] = [];
  for (let i = 0; i < 3; i++) {
    const {child, startMs} = await launch(["src/server/main.ts"], dataDir);
    starts.push(startMs);
    child.kill();
    await once(child, "exit");
  }
  const server = await launch(["src/server/main.ts"], dataDir);
  const bare = await launch(["bench/bareServer.ts"], dataDir);
  running.push(server, bare);
  const atRest = megabytes(server);
  const newest = ((await (await fetch(url(server, "/ready"))).json()) as {newest_session: string})
    .newest_session;
  let vix = 0;
  const row = () => ({as_of_date: newest, feature_vector: {vix: 12 + (vix++ % 100_000) / 10_000}});

  const single = {server: emptyLoad(), bare: emptyLoad()};
  for (let round = 0; round < ROUNDS; round++) {
    await steadyLoad(bare, single.bare, () => JSON.stringify(row()));
    await steadyLoad(server, single.server, () => JSON.stringify(row()));
  }
  const afterSingle = megabytes(server);
  const batch = await batchLoad(server, () => JSON.stringify(Array.from({length: ROWS}, row)));
  report({starts, atRest, afterSingle, afterBatch: megabytes(server), single, batch});
} finally {
  for (const {child} of running) child.kill();
  agent.destroy();
  if (temporary) rmSync(temporary, {recursive: true, force: true});
}

interface Load {
  readonly latencies: number[]; // ms
  cpuMs: number;
  failed: number;
}

function emptyLoad(): Load {
  return {latencies: [], cpuMs: 0, failed: 0};
}

async function makeLake(folder: string): Promise<void> {
  const {code, stderr} = await runPipeline(["infer"], {
    SOURCE: "sample",
    DATA_DIR: folder,
    NOW: "2024-01-02T12:00:00Z",
  });
  if (code !== 0) throw new Error(stderr);
}

async function launch(words: readonly string[], dataDir: string): Promise<Running> {
  const started = performance.now();
  const command = pinned ? ["taskset", "-c", "0", process.execPath] : [process.execPath];
  const child = spawn(command[0]!, [...command.slice(1), ...words], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      SOURCE: process.env.SOURCE ?? "auto",
      PORT: "0",
      RATE_LIMIT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  const port = await new Promise<number>((resolve) => {
    child.stdout.on("data", (chunk) => {
      if (log.length < 10_000) log += chunk;
      const found = /listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(log);
      if (found) resolve(Number(found[1]));
    });
  });
  return {child, port, startMs: performance.now() - started};
}

async function steadyLoad(to: Running, load: Load, body: () => string): Promise<void> {
  const count = Math.round((RATE * seconds) / ROUNDS);
  const before = cpuMs(to);
  const started = performance.now() + 100;
  await Promise.all(
    Array.from({length: count}, async (_, i) => {
      const due = started + (i * 1000) / RATE;
      await wait(Math.max(0, due - performance.now()));
      if ((await post(to, "/predict", body())) !== 200) load.failed++;
      load.latencies.push(performance.now() - due);
    }),
  );
  load.cpuMs += cpuMs(to) - before;
}

async function batchLoad(to: Running, body: () => string) {
  await post(to, "/predict/batch", body()); // the thread's first
  const before = cpuMs(to);
  const started = performance.now();
  let rows = 0;
  let failed = 0;
  const client = async () => {
    while (performance.now() - started < seconds * 1000) {
      if ((await post(to, "/predict/batch", body())) === 200) rows += ROWS;
      else failed++;
    }
  };
  await Promise.all([client(), client()]);
  return {rows, failed, seconds: (performance.now() - started) / 1000, cpuMs: cpuMs(to) - before};
}

async function post({port}: Running, path: string, body: string): Promise<number> {
  const asked = request({
    port,
    host: "127.0.0.1",
    method: "POST",
    path,
    agent,
    headers: {"content-type": "application/json", "content-length": Buffer.byteLength(body)},
  });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  await answer.toArray();
  return answer.statusCode!;
}

function report({
  starts,
  atRest,
  afterSingle,
  afterBatch,
  single,
  batch,
}: {
  starts: readonly number[];
  atRest: number;
  afterSingle: number;
  afterBatch: number;
  single: {server: Load; bare: Load};
  batch: {rows: number; failed: number; seconds: number; cpuMs: number};
}): void {
  const perRequest = ({cpuMs: spent, latencies}: Load) => (1000 * spent) / latencies.length;
  const line = (name: string, of: (load: Load) => number, digits: number) => {
    const [mine, other] = [of(single.server), of(single.bare)];
    return `| ${name} | ${mine.toFixed(digits)} | ${other.toFixed(digits)} | ${(mine / other).toFixed(2)} |`;
  };
  console.log(
    `POST /predict with SHAP, every body another, ${RATE} requests a second for ${seconds} s${pinned ? " on one core" : ""}\n`,
  );
  console.log("| | server | bare node:http | ratio |\n|---|---:|---:|---:|");
  console.log(line("latency, median, ms", ({latencies}) => quantile(latencies, 0.5), 2));
  console.log(line("latency, 99 %, ms", ({latencies}) => quantile(latencies, 0.99), 2));
  console.log(line("processor, us a request", perRequest, 0));
  console.log(`| failed | ${single.server.failed} | ${single.bare.failed} | |`);
  console.log(`\nPOST /predict/batch with SHAP, ${ROWS} rows each, two clients\n`);
  console.log("| predictions a second | processor, us a prediction | failed |\n|---:|---:|---:|");
  console.log(
    `| ${(batch.rows / batch.seconds).toFixed(0)} | ${((1000 * batch.cpuMs) / batch.rows).toFixed(0)} | ${batch.failed} |`,
  );
  console.log(
    "\n| start to ready, ms | memory at rest, MB | after single | after batches |\n|---:|---:|---:|---:|",
  );
  console.log(
    `| ${quantile(starts, 0.5).toFixed(0)} | ${atRest.toFixed(0)} | ${afterSingle.toFixed(0)} | ${afterBatch.toFixed(0)} |`,
  );
}

function url({port}: Running, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

/** Of all threads, in milliseconds; Linux counts it in hundredths of a second. */
function cpuMs({child}: Running): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function megabytes({child}: Running): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
