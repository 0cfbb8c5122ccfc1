import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import {FeatureRequest, MAX_BATCH, Prediction, ProblemDetails} from "./schemas.ts";
import {features, NEWEST, now, TRAINED_THROUGH, testServing} from "./server.fixture.ts";
import {shapeOf} from "./shape.ts";

const serving = testServing();
const EMPTY = {as_of_date: NEWEST, feature_vector: {}};
let app: FastifyInstance;
let bare: FastifyInstance;

beforeAll(async () => {
  bare = await createApp({serving: () => undefined, version: "1.2.3", now});
  app = await createApp({serving: () => serving, version: "1.2.3", now});
});

afterAll(async () => {
  await app.close();
  await bare.close();
});

async function post(payload: unknown, url = "/predict") {
  const response = await app.inject({method: "POST", url, payload: payload as object});
  return {status: response.statusCode, type: response.headers["content-type"], body: response.json()};
}

async function postText(payload: string, headers = {"content-type": "application/json"}) {
  const response = await app.inject({method: "POST", url: "/predict", payload, headers});
  return {status: response.statusCode, type: response.headers["content-type"], body: response.json()};
}

async function get(url: string) {
  const response = await app.inject(url);
  return {status: response.statusCode, body: response.json()};
}

const requireProblem: (value: unknown) => void = shapeOf(ProblemDetails);
const requirePrediction: (value: unknown) => void = shapeOf(Prediction);

describe("POST /predict", () => {
  it("answers as its schema says", async () => {
    const {status, body} = await post({as_of_date: NEWEST, feature_vector: {vix: 25}});
    expect(status).toBe(200);
    requirePrediction(body);
    expect(body.rv_5d_hat_annualized).toBe(body.rv_5d_hat * Math.sqrt(252 / 5));
    expect(body.interval.lower).toBeLessThan(body.rv_5d_hat);
    expect(body.trained_through).toBe(TRAINED_THROUGH);
  });

  it.each([
    [{...EMPTY, horizon: 5}, "horizon"],
    [{...EMPTY, extra: 1}, "extra"],
    [{as_of_date: NEWEST}, "feature_vector"],
    [{feature_vector: {}}, "as_of_date"],
    [{...EMPTY, as_of_date: 20231229}, "as_of_date"],
    [{...EMPTY, as_of_date: "29.12.2023"}, "as_of_date"],
    [{...EMPTY, as_of_date: "2023-02-30"}, "as_of_date"],
    [{...EMPTY, as_of_date: "2023-12-23"}, "as_of_date"],
    [{...EMPTY, feature_vector: null}, "feature_vector"],
    [{...EMPTY, feature_vector: [1, 2]}, "feature_vector"],
    [{...EMPTY, feature_vector: {vixx: 19}}, "feature_vector.vixx"],
    [{...EMPTY, feature_vector: {toString: 1}}, "feature_vector.toString"],
    [{...EMPTY, feature_vector: {vix: "19.4"}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {vix: null}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {vix: true}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {vix: [19]}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {vix: 0}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {vix: -0}}, "feature_vector.vix"],
    [{...EMPTY, feature_vector: {rsi_spy_14: 100.1}}, "feature_vector.rsi_spy_14"],
    [{...EMPTY, feature_vector: {spy_vol_5d: -0.1}}, "feature_vector.spy_vol_5d"],
    [{...EMPTY, feature_vector: {vix_term: 0}}, "feature_vector.vix_term"],
    [{...EMPTY, feature_vector: {corr_spy_tlt_20d: 1.01}}, "feature_vector.corr_spy_tlt_20d"],
    [{...EMPTY, feature_vector: {drawdown_60d: 0.02}}, "feature_vector.drawdown_60d"],
    [{}, "(body)"],
    [[], "(body)"],
    [{ticker: "SPY", model_type: "GARCH", horizon: 0}, "horizon"],
    [{ticker: "SPY", model_type: "GARCH", horizon: 31}, "horizon"],
    [{ticker: "SPY", model_type: "GARCH", horizon: 2.5}, "horizon"],
    [{ticker: "SPY", model_type: "GARCH"}, "horizon"],
    [{ticker: "SPY", model_type: "LSTM", horizon: 5}, "model_type"],
    [{ticker: "SPY", model_type: "garch11", horizon: 5}, "model_type"],
    [{ticker: "SPY", model_type: "toString", horizon: 5}, "model_type"],
    [{ticker: 7, model_type: "GARCH", horizon: 5}, "ticker"],
    [{ticker: "", model_type: "GARCH", horizon: 5}, "ticker"],
    [{ticker: "SPY", model_type: "GARCH", horizon: "5"}, "horizon"],
    [{ticker: "SPY", model_type: "GARCH", horizon: null}, "horizon"],
    [{ticker: "SPY", model_type: "GARCH", horizon: 5, extra: 1}, "extra"],
  ])("refuses %j for its %s", async (payload, field) => {
    const {status, type, body} = await post(payload);
    expect(status).toBe(422);
    expect(type).toBe("application/problem+json; charset=utf-8");
    requireProblem(body);
    expect(body.field).toBe(field);
  });

  it("names every fault at once, and what was probably meant", async () => {
    const {body} = await post({...EMPTY, feature_vector: {vixx: 19, spy_vol10d: 0.1, rsi_spy_14: 150}});
    expect(body.errors.map(({field}: {field: string}) => field)).toEqual([
      "feature_vector.vixx",
      "feature_vector.spy_vol10d",
      "feature_vector.rsi_spy_14",
    ]);
    expect(body.remedy).toContain("vix");
    expect(body.errors[1].remedy).toContain("spy_vol_10d");
  });

  it.each([
    ["", 400],
    ["{", 400],
    ['{"as_of_date":"2023-12-29","feature_vector":{"vix":NaN}}', 400],
    ['{"as_of_date":"2023-12-29","feature_vector":{"vix":20,"vix":40}}', 400],
    ['{"as_of_date":"2023-12-29","feature_vector":{"__proto__":{"vix":20}}}', 400],
    ['{"as_of_date":"2023-12-29","feature_vector":{"vix":1e999}}', 422],
    ['{"as_of_date":"2023-12-29","feature_vector":{"vix":-1e999}}', 422],
    ["null", 422],
    ['"text"', 422],
    ["12", 422],
    [`{"as_of_date":"2023-12-29","feature_vector":{"vix":${"[".repeat(9000)}${"]".repeat(9000)}}}`, 422],
    [`{"as_of_date":"2023-12-29","feature_vector":{"${"x".repeat(70_000)}":1}}`, 413],
  ])("refuses the text %.70s with %d", async (text, expected) => {
    const {status, type, body} = await postText(text);
    expect(status).toBe(expected);
    expect(type).toBe("application/problem+json; charset=utf-8");
    requireProblem(body);
    expect(JSON.stringify(body).length).toBeLessThan(2000);
  });

  it("refuses a body that is not declared as JSON", async () => {
    const {status, body} = await postText(JSON.stringify(EMPTY), {"content-type": "text/plain"});
    expect(status).toBe(415);
    expect(body.remedy).toBe("Send content-type: application/json");
    const none = await app.inject({method: "POST", url: "/predict"});
    expect(none.statusCode).toBe(422);
  });

  it("reads JSON whose encoding is named", async () => {
    const {status} = await postText(JSON.stringify(EMPTY), {
      "content-type": "application/json; charset=utf-8",
    });
    expect(status).toBe(200);
  });
});

describe("POST /predict/batch", () => {
  it("answers each row as /predict does, in order", async () => {
    const rows = ["2023-12-27", "2023-12-28", NEWEST].map((as_of_date, i) => ({
      as_of_date,
      feature_vector: i === 1 ? {vix: 33} : {},
    }));
    const {status, body} = await post(rows, "/predict/batch");
    expect(status).toBe(200);
    expect(body).toEqual(await Promise.all(rows.map(async (row) => (await post(row)).body)));
  });

  it("takes as many rows as it says, and not one more", async () => {
    const rows = Array.from({length: MAX_BATCH}, () => EMPTY);
    const full = await post(rows, "/predict/batch");
    expect([full.status, full.body.length]).toEqual([200, MAX_BATCH]);
    const more = await post([...rows, EMPTY], "/predict/batch");
    expect([more.status, more.body.field]).toEqual([422, "(body)"]);
  });

  it("names the row at fault", async () => {
    const cases = [
      [{...EMPTY, feature_vector: {vix: -1}}, "[1].feature_vector.vix"],
      [{...EMPTY, as_of_date: "2023-12-25"}, "[1].as_of_date"],
      [{...EMPTY, as_of_date: "2023-13-01"}, "[1].as_of_date"],
      [{...EMPTY, feature_vector: {nope: 1}}, "[1].feature_vector.nope"],
      [7, "[1]"],
      [null, "[1]"],
    ] as const;
    for (const [row, field] of cases) {
      const {status, body} = await post([EMPTY, row], "/predict/batch");
      expect([status, body.field]).toEqual([422, field]);
    }
    for (const payload of [[], {}, EMPTY]) expect((await post(payload, "/predict/batch")).status).toBe(422);
  });
});

describe("GET /predictions/{ticker}", () => {
  it("gives the newest first, a page at a time, each row once", async () => {
    const seen: string[] = [];
    let next: string | null = "/predictions/SPY?limit=7";
    while (next) {
      const {status, body}: {status: number; body: {next: string | null; predictions: {date: string}[]}} =
        await get(next);
      expect(status).toBe(200);
      seen.push(...body.predictions.map(({date}) => date));
      next = body.next;
    }
    expect(seen).toHaveLength(60);
    expect(seen[0]).toBe(NEWEST);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it("gives a span, and NULL as null", async () => {
    const {body} = await get("/predictions/spy?from=2023-10-01&to=2023-10-10");
    expect(body.predictions.map(({date}: {date: string}) => date)).toEqual([
      "2023-10-10",
      "2023-10-09",
      "2023-10-06",
      "2023-10-05",
    ]);
    expect(body.predictions[0].rv_5d_lo).toBeNull();
    expect(body.total).toBe(4);
    expect((await get("/predictions/SPY?from=2024-01-01")).body).toMatchObject({
      total: 0,
      predictions: [],
      next: null,
    });
    expect((await get("/predictions/SPY?offset=1000")).body).toMatchObject({
      total: 60,
      predictions: [],
      next: null,
    });
  });

  it.each([
    "limit=0",
    "limit=1001",
    "limit=ten",
    "limit=1e2",
    "limit=",
    "limit=5&limit=6",
    "offset=-1",
    "from=2023-02-30",
    "from=2023-12-02&to=2023-12-01",
    "limt=5",
  ])("refuses ?%s by name", async (query) => {
    const {status, body} = await get(`/predictions/SPY?${query}`);
    expect(status).toBe(422);
    expect(body.field).toBe(query.split("=")[0]);
  });

  it("knows no other ticker", async () => {
    const {status, body} = await get("/predictions/AAPL");
    expect(status).toBe(404);
    expect(body).toMatchObject({field: "ticker", remedy: "Ask for SPY"});
  });
});

describe("the routes that tell", () => {
  it("lists the models in the documents' shape", async () => {
    const {body} = await get("/models");
    expect(body.slice(0, 4).map((item: {model_name: string}) => item.model_name)).toEqual([
      "anchored_volatility_spy",
      "anchored_volatility_spy",
      "log_har_gamma_volatility_spy",
      "garch_volatility_spy",
    ]);
    expect(body[3]).toMatchObject({version: NEWEST, stage: "Production", model_type: "GARCH"});
    expect(body[0]).toMatchObject({
      model_name: "anchored_volatility_spy",
      ticker: "SPY",
      stage: "Production",
      metrics: {rmse: 1.01, mae: 0.64},
      horizon: 5,
    });
    expect(typeof body[0].version).toBe("string");
  });

  it("describes every feature that may be sent", async () => {
    const {body} = await get("/model/info");
    const of = (name: string) => body.features.find((each: {name: string}) => each.name === name);
    expect(body.features.map(({name}: {name: string}) => name)).toEqual(
      Object.keys(FeatureRequest.properties.feature_vector.properties),
    );
    expect(of("vix")).toMatchObject({
      used: false,
      moves_the_forecast: true,
      possible: {minimum: 3, maximum: 300},
    });
    expect(of("log_vix_var")).toMatchObject({used: true, needed: true});
    expect(of("spy_vol_10d")).toMatchObject({used: false, moves_the_forecast: false});
    expect(body.models[0]).not.toHaveProperty("examples");
    expect(body.sessions.newest).toBe(NEWEST);
  });

  it("tells its routes, and every one is there", async () => {
    const {body} = await get("/");
    for (const route of Object.keys(body.routes)) {
      const [method, path] = route.split(" ") as ["GET" | "POST", string];
      const {statusCode} = await app.inject({method, url: path.replace("{ticker}", "SPY")});
      expect([route, statusCode < 400 || statusCode === 422]).toEqual([route, true]);
    }
  });

  it("measures requests by route, whatever is asked", async () => {
    await get("/predictions/AAPL");
    await get("/health");
    const {body, headers} = await app.inject("/metrics");
    expect(headers["content-type"]).toContain("text/plain");
    expect(body).toContain('route="/predictions/:ticker",status_code="404"');
    expect(body).not.toContain("AAPL");
    expect(body).toContain("nodejs_eventloop_lag");
  });

  it("is documented by an OpenAPI 3.1 document that has every route and names the features", async () => {
    const {body} = await get("/docs/json");
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths).sort()).toEqual(
      [
        "/",
        "/health",
        "/metrics",
        "/model/info",
        "/models",
        "/predict",
        "/predict/batch",
        "/predictions/{ticker}",
        "/ready",
      ].sort(),
    );
    const {schema} = body.paths["/predict"].post.requestBody.content["application/json"];
    const [first, second] = schema.anyOf;
    expect(first.properties.feature_vector.properties.vix.description).toContain("index points");
    expect(second.properties.horizon).toMatchObject({minimum: 1, maximum: 30});
    const answers = body.paths["/predict"].post.responses;
    expect(Object.keys(answers)).toEqual(["200", "400", "401", "404", "413", "415", "422", "429", "503"]);
    for (const path of Object.values<Record<string, {responses: object}>>(body.paths))
      for (const {responses} of Object.values(path)) expect(responses).toHaveProperty("200");
    expect(answers["422"].content["application/problem+json"].schema.properties.detail).toBeDefined();
  });
});

describe("createApp()", () => {
  it("is alive but not ready before a model is loaded, and says what to do", async () => {
    expect((await bare.inject("/health")).json()).toEqual({status: "ok"});
    expect((await bare.inject("/")).json()).toMatchObject({ready: false, symbol: null});
    const asked = [
      {url: "/ready"},
      {url: "/models"},
      {url: "/model/info"},
      {url: "/predictions/SPY"},
      {url: "/predict", method: "POST" as const, payload: EMPTY},
      {url: "/predict/batch", method: "POST" as const, payload: [EMPTY]},
    ];
    for (const request of asked) {
      const response = await bare.inject(request);
      expect([request.url, response.statusCode]).toEqual([request.url, 503]);
      expect(response.json().remedy).toContain("make report");
      expect(response.headers["retry-after"]).toBe("30");
    }
  });

  it("says why where a model could not be loaded", async () => {
    const failure = () => "Cannot load spy_rv_5d: train again";
    const damaged = await createApp({serving: () => undefined, failure, version: "0", now});
    expect((await damaged.inject("/ready")).json().detail).toBe(`No model is loaded: ${failure()}`);
    await damaged.close();
  });

  it("answers unknown routes, wrong methods and unreadable addresses with problems", async () => {
    const cases = [
      [{method: "GET", url: "/nope"}, 404],
      [{method: "GET", url: "/predictions/"}, 404],
      [{method: "GET", url: "/predict"}, 405],
      [{method: "DELETE", url: "/predict/batch"}, 405],
      [{method: "PUT", url: "/predictions/SPY?limit=1"}, 405],
      [{method: "GET", url: "/predictions/%E0%A4%A"}, 400],
    ] as const;
    for (const [request, expected] of cases) {
      const response = await app.inject(request);
      expect([request.url, response.statusCode]).toEqual([request.url, expected]);
      expect(response.headers["content-type"]).toContain("application/problem+json");
      requireProblem(response.json());
    }
    expect((await app.inject({method: "GET", url: "/predict"})).headers.allow).toBe("POST");
  });

  it("tells nothing of a failure but that it failed", async () => {
    const broken = await createApp({
      version: "0",
      now,
      serving: () => {
        throw new Error("secret at /home/x/y.ts:3");
      },
    });
    const response = await broken.inject({method: "POST", url: "/predict", payload: EMPTY});
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain("secret");
    expect(response.json()).toMatchObject({type: "urn:volbook:problem:internal-error", status: 500});
    await broken.close();
  });

  it("limits the requests of one address, but not the questions of those who watch it", async () => {
    const limited = await createApp({serving: () => serving, version: "0", now, requestsPerMinute: 3});
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await limited.inject("/models")).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await limited.inject("/models");
    requireProblem(refused.json());
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    for (const url of ["/health", "/ready", "/metrics"]) {
      expect((await limited.inject(url)).statusCode).toBe(200);
    }
    await limited.close();
  });

  it("forbids a browser to run, frame or guess its answers", async () => {
    const {headers} = await app.inject("/health");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers).not.toHaveProperty("x-powered-by");
  });

  it("logs a line a request and the drivers of each forecast, and no header or body", async () => {
    const lines: Record<string, unknown>[] = [];
    const {default: pino} = await import("pino");
    const logger = pino({level: "info"}, {write: (line: string) => lines.push(JSON.parse(line))});
    const logged = await createApp({serving: () => serving, version: "0", now, logger});
    await logged.inject({
      method: "POST",
      url: "/predict?key=secret",
      payload: EMPTY,
      headers: {authorization: "Bearer secret"},
    });
    await logged.inject("/health");
    await logged.close();
    const [forecast, request] = lines;
    expect(forecast).toMatchObject({msg: "forecast", as_of_date: NEWEST});
    expect(forecast!.top_drivers).toHaveLength(3);
    expect(request).toMatchObject({msg: "request", path: "/predict", status: 200});
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("answers a repeated question from what it said, as long as the model is the same and the answer young", async () => {
    let time = now();
    let asked = 0;
    const counting = (version: string): typeof serving => ({
      ...serving,
      predictor: {
        ...serving.predictor,
        predict(request) {
          asked++;
          return {...serving.predictor.predict(request), model_version: version};
        },
      },
    });
    let current = counting("first");
    const cached = await createApp({
      serving: () => current,
      version: "0",
      cacheSeconds: 300,
      now: () => time,
    });
    const ask = async (vix: number) =>
      (
        await cached.inject({
          method: "POST",
          url: "/predict",
          payload: {as_of_date: NEWEST, feature_vector: {vix}},
        })
      ).json();
    const first = await ask(20);
    expect(await ask(20)).toEqual(first);
    expect(asked).toBe(1);
    expect((await ask(21)).rv_5d_hat).not.toBe(first.rv_5d_hat);
    expect(asked).toBe(2);
    time += 300_000;
    await ask(20);
    expect(asked).toBe(3);
    current = counting("second");
    expect((await ask(20)).model_version).toBe("second");
    await cached.close();
  });

  it("refuses forecasts while everything waits, and nothing else", async () => {
    let lag = 0;
    const busy = await createApp({serving: () => serving, version: "0", now, lag: () => lag});
    const post = (url: string, payload: object) => busy.inject({method: "POST", url, payload});
    expect((await post("/predict", EMPTY)).statusCode).toBe(200);
    lag = 1500;
    for (const response of [await post("/predict", EMPTY), await post("/predict/batch", [EMPTY])]) {
      expect(response.statusCode).toBe(503);
      expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
      expect(response.json()).toMatchObject({type: "urn:volbook:problem:overloaded"});
    }
    for (const url of ["/health", "/ready", "/metrics"])
      expect((await busy.inject(url)).statusCode).toBe(200);
    lag = 0;
    expect((await post("/predict", EMPTY)).statusCode).toBe(200);
    await busy.close();
  });

  it("names every answer: by the client's name for its request, or a new one where that is none", async () => {
    const idOf = async (sent?: string) => {
      const headers = sent === undefined ? {} : {"x-request-id": sent};
      return (await app.inject({url: "/nope", headers})).headers["x-request-id"];
    };
    expect(await idOf("desk-7:2024.01_a")).toBe("desk-7:2024.01_a");
    for (const sent of [undefined, "", "with space", "x".repeat(65), 'quote"'])
      expect(await idOf(sent)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(await idOf()).not.toBe(await idOf());
  });

  it("takes an address with a slash at its end for the one without", async () => {
    for (const url of ["/health/", "/models/", "/model/info/", "/predictions/SPY/?limit=1"])
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
    expect((await post(EMPTY, "/predict/")).status).toBe(200);
    expect((await post([EMPTY], "/predict/batch/")).status).toBe(200);
    expect((await app.inject("/predict/")).statusCode).toBe(405);
  });

  it("serves the model that is current when a request comes", async () => {
    let current: typeof serving | undefined;
    const swapped = await createApp({serving: () => current, version: "0", now});
    expect((await swapped.inject("/ready")).statusCode).toBe(503);
    current = serving;
    expect((await swapped.inject("/ready")).json()).toMatchObject({newest_session: NEWEST});
    await swapped.close();
  });
});

it("the fixture's market has no missing value on its newest session", () => {
  const t = features.sessions.length - 1;
  expect(Object.values(features.columns).every((values) => Number.isFinite(values[t]!))).toBe(true);
});
