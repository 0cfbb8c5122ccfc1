// A server as a process of its own: how it is started and asked, and what it takes.
import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {readFileSync} from "node:fs";
import {Agent, type IncomingMessage, request} from "node:http";
import {setTimeout as wait} from "node:timers/promises";

export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly startMs: number;
}

export interface Load {
  readonly latencies: number[]; // ms, from the time a request was due
  readonly statuses: Map<number | string, number>;
  cpuMs: number;
}

export interface SteadyLoadOptions {
  readonly rate: number; // requests a second
  readonly seconds: number;
  readonly body: () => string;
  readonly answered?: (text: string) => void;
}

/** Whether programs can be kept to a core each: then servers get the first one, and whoever asks them the second. */
export const pinned = spawnSync("taskset", ["-c", "1", "true"]).status === 0;

const agent = new Agent({keepAlive: true, maxSockets: 64});

/** Keeps this process to the second core. */
export function pinClient(): void {
  if (pinned) spawnSync("taskset", ["-a", "-p", "-c", "1", String(process.pid)]);
}

export function closeConnections(): void {
  agent.destroy();
}

/** Starts a program with Node, on the first core or on all, and waits until it says where it listens. */
export async function launch(
  words: readonly string[],
  {variables = {}, onOneCore = true}: {variables?: Record<string, string>; onOneCore?: boolean} = {},
): Promise<Running> {
  const started = performance.now();
  const cores = onOneCore ? "0" : "0-1023";
  const command = pinned ? ["taskset", "-c", cores, process.execPath] : [process.execPath];
  const child = spawn(command[0]!, [...command.slice(1), ...words], {
    env: {PATH: process.env.PATH, PORT: "0", RATE_LIMIT: "0", ...variables},
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`Cannot measure ${words.join(" ")}: it has ended`)));
    child.stdout.on("data", (chunk) => {
      if (log.length < 10_000) log += chunk;
      const found = /listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(log);
      if (found) resolve(Number(found[1]));
    });
  });
  return {child, port, startMs: performance.now() - started};
}

export async function stop({child}: Running): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, "exit");
}

/** How the image starts the server: what Node is given, and the variables that its libraries read. */
export function imageStart(): {
  readonly words: readonly string[];
  readonly variables: Record<string, string>;
} {
  const text = readFileSync("Dockerfile", "utf8");
  const [, command] = /^CMD (\["node", .*"src\/server\/main\.ts"\])$/m.exec(text)!;
  const [, variables] = /^ENV (MALLOC_.*)$/m.exec(text)!;
  return {
    words: (JSON.parse(command!) as string[]).slice(1),
    variables: Object.fromEntries(variables!.split(" ").map((each) => each.split("=") as [string, string])),
  };
}

export function emptyLoad(): Load {
  return {latencies: [], statuses: new Map(), cpuMs: 0};
}

/** Requests that were not answered, or not with 200. */
export function failures({statuses}: Load): number {
  return [...statuses].reduce((sum, [status, count]) => sum + (status === 200 ? 0 : count), 0);
}

/** Sends requests at fixed times: a server that stalls cannot hide it. */
export async function steadyLoad(
  to: Running,
  load: Load,
  {rate, seconds, body, answered = () => {}}: SteadyLoadOptions,
): Promise<void> {
  const before = cpuMs(to);
  const started = performance.now() + 100;
  const underWay = new Set<Promise<void>>();
  for (let i = 0; i < rate * seconds; i++) {
    const due = started + (i * 1000) / rate;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    const asked = post(to, "/predict", body())
      .then(({status, text}) => {
        count(load, status);
        answered(text);
      })
      .catch((error: NodeJS.ErrnoException) => count(load, error.code ?? error.message))
      .finally(() => {
        load.latencies.push(performance.now() - due);
        underWay.delete(asked);
      });
    underWay.add(asked);
  }
  await Promise.all(underWay);
  load.cpuMs += cpuMs(to) - before;
}

export async function post(
  {port}: Running,
  path: string,
  body: string,
): Promise<{status: number; text: string}> {
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
  const chunks = await answer.toArray();
  return {status: answer.statusCode!, text: Buffer.concat(chunks).toString()};
}

/** Of all threads, in milliseconds; Linux counts it in hundredths of a second. */
export function cpuMs({child}: Running): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Of memory that it holds now (RSS). */
export function megabytes({child}: Running): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function count({statuses}: Load, status: number | string): void {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}
