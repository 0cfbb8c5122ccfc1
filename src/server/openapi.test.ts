// Is the documentation true? The document is valid, and everything it proposes works.
import {execFileSync} from "node:child_process";
import type {FastifyInstance} from "fastify";
import type {TSchema} from "typebox";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createApp} from "./app.ts";
import {NEWEST, now, testServing} from "./server.fixture.ts";
import {shapeOf} from "./shape.ts";

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    name: string;
    in: "path" | "query";
    required?: boolean;
    example?: unknown;
  }[];
  readonly requestBody?: {
    content: Record<string, {schema: TSchema; examples: Record<string, {value: unknown}>}>;
  };
  readonly responses: Readonly<
    Record<string, {description: string; content?: Record<string, {schema: TSchema}>}>
  >;
}

const serving = testServing();
let app: FastifyInstance;
let operations: {method: string; path: string; operation: Operation}[];
let text: string;

beforeAll(async () => {
  app = await createApp({serving: () => serving, version: "1.2.3", now});
  text = (await app.inject("/docs/json")).body;
  const {paths} = JSON.parse(text) as {paths: Record<string, Record<string, Operation>>};
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({method, path, operation})),
  );
});

afterAll(() => app.close());

const VALIDATE = `
import json, sys
from openapi_spec_validator import OpenAPIV31SpecValidator
errors = list(OpenAPIV31SpecValidator(json.load(sys.stdin)).iter_errors())
print("\\n".join(e.message for e in errors))
`;

function hasValidator(): boolean {
  try {
    execFileSync("python3", ["-c", "import openapi_spec_validator"], {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
}

/** Every request that the document proposes. */
function proposals() {
  return operations.flatMap(({method, path, operation}) => {
    const {parameters = [], requestBody, responses} = operation;
    const url = parameters.reduce(
      (filled, {name, in: place, example}) =>
        place === "path" ? filled.replace(`{${name}}`, String(example)) : filled,
      path,
    );
    const query = new URLSearchParams(
      parameters
        .filter((each) => each.in === "query")
        .map(({name, example}): [string, string] => [name, String(example)]),
    ).toString();
    const examples = requestBody
      ? Object.entries(requestBody.content["application/json"]!.examples)
      : [["", undefined] as const];
    return examples.map(([name, example]) => ({
      title: `${method} ${path} ${name}`,
      request: {
        method: method.toUpperCase() as "GET",
        url: query ? `${url}?${query}` : url,
        ...(example ? {payload: example.value as object} : {}),
      },
      schema: responses["200"]?.content?.["application/json"]?.schema,
    }));
  });
}

describe("the OpenAPI document", () => {
  it.skipIf(!hasValidator())("is OpenAPI 3.1, says openapi-spec-validator", () => {
    expect(execFileSync("python3", ["-c", VALIDATE], {input: text, encoding: "utf8"}).trim()).toBe("");
    const broken = text.replace('"in":"query"', '"in":"nowhere"');
    expect(execFileSync("python3", ["-c", VALIDATE], {input: broken, encoding: "utf8"}).trim()).not.toBe("");
  });

  it("describes every operation, its parameters and its answers", () => {
    const {openapi, info, tags, components} = JSON.parse(text);
    expect(openapi).toBe("3.1.0");
    expect(info).toMatchObject({title: "volbook", version: "1.2.3", license: {name: "MIT"}});
    expect(Object.keys(components.securitySchemes)).toEqual(["key", "bearer"]);
    const known = tags.map(({name}: {name: string}) => name);
    for (const {method, path, operation} of operations) {
      const {summary, parameters = [], responses} = operation;
      expect([path, summary?.length ?? 0]).not.toEqual([path, 0]);
      for (const tag of operation.tags!) expect(known).toContain(tag);
      for (const [status, {description}] of Object.entries(responses)) {
        expect(status).toMatch(/^[2345]\d\d$/);
        expect(description.length).toBeGreaterThan(0);
      }
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((each) => each.in === "path").map(({name}) => name)).toEqual(inPath);
      for (const parameter of parameters) expect(parameter).toHaveProperty("example");
      if (method === "post")
        expect(Object.keys(operation.requestBody!.content)).toEqual(["application/json"]);
    }
    expect(text).not.toContain("$ref");
  });

  it("proposes nothing that does not work, and the answers are of the shape it says", async () => {
    const asked = proposals();
    expect(asked.length).toBeGreaterThanOrEqual(operations.length + 3);
    for (const {title, request, schema} of asked) {
      const response = await app.inject(request);
      expect([title, response.statusCode]).toEqual([title, 200]);
      if (!schema) continue;
      const requireShape: (value: unknown) => void = shapeOf(schema);
      requireShape(response.json());
    }
  });

  it("proposes sessions and symbols of the lake that is served", async () => {
    const quarter = {...serving.predictor, newestSession: "2023-09-29"};
    const other = await createApp({
      serving: () => ({...serving, symbol: "HYG", predictor: quarter}),
      version: "0",
      now,
    });
    const {paths} = (await other.inject("/docs/json")).json();
    const {examples} = paths["/predict"].post.requestBody.content["application/json"];
    expect(examples.session.value.as_of_date).toBe("2023-09-29");
    expect(examples.ticker.value.ticker).toBe("HYG");
    const {parameters} = paths["/predictions/{ticker}"].get;
    expect(parameters.find(({name}: {name: string}) => name === "ticker").example).toBe("HYG");
    expect(text).toContain(NEWEST);
    await other.close();
  });
});
