// The command itself: a process, a real socket, signals and exit codes.
import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {type IncomingMessage, request} from "node:http";
import {connect, createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {NEWEST, predictionsTable, writeTestLake} from "./server.fixture.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const data = mkdtempSync(join(tmpdir(), "volbook-main-"));
const running: ChildProcess[] = [];

beforeAll(() => writeTestLake(join(data, "csv")));
afterEach(() => {
  for (const process of running.splice(0)) process.kill("SIGKILL");
});
afterAll(() => rmSync(data, {recursive: true, force: true}));

const START = ["node", "--v8-pool-size=1", "--no-parallel-scavenge", "src/server/main.ts"];
const MALLOC = "MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536";

function start(variables: Record<string, string>) {
  const child = spawn(process.execPath, START.slice(1), {
    cwd: repository,
    env: {PATH: process.env.PATH, DATA_DIR: data, PORT: "0", ...variables},
  });
  running.push(child);
  const output = {out: "", err: ""};
  child.stdout.on("data", (chunk) => {
    output.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk;
  });
  const exit = once(child, "exit").then(([code]) => code as number);
  return {child, output, exit};
}

async function address(output: {out: string; err: string}): Promise<string> {
  for (;;) {
    const found = /Server listening at (http:[^"]+)/.exec(output.out);
    if (found) return found[1]!;
    if (output.err) throw new Error(output.err);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

describe("node src/server/main.ts", () => {
  it("is started by make and by the image with the same words", () => {
    const image = readFileSync(join(repository, "Dockerfile"), "utf8");
    expect(image).toContain(`ENV ${MALLOC}\nCMD ["${START.join('", "')}"]\n`);
    expect(readFileSync(join(repository, "Makefile"), "utf8")).toContain(
      `@env ${MALLOC} ${START.join(" ")}\n`,
    );
  });

  it("answers over a socket as the lake does, finishes what is in flight on SIGTERM and ends with 0", async () => {
    const {child, output, exit} = start({});
    const base = await address(output);
    const headers = {"content-type": "application/json"};
    const body = JSON.stringify({as_of_date: NEWEST, feature_vector: {}});
    const answer = await fetch(`${base}/predict`, {method: "POST", headers, body});
    expect(((await answer.json()) as {rv_5d_hat: number}).rv_5d_hat).toBe(
      predictionsTable().columns.rv_5d_hat!.at(-1),
    );
    expect(await (await fetch(`${base}/ready`)).json()).toMatchObject({
      source: "csv",
      newest_session: NEWEST,
    });

    const rows = JSON.stringify(Array.from({length: 1000}, () => JSON.parse(body)));
    const batch = request(`${base}/predict/batch`, {
      method: "POST",
      headers: {...headers, expect: "100-continue"},
    });
    batch.flushHeaders();
    await once(batch, "continue"); // the request has been taken up, and waits for its body
    child.kill("SIGTERM");
    await new Promise((resume) => setTimeout(resume, 200));
    batch.end(rows);
    const [reply] = (await once(batch, "response")) as [IncomingMessage];
    expect(JSON.parse(Buffer.concat(await reply.toArray()).toString())).toHaveLength(1000);
    expect(await exit).toBe(0);
    expect(output.err).toBe("");
    const lines = output.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.find(({msg}) => msg === "model loaded")).toMatchObject({lake: join(data, "csv")});
    await expect(fetch(`${base}/health`)).rejects.toThrow();
  });

  it("tells a socket that does not speak HTTP", async () => {
    const {output, child, exit} = start({});
    const {hostname, port} = new URL(await address(output));
    const socket = connect(Number(port), hostname);
    let reply = "";
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.write("\u0001\u0002 what\r\n\r\n");
    await once(socket, "close");
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(reply.split("\r\n\r\n")[1]!)).toMatchObject({status: 400});
    child.kill("SIGINT");
    expect(await exit).toBe(0);
  });

  it("is up but not ready where the lake has no model, and says so", async () => {
    const {child, output, exit} = start({SOURCE: "yahoo"});
    const base = await address(output);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    const ready = await fetch(`${base}/ready`);
    expect(ready.status).toBe(503);
    expect(((await ready.json()) as {remedy: string}).remedy).toContain("make report");
    expect(output.out).toContain("SOURCE=yahoo");
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  it("ends with 0 although nobody reads its log any more, lines of which it still holds", async () => {
    const {child, output, exit} = start({});
    const base = await address(output);
    child.stdout.destroy();
    const body = JSON.stringify({as_of_date: NEWEST, feature_vector: {}});
    const headers = {"content-type": "application/json"};
    expect((await fetch(`${base}/predict`, {method: "POST", headers, body})).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  }, 20_000);

  it("ends with 2 and one line where a variable makes no sense", async () => {
    const {output, exit} = start({PORT: "http"});
    expect(await exit).toBe(2);
    expect(output.err).toBe("Cannot use PORT=http: it must be a whole number from 0 to 65535\n");
    expect(output.out).toBe("");
  });

  it("ends with 1 and one line where its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const {port} = other.address() as {port: number};
    const {output, exit} = start({PORT: String(port)});
    expect(await exit).toBe(1);
    expect(output.err).toBe(
      `Cannot listen on 127.0.0.1:${port}: the port is in use; choose another with PORT=\n`,
    );
    other.close();
  });
});
