import {once} from "node:events";
import {createServer, type IncomingMessage, request, type Server} from "node:http";
import {type AddressInfo, connect} from "node:net";
import {setTimeout as wait} from "node:timers/promises";
import {describe, expect, it} from "vitest";
import {endConnectionsGently} from "./openConnections.ts";

const LARGE = Buffer.alloc(32 * 2 ** 20, "x"); // more than the sockets' buffers hold

async function start(answer: Parameters<typeof createServer>[1], gently = true) {
  const server = createServer(answer as never);
  const end = gently ? endConnectionsGently(server) : () => {};
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const closed = once(server, "close");
  const stop = async () => {
    server.close();
    end();
    await closed;
  };
  return {server, stop, port: (server.address() as AddressInfo).port};
}

async function readSlowly(port: number, stop: () => Promise<void>): Promise<number> {
  const asked = request({port, host: "127.0.0.1", headers: {connection: "keep-alive"}}).end();
  const [reply] = (await once(asked, "response")) as [IncomingMessage];
  reply.pause();
  await wait(50);
  const stopped = stop();
  await wait(100);
  let bytes = 0;
  for await (const chunk of reply) bytes += (chunk as Buffer).length;
  await stopped;
  return bytes;
}

describe("endConnectionsGently()", () => {
  it("closes a connection after the last byte of an answer that is read slowly", async () => {
    const {port, stop} = await start((_, response) => response.end(LARGE));
    expect(await readSlowly(port, stop)).toBe(LARGE.length);
  });

  it("is needed: without it the answer is cut off", async () => {
    const {port, stop} = await start((_, response) => response.end(LARGE), false);
    await expect(readSlowly(port, stop)).rejects.toThrow("aborted");
  });

  it("ends idle connections at once, and answers a request under way with connection: close", async () => {
    let release = () => {};
    const asked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const {server, port, stop} = await start(async (_, response) => {
      await asked;
      response.end("late");
    });
    const idle = connect(port, "127.0.0.1");
    await once(idle, "connect");
    const pending = request({port, host: "127.0.0.1", headers: {connection: "keep-alive"}}).end();
    await once(server, "request");
    const ended = once(idle, "close");
    idle.resume();
    const stopped = stop();
    await ended;
    release();
    const [reply] = (await once(pending, "response")) as [IncomingMessage];
    expect(reply.headers.connection).toBe("close");
    expect(Buffer.concat(await reply.toArray()).toString()).toBe("late");
    await stopped;
  });

  it("answers what was sent ahead on a connection before it stops", async () => {
    const {server, port, stop} = await start(async (_, response) => {
      await wait(30);
      response.end("answer");
    });
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.write("GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(server as Server, "request");
    const closed = once(socket, "close");
    await stop();
    await closed;
    expect(text.match(/answer/g)?.length).toBeGreaterThanOrEqual(1);
    expect(text.endsWith("answer")).toBe(true);
  });
});
