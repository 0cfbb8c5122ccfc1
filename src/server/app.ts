// How does a request become an answer? The whole application, from what it serves; it reads no environment.

import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import fastifyMetrics from "fastify-metrics";
import {answerProblems, malformedRequest, sendProblem} from "./errors.ts";
import {infoRoutes} from "./infoRoutes.ts";
import {parseJsonBody} from "./jsonBody.ts";
import {predictRoutes} from "./predictRoutes.ts";
import {Problem} from "./problem.ts";
import type {Serving} from "./serving.ts";

export interface AppOptions {
  /** What is served now; undefined as long as no model is loaded. Asked once a request. */
  readonly serving: () => Serving | undefined;
  /** Why nothing, or nothing newer, is served. */
  readonly failure?: () => string | undefined;
  /** Of this software. */
  readonly version: string;
  readonly logger?: FastifyBaseLogger;
  /** From one address; 0 does not limit. */
  readonly requestsPerMinute?: number;
}

const SLOWEST_REQUEST_MS = 30_000; // for a client to send it
const QUIET_ROUTES = new Set(["/health", "/ready", "/metrics"]);
const NO_LIMIT = {rateLimit: false} as const;

/** The application, ready to listen or to be injected with requests. */
export async function createApp({
  serving,
  failure = () => undefined,
  version,
  logger,
  requestsPerMinute = 0,
}: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    ...(logger ? {loggerInstance: logger} : {}),
    logController: new LogController({disableRequestLogging: true}),
    requestTimeout: SLOWEST_REQUEST_MS,
    frameworkErrors: sendProblem,
    clientErrorHandler(error, socket) {
      if (socket.writable) socket.end(malformedRequest(error));
    },
  });
  // The handlers check what they are sent, to name the fault; the schemas of routes document.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", {parseAs: "string"}, async (_: FastifyRequest, text: string) =>
    parseJsonBody(text),
  );
  answerProblems(app);
  await protect(app, requestsPerMinute);
  await describe(app, version);
  await measure(app);
  logRequests(app);
  const required = () => serving() ?? refuse(failure());
  infoRoutes(app, {serving, required, version});
  predictRoutes(app, {required});
  await app.ready();
  return app;
}

function refuse(failure: string | undefined): never {
  throw new Problem(
    "no-model",
    {
      detail: failure ? `No model is loaded: ${failure}` : "No model has been loaded yet",
      remedy: "run make report; what it makes is loaded within seconds",
    },
    {headers: {"retry-after": "30"}},
  );
}

async function protect(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"]},
    },
    strictTransportSecurity: false, // whoever terminates TLS says so
  });
  if (requestsPerMinute === 0) return;
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: "1 minute",
    errorResponseBuilder: (_, {max, after}) =>
      new Problem("too-many-requests", {
        detail: `More than ${max} requests a minute came from this address`,
        remedy: `Wait ${after}, or send rows together to POST /predict/batch`,
      }),
  });
}

async function describe(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "volbook",
        version,
        description:
          "Forecasts of five-session realized volatility, with what moved each. Errors are RFC 9457 problem documents.",
      },
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    // No third party: by default the page asks validator.swagger.io about the document.
    uiConfig: {validatorUrl: null, docExpansion: "list", deepLinking: true},
    staticCSP: {
      "default-src": "'none'",
      "connect-src": "'self'",
      "font-src": "'self' data:",
      "img-src": "'self' data:",
      "script-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
    },
  });
}

async function measure(app: FastifyInstance): Promise<void> {
  await app.register(fastifyMetrics.default, {
    clearRegisterOnInit: true,
    endpoint: {
      url: "/metrics",
      method: "GET",
      config: NO_LIMIT,
      schema: {summary: "Prometheus metrics", tags: ["operation"]},
      handler: () => {}, // the plugin's own takes its place
    },
    routeMetrics: {
      enabled: {histogram: true, summary: false},
      routeBlacklist: [/^\/docs/],
      overrides: {histogram: {buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1]}},
    },
  });
}

function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const quiet = QUIET_ROUTES.has(request.routeOptions.url ?? "");
    request.log[quiet ? "debug" : "info"](
      {
        method: request.method,
        path: request.url.split("?", 1)[0],
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      "request",
    );
  });
}
