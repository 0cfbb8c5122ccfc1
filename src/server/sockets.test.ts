// What only a real socket shows: clients that are slow, speak nonsense, or send ahead.
import {once} from "node:events";
import {type AddressInfo, connect} from "node:net";
import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import {NEWEST, now, testServing} from "./server.fixture.ts";

const BODY = JSON.stringify({as_of_date: NEWEST, feature_vector: {}});
const HEAD = `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n`;

let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  const serving = testServing();
  app = await createApp({
    serving: () => serving,
    version: "0",
    now,
    timeouts: {headersMs: 300, requestMs: 600},
  });
  await app.listen({host: "127.0.0.1", port: 0});
  port = (app.server.address() as AddressInfo).port;
});

afterAll(() => app.close());

/** What a socket gets until the server closes it, or `until` is in it. */
async function exchange(
  send: (write: (text: string | Buffer) => void) => void,
  until?: string,
): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let text = "";
  const done = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      text += chunk;
      if (until !== undefined && text.includes(until)) resolve();
    });
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
  });
  send((bytes) => socket.write(bytes));
  await done;
  socket.destroy();
  return text;
}

function problemOf(text: string): {status: number; type: string} {
  return JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4));
}

async function isWell(): Promise<void> {
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
}

describe("the server's sockets", () => {
  it.each([
    ["its headers", "GET /health HTTP/1.1\r\nhost: x\r\nx-slow: "],
    ["its body", `${HEAD}\r\n${BODY.slice(0, 10)}`],
    ["anything of its body", `${HEAD}\r\n`],
  ])("tell a client that does not send %s, and close", async (_, start) => {
    const text = await exchange((write) => write(start));
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(problemOf(text)).toMatchObject({status: 408, type: "urn:volbook:problem:request-timeout"});
    await isWell();
  });

  it("do not wait for a client that sends a byte now and then", async () => {
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const text = await exchange((write) => {
      write(`${HEAD}\r\n`);
      timer = setInterval(() => write("{"), 50);
    });
    clearInterval(timer);
    expect(text).toContain(" 408 ");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each([
    ["no request line", "\u0001\u0002\r\n\r\n", 400],
    ["two lengths", `${HEAD}content-length: 3\r\n\r\n${BODY}`, 400],
    ["a length and chunks", `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ["a negative length", "POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", 400],
    ["headers without end", `GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${"y".repeat(40_000)}\r\n\r\n`, 431],
    ["a line break in a header", "GET /health HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n", 400],
  ])("refuse %s", async (_, bytes, status) => {
    const text = await exchange((write) => write(bytes));
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(problemOf(text).status).toBe(status);
    await isWell();
  });

  it("refuse a body that is not UTF-8 text of the length it says", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"as_of_date": "2023-12-29'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const text = await exchange((write) => {
      write(
        `POST /predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`,
      );
      write(bytes);
    });
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it("answer requests that are sent ahead, each in its turn", async () => {
    const text = await exchange((write) => {
      write(`${HEAD}x-request-id: one\r\n\r\n${BODY}`.repeat(1));
      write("GET /models HTTP/1.1\r\nhost: x\r\nx-request-id: two\r\n\r\n");
      write(`${HEAD}x-request-id: three\r\nconnection: close\r\n\r\n${BODY}`);
    });
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect([...text.matchAll(/x-request-id: (\w+)/g)].map(([, id]) => id)).toEqual(["one", "two", "three"]);
  });
});
