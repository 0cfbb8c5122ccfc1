// How is a forecast asked for over HTTP?

import type {FastifyInstance} from "fastify";
import Type from "typebox";
import {problem} from "./infoRoutes.ts";
import {parseBatch, parsePredictRequest} from "./predictRequest.ts";
import {FeatureRequest, MAX_BATCH, Prediction, TickerRequest} from "./schemas.ts";
import type {Serving} from "./serving.ts";

const BODY_BYTES = 64 * 1024;
const BATCH_BYTES = 2 * 1024 * 1024;
const ROWS_AT_ONCE = 50; // some milliseconds; then other requests have their turn

const forecasts = {
  tags: ["forecasts"],
  response: {
    400: problem("The body is not JSON"),
    415: problem("The body is not declared as JSON"),
    422: problem("What cannot be accepted, by field"),
    503: problem("No model is loaded"),
  },
};

export function predictRoutes(app: FastifyInstance, {required}: {readonly required: () => Serving}): void {
  app.post(
    "/predict",
    {
      bodyLimit: BODY_BYTES,
      schema: {
        ...forecasts,
        summary: "The forecast from a row of features, with what moved it",
        body: Type.Union([FeatureRequest, TickerRequest]),
        response: {200: Prediction, ...forecasts.response},
      },
    },
    async ({body, log}) => {
      const request = parsePredictRequest(body);
      const answer = required().predictor.predict(request);
      const {as_of_date, rv_5d_hat, top_drivers, model_version} = answer;
      log.info({as_of_date, rv_5d_hat, top_drivers, model_version}, "forecast");
      return answer;
    },
  );

  app.post(
    "/predict/batch",
    {
      bodyLimit: BATCH_BYTES,
      schema: {
        ...forecasts,
        summary: `Up to ${MAX_BATCH} rows at once: every one is answered, or none`,
        body: Type.Array(FeatureRequest, {minItems: 1, maxItems: MAX_BATCH}),
        response: {200: Type.Array(Prediction), ...forecasts.response},
      },
    },
    async ({body, log}) => {
      const requests = parseBatch(body);
      const {predictor} = required();
      const answers: Prediction[] = [];
      for (const request of requests) {
        answers.push(predictor.predict(request));
        if (answers.length % ROWS_AT_ONCE === 0) await new Promise((resume) => setImmediate(resume));
      }
      log.info({rows: answers.length, model_version: answers[0]!.model_version}, "forecasts");
      return answers;
    },
  );
}
