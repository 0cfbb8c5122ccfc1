// The contract that clients script against. A key may be added to an answer; none may go, be renamed or change its type.
import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import golden from "./contract.golden.json" with {type: "json"};
import {NEWEST, now, testServing} from "./server.fixture.ts";

let app: FastifyInstance;

beforeAll(async () => {
  const serving = testServing();
  app = await createApp({serving: () => serving, version: "0", now});
});

afterAll(() => app.close());

function typesOf(value: Record<string, unknown>): Record<string, string> {
  const name = (item: unknown) => (item === null ? "null" : Array.isArray(item) ? "array" : typeof item);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, name(item)]));
}

async function predict(payload: object) {
  return (await app.inject({method: "POST", url: "/predict", payload})).json();
}

describe("the contract", () => {
  it("answers the documents' request with the documents' keys first, and nothing taken away", async () => {
    const answer = await predict(golden.features.request);
    expect(Object.keys(answer).slice(0, 3)).toEqual(["rv_5d_hat", "regime_probs", "top_drivers"]);
    expect(typesOf(answer)).toMatchObject(golden.features.response);
    expect(answer.regime_probs).toBeNull();
    expect(answer.top_drivers).toHaveLength(3);
    for (const driver of answer.top_drivers) expect(answer.shap).toHaveProperty(driver);
    expect(answer.units).toBe("5d_log_return_sd");
    for (const warning of answer.warnings) {
      expect(typesOf(warning)).toMatchObject({code: "string", message: "string", features: "array"});
    }
  });

  it("accepts every feature that the documents name", async () => {
    for (const [name, value] of Object.entries(golden.features_accepted)) {
      const answer = await predict({as_of_date: NEWEST, feature_vector: {[name]: value}});
      expect([name, answer.rv_5d_hat > 0]).toEqual([name, true]);
    }
    const all = await predict({as_of_date: NEWEST, feature_vector: golden.features_accepted});
    expect(all.rv_5d_hat).toBeGreaterThan(0);
  });

  it("keeps the items of /models and /predictions, and the shape of a problem", async () => {
    expect(typesOf((await app.inject("/models")).json()[0])).toMatchObject(golden.models);
    const [prediction] = (await app.inject("/predictions/SPY?limit=1")).json().predictions;
    expect(typesOf(prediction)).toMatchObject(golden.prediction);
    const problem = await predict({as_of_date: NEWEST, feature_vector: {vixx: 1}});
    expect(typesOf(problem)).toMatchObject(golden.problem);
  });
});
