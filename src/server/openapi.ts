// What does the documentation say beyond the routes' own schemas? Its frame, and examples that this server answers.

import type {Serving} from "./serving.ts";

/** The frame of the OpenAPI document; the version of the software is added. */
export const OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "volbook",
    description:
      "Forecasts of five-session realized volatility, with what moved each, and of a ticker's next sessions. Errors are RFC 9457 problem documents.",
    license: {name: "MIT", identifier: "MIT"},
  },
  servers: [{url: "/"}],
  tags: [
    {name: "forecasts", description: "What the models say"},
    {name: "models", description: "Which models these are, and what they said"},
    {name: "operation", description: "For whoever runs the server"},
  ],
  components: {
    securitySchemes: {
      key: {type: "apiKey" as const, in: "header" as const, name: "x-api-key"},
      bearer: {type: "http" as const, scheme: "bearer"},
    },
  },
  security: [{}, {key: []}, {bearer: []}], // none where the server has no key
};

/** JSON as far as examples are set into it. */
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly requestBody?: {readonly content: Record<string, {examples?: unknown}>};
  readonly parameters?: {name: string; example?: unknown}[];
}

/**
 * Sets examples that this server answers as it stands: of its symbol, and its newest session.
 *
 * @param document a copy of the generated one; it is changed
 */
export function documentFor<T extends object>(document: T, serving: Serving | undefined): T {
  const {paths = {}} = document as Document;
  const {bodies, parameters} = examplesFor(serving);
  for (const [path, operations] of Object.entries(paths))
    for (const [method, {requestBody, parameters: described = []}] of Object.entries(operations)) {
      const media = requestBody?.content["application/json"];
      const examples = bodies[`${method} ${path}`];
      if (media && examples) media.examples = examples;
      for (const parameter of described)
        if (Object.hasOwn(parameters, parameter.name)) parameter.example = parameters[parameter.name];
    }
  return document;
}

function examplesFor(serving: Serving | undefined) {
  const ticker = serving?.symbol ?? "SPY";
  const as_of_date = serving?.predictor.newestSession ?? "2023-12-29";
  const features = {as_of_date, feature_vector: {spy_vol_10d: 0.12, vix: 19.4, vix_term: 1.12}};
  const stored = {as_of_date, feature_vector: {}};
  const bodies: Readonly<Record<string, Readonly<Record<string, {summary: string; value: unknown}>>>> = {
    "post /predict": {
      features: {summary: "A session, some of its features replaced", value: features},
      session: {summary: "A session as the lake has it", value: stored},
      ticker: {summary: "A ticker's next sessions", value: {ticker, model_type: "GARCH", horizon: 5}},
      asymmetric: {
        summary: "The same where falls weigh more",
        value: {ticker, model_type: "GJR", horizon: 22},
      },
    },
    "post /predict/batch": {rows: {summary: "Two rows", value: [stored, features]}},
  };
  const parameters: Readonly<Record<string, unknown>> = {
    ticker,
    limit: 20,
    offset: 0,
    from: serving?.predictor.firstSession ?? "2020-01-02",
    to: as_of_date,
  };
  return {bodies, parameters};
}
