// Can a running server be made to fail, to hang, to grow, or to say a number for nonsense? node bench/fuzz.ts [requests] [seed]
//
// The server is a process of its own on a small lake of the simulated market. Every request is generated from the seed;
// a violation prints the request that caused it and ends with 1. Where a busy machine lets requests wait the server
// answers 503 and when to try again: then the request is sent again, and what it gets at last is judged.

import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {Agent, type IncomingMessage, request} from "node:http";
import {connect} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import fc from "fast-check";
import {
  address,
  body,
  bytes,
  faultOf,
  problemFault,
  streamFault,
} from "../src/server/hostileRequests.fixture.ts";
import {NEWEST, writeTestLake} from "../src/server/server.fixture.ts";

const requests = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
const DEADLINE_MS = 30_000;
const AT_ONCE = 8;
const MOST_GROWTH_MB = 40; // of the second half, over the first

interface Kind {
  readonly name: string;
  readonly share: number;
  /** Sends one request; gives what is wrong with the answer, or the status it has. */
  send(index: number): Promise<{fault?: string | undefined; status: number | string; sent: string}>;
}

const METHOD = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");
const PLAIN = JSON.stringify({as_of_date: NEWEST, feature_vector: {}});

const folder = mkdtempSync(join(tmpdir(), "volbook-fuzz-"));
let server: ChildProcess | undefined;
let port = 0;
let again = 0; // requests that were sent again
const agent = new Agent({keepAlive: true, maxSockets: AT_ONCE});

try {
  await writeTestLake(join(folder, "csv"));
  await startServer();
  process.exitCode = await campaign();
} finally {
  server?.kill();
  rmSync(folder, {recursive: true, force: true});
  agent.destroy();
}

async function campaign(): Promise<number> {
  const normal = await ask("POST", "/predict", PLAIN);
  const statuses = new Map<string, Map<number | string, number>>();
  const memory: number[] = [];
  let violations = 0;
  const started = performance.now();
  for (let quarter = 0; quarter < 4; quarter++) {
    for (const kind of kinds(quarter)) {
      const count = Math.round((requests / 4) * kind.share);
      const seen = statuses.get(kind.name) ?? new Map<number | string, number>();
      statuses.set(kind.name, seen);
      await inParallel(count, async (index) => {
        const {fault, status, sent} = await withDeadline(kind.send(index));
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (fault === undefined) return;
        violations++;
        console.log(`${kind.name}: ${fault}\n  sent ${JSON.stringify(sent).slice(0, 2000)}`);
      });
    }
    memory.push(residentMegabytes());
    const now = await ask("POST", "/predict", PLAIN);
    if (now.reply !== normal.reply || server?.exitCode !== null) {
      violations++;
      console.log("the server no longer answers as it did");
    }
  }
  const growth = memory[3]! - memory[1]!;
  if (growth > MOST_GROWTH_MB) {
    violations++;
    console.log(`memory grew by ${growth.toFixed(0)} MB in the second half`);
  }
  report(statuses, {memory, violations, seconds: (performance.now() - started) / 1000});
  return violations > 0 ? 1 : 0;
}

function kinds(quarter: number): Kind[] {
  const sampled = <T>(arbitrary: fc.Arbitrary<T>, share: number, salt: number): T[] =>
    fc.sample(arbitrary, {
      numRuns: Math.max(1, Math.round((requests / 4) * share)),
      seed: seed * 1000 + quarter * 10 + salt,
    });
  const shares = {bodies: 0.6, batches: 0.1, addresses: 0.1, bytes: 0.17, slow: 0.03};
  const bodies = sampled(body, shares.bodies, 1);
  const batches = sampled(fc.array(body, {minLength: 1, maxLength: 4}), shares.batches, 2);
  const addresses = sampled(fc.tuple(METHOD, address), shares.addresses, 3);
  const streams = sampled(bytes, shares.bytes, 4);
  const slow = sampled(fc.tuple(body, fc.integer({min: 1, max: 20})), shares.slow, 5);
  return [
    {
      name: "POST /predict",
      share: shares.bodies,
      async send(i) {
        const sent = bodies[i]!;
        const answer = await ask("POST", "/predict", sent);
        return {fault: faultOf(sent, answer), status: answer.status, sent};
      },
    },
    {
      name: "POST /predict/batch",
      share: shares.batches,
      async send(i) {
        const sent = `[${batches[i]!.join(", ")}]`;
        const {status, reply} = await ask("POST", "/predict/batch", sent);
        const rows = status === 200 ? (JSON.parse(reply) as object[]) : [];
        const fault =
          status === 200
            ? rows
                .map((row, j) => faultOf(batches[i]![j]!, {status, reply: JSON.stringify(row)}))
                .find((found) => found !== undefined)
            : [400, 413, 422].includes(status)
              ? problemFault(status, reply)
              : `status ${status}`;
        return {fault, status, sent};
      },
    },
    {
      name: "other addresses",
      share: shares.addresses,
      async send(i) {
        const [method, url] = addresses[i]!;
        const {status, reply} = await ask(method, url);
        const fault =
          status >= 500
            ? `status ${status}`
            : status >= 400 && method !== "HEAD"
              ? problemFault(status, reply)
              : undefined;
        return {fault, status, sent: `${method} ${url}`};
      },
    },
    {
      name: "bytes on a socket",
      share: shares.bytes,
      async send(i) {
        const sent = streams[i]!;
        const text = await exchange([sent]);
        return {
          fault: streamFault(text),
          status: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "closed",
          sent: sent.toString("latin1"),
        };
      },
    },
    {
      name: "slow bodies",
      share: shares.slow,
      async send(i) {
        const [text, parts] = slow[i]!;
        const sent = Buffer.from(text);
        const head = `POST /predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${sent.length}\r\n\r\n`;
        const size = Math.ceil(sent.length / parts);
        const pieces = Array.from({length: parts}, (_, part) =>
          sent.subarray(part * size, (part + 1) * size),
        );
        const {status, reply} = await patiently(async () => {
          const answer = await exchange([Buffer.from(head), ...pieces], {pause: 5, close: false});
          return {
            status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0),
            reply: answer.slice(answer.indexOf("\r\n\r\n") + 4),
            retryAfter: /^retry-after: (\d+)\r$/im.exec(answer)?.[1],
          };
        });
        return {fault: faultOf(text, {status, reply}), status, sent: text};
      },
    },
  ];
}

async function startServer(): Promise<void> {
  server = spawn(process.execPath, ["src/server/main.ts"], {
    env: {PATH: process.env.PATH, DATA_DIR: folder, SOURCE: "csv", PORT: "0", RATE_LIMIT: "0"},
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  for await (const chunk of server.stdout!) {
    log += chunk;
    port = Number(/Server listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1] ?? 0);
    if (port) break;
  }
  server.stdout!.resume();
}

interface Answer {
  readonly status: number;
  readonly reply: string;
  readonly retryAfter: string | undefined;
}

/** What a request gets in the end. A refusal for too much work must be one, and say when to come again. */
async function patiently(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();
    const isBusy = answer.status === 503 && /"urn:volbook:problem:overloaded"/.test(answer.reply);
    if (!isBusy || !(Number(answer.retryAfter) > 0) || problemFault(503, answer.reply)) return answer;
    again++;
    await wait(1000 * Number(answer.retryAfter));
  }
}

function ask(method: string, path: string, text?: string): Promise<Answer> {
  return patiently(() => askOnce(method, path, text));
}

async function askOnce(method: string, path: string, text?: string): Promise<Answer> {
  const asked = request({
    port,
    host: "127.0.0.1",
    method,
    path,
    agent,
    headers: {"content-type": "application/json"},
  });
  asked.end(text);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const reply = Buffer.concat(await answer.toArray()).toString();
  return {status: answer.statusCode!, reply, retryAfter: answer.headers["retry-after"]};
}

async function exchange(pieces: readonly Buffer[], {pause = 0, close = true} = {}): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {}); // a reset is an answer, too
  const closed = once(socket, "close").catch(() => {});
  for (const piece of pieces) {
    if (!socket.writable) break;
    socket.write(piece);
    if (pause > 0) await wait(pause);
  }
  if (close) socket.end();
  await closed;
  return text;
}

async function inParallel(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({length: AT_ONCE}, worker));
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  const late = wait(DEADLINE_MS, undefined, {ref: false}).then(() => {
    throw new Error(`no answer within ${DEADLINE_MS / 1000} s`);
  });
  return Promise.race([promise, late]);
}

function residentMegabytes(): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server!.pid}/status`, "utf8"))!;
  return Number(kilobytes) / 1024;
}

function report(
  statuses: ReadonlyMap<string, ReadonlyMap<number | string, number>>,
  {memory, violations, seconds}: {memory: readonly number[]; violations: number; seconds: number},
): void {
  console.log("| requests | sent | answers |\n|---|---:|---|");
  for (const [name, seen] of statuses) {
    const sorted = [...seen].sort(([a], [b]) => String(a).localeCompare(String(b)));
    const sent = sorted.reduce((sum, [, count]) => sum + count, 0);
    console.log(
      `| ${name} | ${sent} | ${sorted.map(([status, count]) => `${status}: ${count}`).join(", ")} |`,
    );
  }
  console.log(
    `\nSeed ${seed}, ${seconds.toFixed(0)} s. Memory after each quarter: ${memory.map((mb) => mb.toFixed(0)).join(", ")} MB. Sent again, for the server was busy: ${again}. Violations: ${violations}.`,
  );
}
