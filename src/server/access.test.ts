import type {FastifyInstance} from "fastify";
import {afterEach, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import {NEWEST, now, testServing} from "./server.fixture.ts";

const serving = testServing();
const KEY = "a-key-of-more-than-16";
const EMPTY = {as_of_date: NEWEST, feature_vector: {}};
const open: FastifyInstance[] = [];

async function start(options: {apiKey?: string; origins?: readonly string[]}) {
  const app = await createApp({serving: () => serving, version: "0", now, ...options});
  open.push(app);
  return app;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

describe("requireKey()", () => {
  it("refuses who has no key or another one, on every route that tells of a model", async () => {
    const app = await start({apiKey: KEY});
    const asked = [
      {url: "/models"},
      {url: "/models/"},
      {url: "/model/info"},
      {url: "/predictions/SPY"},
      {url: "/predict", method: "POST" as const, payload: EMPTY},
      {url: "/predict/batch", method: "POST" as const, payload: [EMPTY]},
      {url: "/nothing"},
      {url: "/docsx"},
    ];
    for (const request of asked)
      for (const headers of [
        {},
        {"x-api-key": `${KEY}x`},
        {"x-api-key": ""},
        {authorization: `Basic ${KEY}`},
      ]) {
        const {statusCode, headers: answered, body} = await app.inject({...request, headers});
        expect([request.url, statusCode]).toEqual([request.url, 401]);
        expect(answered["www-authenticate"]).toBe("Bearer");
        expect(body).not.toContain(KEY);
      }
  });

  it("answers who has it, in either header, and anyone who asks whether the server lives", async () => {
    const app = await start({apiKey: KEY});
    for (const headers of [
      {"x-api-key": KEY},
      {authorization: `Bearer ${KEY}`},
      {authorization: `bearer ${KEY}`},
    ])
      expect((await app.inject({method: "POST", url: "/predict", payload: EMPTY, headers})).statusCode).toBe(
        200,
      );
    for (const url of ["/", "/health", "/ready", "/ready/", "/metrics", "/docs", "/docs/json", "/health?x=1"])
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
  });
});

describe("allowOrigins()", () => {
  const origin = "https://desk.example.org";

  it("lets the pages of listed origins ask, and no others", async () => {
    const app = await start({origins: [origin]});
    const {headers} = await app.inject({url: "/models", headers: {origin}});
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect(headers.vary).toBe("Origin");
    const other = await app.inject({url: "/models", headers: {origin: `${origin}.evil.example`}});
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
    expect((await app.inject("/models")).headers.vary).toBe("Origin");
  });

  it("answers a browser that asks first, before it looks for a key, and tells refusals to the page too", async () => {
    const app = await start({origins: [origin], apiKey: KEY});
    const headers = {origin, "access-control-request-method": "POST"};
    const asked = await app.inject({method: "OPTIONS", url: "/predict", headers});
    expect(asked.statusCode).toBe(204);
    expect(asked.headers["access-control-allow-headers"]).toContain("x-api-key");
    expect(asked.headers["access-control-allow-methods"]).toBe("GET, POST");
    const refused = await app.inject({method: "POST", url: "/predict", payload: EMPTY, headers: {origin}});
    expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([401, origin]);
  });

  it("lets every page ask where the list is *, and none where there is no list", async () => {
    const all = await start({origins: ["*"]});
    expect(
      (await all.inject({url: "/models", headers: {origin}})).headers["access-control-allow-origin"],
    ).toBe("*");
    const none = await start({});
    const {headers} = await none.inject({url: "/models", headers: {origin}});
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });
});
