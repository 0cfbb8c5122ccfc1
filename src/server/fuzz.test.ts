// Whatever is sent, the answer is either a problem or a number that the request earns.
import fc from "fast-check";
import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {isSession, isWithinCalendar} from "../calendar/sessions.ts";
import {catalogue} from "../features/catalogue.ts";
import {sessionDate} from "../units.ts";
import {createApp} from "./app.ts";
import {possibleValues} from "./possibleValues.ts";
import {NEWEST, now, testServing} from "./server.fixture.ts";

const SEED = 20_231_229;
const FEATURES = new Map(catalogue.map((feature) => [feature.name, feature]));

let app: FastifyInstance;

beforeAll(async () => {
  const serving = testServing();
  app = await createApp({serving: () => serving, version: "0", now});
});

afterAll(() => app.close());

/** Texts of numbers as JSON allows them, and a few that it does not. */
const number = fc.oneof(
  {weight: 4, arbitrary: fc.double({noNaN: true, noDefaultInfinity: true}).map(String)},
  {weight: 8, arbitrary: fc.double({min: -3, max: 60, noNaN: true}).map(String)},
  fc.constantFrom("0", "-0", "1e999", "-1e999", "1e308", "5e-324", "NaN", "Infinity", "1e7", "0.0194"),
);
const junk = fc.oneof(fc.json(), fc.constantFrom('"19.4"', "null", "true", "[]", "{}", '{"$gt": 0}'));
const name = fc.oneof(
  {weight: 12, arbitrary: fc.constantFrom(...FEATURES.keys())},
  fc.constantFrom("vixx", "__proto__", "constructor", "toString", "", "VIX", "vix ", "feature_vector"),
  fc.string(),
);
const vector = fc
  .array(fc.tuple(name, fc.oneof({weight: 12, arbitrary: number}, junk)), {maxLength: 6})
  .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(", ")}}`);
const day = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(`"${NEWEST}"`, '"2023-12-01"', '"2022-06-01"', '"2024-01-02"')},
  fc.constantFrom(
    '"2023-12-25"',
    '"2023-12-30"',
    '"2018-01-02"',
    '"2099-01-01"',
    '"0000-00-00"',
    '"2023-12-29T00:00"',
  ),
  fc.date({noInvalidDate: true}).map((date) => JSON.stringify(date.toISOString().slice(0, 10))),
  junk,
);
const body = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(day, vector).map(([d, v]) => `{"as_of_date": ${d}, "feature_vector": ${v}}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(day, vector, name, junk)
      .map(
        ([d, v, key, value]) =>
          `{"as_of_date": ${d}, "feature_vector": ${v}, ${JSON.stringify(key)}: ${value}}`,
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(junk, junk, fc.oneof(number, junk))
      .map(([t, m, h]) => `{"ticker": ${t}, "model_type": ${m}, "horizon": ${h}}`),
  },
  fc.json(),
  fc.string(),
);

async function post(url: string, payload: string) {
  const response = await app.inject({
    method: "POST",
    url,
    payload,
    headers: {"content-type": "application/json"},
  });
  return {status: response.statusCode, text: response.body, answer: response.json()};
}

/** Why a text does not earn a forecast, judged without the server; undefined if it may. */
function objection(text: string): string | undefined {
  const {as_of_date, feature_vector, ...others} = JSON.parse(text);
  if (Object.keys(others).length > 0) return "another key";
  const session = sessionDate(as_of_date);
  if (!isWithinCalendar(session) || !isSession(session)) return "no session";
  for (const [key, value] of Object.entries(feature_vector)) {
    const feature = FEATURES.get(key);
    if (!feature) return `no feature ${key}`;
    if (typeof value !== "number" || !Number.isFinite(value)) return `${key} is no number`;
    const {minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity} = possibleValues(feature);
    if (value < minimum || value <= exclusiveMinimum || value > maximum) return `${key} cannot be ${value}`;
  }
  return undefined;
}

function requireProblem(status: number, text: string): void {
  const problem = JSON.parse(text);
  expect(problem.status).toBe(status);
  expect(problem.detail.length).toBeGreaterThan(0);
  expect(problem.type).toMatch(/^urn:volbook:problem:/);
  expect(text).not.toMatch(/\bat \S+ \(|node_modules|\.ts:\d/);
  if (status === 422) expect(problem.field).toBeTypeOf("string");
}

function requireForecast(answer: Record<string, never>): void {
  const {rv_5d_hat, rv_5d_hat_annualized, shap, base_value, interval} = answer as Record<string, unknown> as {
    rv_5d_hat: number;
    rv_5d_hat_annualized: number;
    shap: Record<string, number>;
    base_value: number;
    interval: {lower: number; upper: number};
  };
  expect(rv_5d_hat_annualized).toBeGreaterThanOrEqual(0.01);
  expect(rv_5d_hat_annualized).toBeLessThanOrEqual(10);
  expect(interval.lower).toBeLessThan(rv_5d_hat);
  expect(interval.upper).toBeGreaterThan(rv_5d_hat);
  const sum = Object.values(shap).reduce((total, value) => total + value, base_value);
  expect(sum).toBeCloseTo(Math.log(rv_5d_hat), 8);
}

describe("POST /predict under 4,000 bodies", () => {
  it("never fails, and forecasts only what it was rightly asked", async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const {status, text: reply, answer} = await post("/predict", text);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect([200, 400, 422]).toContain(status);
        if (status !== 200) return requireProblem(status, reply);
        expect(objection(text)).toBeUndefined();
        requireForecast(answer);
      }),
      {numRuns: 4000, seed: SEED},
    );
    for (const status of [200, 400, 422]) expect(seen.get(status) ?? 0).toBeGreaterThan(200);
  });

  it("answers a batch as its rows, or refuses it as one of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, {minLength: 1, maxLength: 3}), async (texts) => {
        const {status, text, answer} = await post("/predict/batch", `[${texts.join(", ")}]`);
        expect([200, 400, 422]).toContain(status);
        if (status !== 200) return requireProblem(status, text);
        for (const [i, row] of texts.entries())
          expect(answer[i]).toEqual((await post("/predict", row)).answer);
      }),
      {numRuns: 400, seed: SEED},
    );
  });

  it("holds for any address and query", async () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom("predict", "predictions", "SPY", "..", "%2e%2e", "docs", "static"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"),
        fc.array(part, {maxLength: 4}),
        fc.dictionary(fc.constantFrom("limit", "offset", "from", "to", "x"), fc.oneof(number, fc.string()), {
          maxKeys: 3,
        }),
        async (method, parts, query) => {
          const url = `/${parts.map(encodeURI).join("/")}?${new URLSearchParams(query)}`;
          const response = await app.inject({method: method as "GET", url});
          expect(response.statusCode).toBeLessThan(500);
          if (response.statusCode >= 400 && method !== "HEAD") {
            expect(response.headers["content-type"]).toContain("application/problem+json");
          }
        },
      ),
      {numRuns: 1000, seed: SEED},
    );
  });
});
