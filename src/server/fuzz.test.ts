// Whatever is sent, the answer is either a problem or a number that the request earns. node bench/fuzz.ts asks a running
// server many times as much.
import {once} from "node:events";
import {type AddressInfo, connect} from "node:net";
import fc from "fast-check";
import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import {address, body, bytes, faultOf, problemFault, streamFault} from "./hostileRequests.fixture.ts";
import {now, testServing} from "./server.fixture.ts";

const SEED = 20_231_229;

let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  const serving = testServing();
  app = await createApp({serving: () => serving, version: "0", now, cacheSeconds: 300});
  await app.listen({host: "127.0.0.1", port: 0});
  port = (app.server.address() as AddressInfo).port;
});

afterAll(() => app.close());

async function post(url: string, payload: string) {
  const response = await app.inject({
    method: "POST",
    url,
    payload,
    headers: {"content-type": "application/json"},
  });
  return {status: response.statusCode, reply: response.body, answer: response.json()};
}

const withoutTime = ({timestamp: _, ...answer}: Record<string, unknown>) => answer;

describe("POST /predict under 4,000 bodies", () => {
  it("never fails, and forecasts only what it was rightly asked", async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const {status, reply} = await post("/predict", text);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect(faultOf(text, {status, reply})).toBeUndefined();
      }),
      {numRuns: 4000, seed: SEED},
    );
    for (const status of [200, 400, 422]) expect(seen.get(status) ?? 0).toBeGreaterThan(200);
    expect(seen.get(404) ?? 0).toBeGreaterThan(10);
  });

  it("answers a batch as its rows, or refuses it as one of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, {minLength: 1, maxLength: 3}), async (texts) => {
        const {status, reply, answer} = await post("/predict/batch", `[${texts.join(", ")}]`);
        expect([200, 400, 422]).toContain(status);
        if (status !== 200) {
          expect(problemFault(status, reply)).toBeUndefined();
          return;
        }
        for (const [i, row] of texts.entries())
          expect(withoutTime(answer[i])).toEqual(withoutTime((await post("/predict", row)).answer));
      }),
      {numRuns: 400, seed: SEED},
    );
  });
});

describe("the routes under 1,000 addresses", () => {
  it("never fail", async () => {
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");
    await fc.assert(
      fc.asyncProperty(method, address, async (verb, url) => {
        const response = await app.inject({method: verb as "GET", url});
        expect(response.statusCode).toBeLessThan(500);
        if (response.statusCode >= 400 && verb !== "HEAD")
          expect(response.headers["content-type"]).toContain("application/problem+json");
      }),
      {numRuns: 1000, seed: SEED},
    );
  });
});

describe("the socket under 400 streams of bytes", () => {
  it("answers or closes, and serves the next client", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        expect(streamFault(await exchange(sent))).toBeUndefined();
      }),
      {numRuns: 400, seed: SEED},
    );
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  });
});

/** What a socket gets for some bytes and an end. */
async function exchange(sent: Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {}); // a reset is an answer, too
  const closed = once(socket, "close").catch(() => {});
  socket.end(sent);
  await closed;
  return text;
}
