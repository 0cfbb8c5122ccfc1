// How is a forecast asked for over HTTP?

import type {FastifyBaseLogger, FastifyInstance, FastifyReply} from "fastify";
import Type from "typebox";
import {type AnswerCache, createAnswerCache} from "./answerCache.ts";
import {problem, refusals} from "./infoRoutes.ts";
import {parseJsonBody} from "./jsonBody.ts";
import type {ModelWork} from "./modelWork.ts";
import {parsePredictRequest} from "./predictRequest.ts";
import {FeatureRequest, MAX_BATCH, Prediction, TickerForecast, TickerRequest} from "./schemas.ts";
import type {Serving} from "./serving.ts";
import {historyOf, tickerForecast} from "./tickerForecast.ts";
import {tickerModel} from "./tickerModels.ts";

const BODY_BYTES = 64 * 1024;
const BATCH_BYTES = 2 * 1024 * 1024;
const DAY_MS = 86_400_000;
const CACHE = {entries: 1000, longestKey: 4096}; // 4 MB of answers

const forecasts = {
  tags: ["forecasts"],
  response: {
    400: problem("The body is not JSON"),
    ...refusals,
    413: problem("The body is too large"),
    415: problem("The body is not declared as JSON"),
    422: problem("What cannot be accepted, by field"),
    503: problem("No model is loaded, or there is too much to do: retry-after says when to try again"),
  },
};

export interface PredictRoutesOptions {
  /** Throws a Problem where nothing is served. */
  readonly required: () => Serving;
  readonly work: ModelWork;
  readonly cacheSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Throws a Problem where too much waits. */
  readonly requireTime: () => void;
}

/** A forecast as it was sent, and what its log line says. */
interface Answer {
  readonly json: string;
  readonly logged: Readonly<Record<string, unknown>>;
}

export function predictRoutes(
  app: FastifyInstance,
  {required, work, cacheSeconds, now, requireTime}: PredictRoutesOptions,
): void {
  const caches = new WeakMap<Serving, AnswerCache<Answer>>();
  const cacheOf = (serving: Serving): AnswerCache<Answer> => {
    const cache = caches.get(serving) ?? createAnswerCache<Answer>({...CACHE, seconds: cacheSeconds, now});
    caches.set(serving, cache);
    return cache;
  };

  app.post<{Body: string | undefined}>(
    "/predict",
    {
      bodyLimit: BODY_BYTES,
      schema: {
        ...forecasts,
        summary:
          "The forecast from a row of features, with what moved it; or those of a ticker by a model's name",
        body: Type.Union([FeatureRequest, TickerRequest]),
        response: {
          200: Type.Union([Prediction, TickerForecast]),
          404: problem("The lake has no bars of this ticker"),
          ...forecasts.response,
        },
      },
      onRequest: async () => requireTime(),
    },
    async ({body, log}, reply) => {
      const serving = required();
      const cache = cacheOf(serving);
      const known = body === undefined ? undefined : cache.get(body);
      if (known) return send(reply, known, log);
      const request = parsePredictRequest(body === undefined ? undefined : parseJsonBody(body));
      if (request.kind === "ticker") return send(reply, await forecastOf(serving, request), log);
      const answer = serving.predictor.predict(request.row);
      const {as_of_date, rv_5d_hat, top_drivers, model_version} = answer;
      const made = {
        json: JSON.stringify(answer),
        logged: {as_of_date, rv_5d_hat, top_drivers, model_version},
      };
      cache.set(body!, made);
      return send(reply, made, log);
    },
  );

  async function forecastOf({tickers, source}: Serving, request: TickerRequest): Promise<Answer> {
    const model = tickerModel(request.model_type);
    const history = historyOf(request.ticker, tickers);
    const fit = await work.fit(history, model);
    const time = now();
    const answer = tickerForecast(history, fit, {
      model,
      horizon: request.horizon,
      timestamp: new Date(time).toISOString(),
      today: Math.floor(time / DAY_MS),
      simulated: source === "sample",
    });
    const {ticker, model_type, horizon, forecasts, trained_through} = answer;
    return {
      json: JSON.stringify(answer),
      logged: {ticker, model_type, horizon, first_forecast: forecasts[0], trained_through},
    };
  }

  app.post<{Body: string | undefined}>(
    "/predict/batch",
    {
      bodyLimit: BATCH_BYTES,
      schema: {
        ...forecasts,
        summary: `Up to ${MAX_BATCH} rows at once: every one is answered, or none`,
        body: Type.Array(FeatureRequest, {minItems: 1, maxItems: MAX_BATCH}),
        response: {200: Type.Array(Prediction), ...forecasts.response},
      },
      onRequest: async () => requireTime(),
    },
    async ({body = "null", log}, reply) => {
      const {predictor, options} = required();
      const {json, rows} = await work.batch(options, body);
      log.info({rows, model_version: predictor.manifests[0]!.version}, "forecasts");
      return reply.type(JSON_TYPE).send(Buffer.from(json.buffer));
    },
  );
}

const JSON_TYPE = "application/json; charset=utf-8";

function send(reply: FastifyReply, {json, logged}: Answer, log: FastifyBaseLogger): FastifyReply {
  log.info(logged, "forecast");
  return reply.type(JSON_TYPE).send(json);
}
