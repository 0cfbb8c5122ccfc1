// What is served, and is it up? The routes that only tell.

import type {FastifyInstance} from "fastify";
import Type, {type TSchema} from "typebox";
import {modelInfo, modelItems} from "./describeModels.ts";
import {Problem} from "./problem.ts";
import {ModelInfo, ModelItem, PageQuery, PredictionsPage, ProblemDetails, Ready} from "./schemas.ts";
import type {Serving} from "./serving.ts";
import {type Page, parsePage, predictionsPage} from "./storedPredictions.ts";

const NO_LIMIT = {rateLimit: false} as const;
const operation = {tags: ["operation"]};
const models = {tags: ["models"]};

/** What any route but those of operation may answer. */
export const refusals = {
  401: problem("The key is missing or wrong, where the server has one"),
  429: problem("Too many requests of this address"),
};

const told = {...refusals, 503: problem("No model is loaded")};

export function infoRoutes(
  app: FastifyInstance,
  {
    serving,
    required,
    failure,
    version,
  }: {
    readonly serving: () => Serving | undefined;
    /** Throws a Problem where nothing is served. */
    readonly required: () => Serving;
    /** Why the lake as it is now cannot be used. */
    readonly failure: () => string | undefined;
    readonly version: string;
  },
): void {
  app.get("/", {schema: {...operation, summary: "What this is, and its routes"}}, async () => {
    const now = serving();
    return {
      name: "volbook",
      version,
      forecasts: "five-session realized volatility: sqrt of the sum of the next 5 squared daily log returns",
      tickers: now ? [...now.tickers.keys()] : [],
      ready: now !== undefined,
      symbol: now?.symbol ?? null,
      source: now?.source ?? null,
      routes: ROUTES,
    };
  });

  app.get("/health", {config: NO_LIMIT, schema: {...operation, summary: "The process is up"}}, async () => ({
    status: "ok",
  }));

  app.get(
    "/ready",
    {
      config: NO_LIMIT,
      schema: {...operation, summary: "A model is loaded", response: {200: Ready, 503: told[503]}},
    },
    async () => {
      const {predictor, source} = required();
      const {version: model_version, trained_through} = predictor.manifests[0]!;
      return {
        status: "ready",
        source,
        model_version,
        trained_through,
        newest_session: predictor.newestSession,
        ...(failure() === undefined ? {} : {rejected: failure()}),
      };
    },
  );

  app.get(
    "/models",
    {
      schema: {
        ...models,
        summary: "The models in production, and their other versions",
        response: {200: Type.Array(ModelItem), ...told},
      },
    },
    async () => modelItems(required()),
  );

  app.get(
    "/model/info",
    {
      schema: {
        ...models,
        summary: "The models' manifests, and every feature that may be sent",
        response: {200: ModelInfo, ...told},
      },
    },
    async () => modelInfo(required()),
  );

  app.get<{Params: {ticker: string}; Querystring: Record<string, unknown>}>(
    "/predictions/:ticker",
    {
      schema: {
        ...models,
        summary: "Stored forecasts, each by a model trained before its date; the newest first",
        params: Type.Object({ticker: Type.String()}),
        querystring: PageQuery,
        response: {
          200: PredictionsPage,
          ...told,
          404: problem("The lake has no forecasts of this ticker"),
          422: problem("A parameter cannot be accepted"),
        },
      },
    },
    async ({params, query}) => {
      const {symbol, predictions} = required();
      if (params.ticker.toUpperCase() !== symbol.toUpperCase()) {
        throw new Problem("unknown-ticker", {
          field: "ticker",
          detail: `There are no forecasts of ${JSON.stringify(params.ticker)}`,
          remedy: `Ask for ${symbol}`,
        });
      }
      const page = parsePage(query);
      const {total, predictions: items} = predictionsPage(predictions, page);
      const {limit, offset} = page;
      const more = offset + items.length < total && items.length > 0;
      return {
        ticker: symbol,
        units: "log_return_sd",
        total,
        limit,
        offset,
        next: more ? nextPage(symbol, page) : null,
        predictions: items,
      };
    },
  );
}

/** A problem document, as a route's answer. */
export function problem(description: string): {
  description: string;
  content: Record<string, {schema: TSchema}>;
} {
  return {description, content: {"application/problem+json": {schema: ProblemDetails}}};
}

function nextPage(symbol: string, {limit, offset, from, to}: Page): string {
  const query = new URLSearchParams({limit: String(limit), offset: String(offset + limit)});
  if (from) query.set("from", from);
  if (to) query.set("to", to);
  return `/predictions/${encodeURIComponent(symbol)}?${query}`;
}

const ROUTES = {
  "POST /predict":
    "a forecast from a row of features, explained; or of a ticker's next sessions by a GARCH model",
  "POST /predict/batch": "many of them",
  "GET /predictions/{ticker}": "stored forecasts of the symbol",
  "GET /models": "the models in production, and their other versions",
  "GET /model/info": "their manifests, and the features that may be sent",
  "GET /health": "the process is up",
  "GET /ready": "a model is loaded",
  "GET /metrics": "Prometheus metrics",
  "GET /docs": "OpenAPI 3.1, for people; /docs/json for programs",
};
