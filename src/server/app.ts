// How does a request become an answer? The whole application, from what it serves; it reads no environment.

import {randomUUID} from "node:crypto";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import fastifyMetrics from "fastify-metrics";
import {allowOrigins, requireKey} from "./access.ts";
import {answerProblems, malformedRequest, sendProblem} from "./errors.ts";
import {infoRoutes} from "./infoRoutes.ts";
import {modelMetrics} from "./modelMetrics.ts";
import {createModelWork} from "./modelWork.ts";
import {documentFor, OPENAPI} from "./openapi.ts";
import {endConnectionsGently} from "./openConnections.ts";
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
  /** Without it whoever reaches the server may ask. */
  readonly apiKey?: string | undefined;
  /** Of pages that may ask. */
  readonly origins?: readonly string[];
  /** For which an answer is kept; 0 keeps none. */
  readonly cacheSeconds?: number;
  /** For batches and fits; 0 computes them where requests are answered. */
  readonly threads?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long the event loop lets everything wait, in milliseconds. */
  readonly lag?: () => number;
  /** For a client to send its headers, and a whole request. */
  readonly timeouts?: {readonly headersMs: number; readonly requestMs: number};
}

const TIMEOUTS = {headersMs: 10_000, requestMs: 30_000};
const TIMEOUT_CHECK_MS = 1000;
const MOST_LAG_MS = 1000; // beyond it a forecast is refused: its client has waited long enough to have given up
const REQUEST_ID = /^[\w.:-]{1,64}$/;
const QUIET_ROUTES = new Set(["/health", "/ready", "/metrics"]);
const NO_LIMIT = {rateLimit: false} as const;

/** The application, ready to listen or to be injected with requests. */
export async function createApp({
  serving,
  failure = () => undefined,
  version,
  logger,
  requestsPerMinute = 0,
  apiKey,
  origins = [],
  cacheSeconds = 0,
  threads = 0,
  now,
  lag = () => 0,
  timeouts = TIMEOUTS,
}: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    ...(logger ? {loggerInstance: logger} : {}),
    logController: new LogController({disableRequestLogging: true}),
    requestTimeout: timeouts.requestMs,
    http: {headersTimeout: timeouts.headersMs, connectionsCheckingInterval: TIMEOUT_CHECK_MS},
    return503OnClosing: false, // what still arrives on an open connection is answered, and the connection closed
    routerOptions: {ignoreTrailingSlash: true},
    genReqId: requestId,
    frameworkErrors: sendProblem,
    clientErrorHandler(error, socket) {
      if (socket.writable) socket.end(malformedRequest(error));
    },
  });
  // The handlers check what they are sent, to name the fault; the schemas of routes document.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeAllContentTypeParsers();
  // The text itself: a question that was asked a moment ago need not be read, and a batch is read by a thread.
  app.addContentTypeParser(
    "application/json",
    {parseAs: "string"},
    async (_: FastifyRequest, text: string) => text,
  );
  const endConnections = endConnectionsGently(app.server);
  app.addHook("preClose", async () => endConnections());
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  answerProblems(app);
  if (origins.length > 0) allowOrigins(app, origins);
  await protect(app, requestsPerMinute);
  if (apiKey !== undefined) requireKey(app, apiKey);
  await describe(app, {version, serving});
  await measure(app);
  modelMetrics(app, {serving, failure});
  logRequests(app);
  const required = () => serving() ?? refuse(failure());
  const work = createModelWork({threads});
  app.addHook("onListen", async () => work.warmUp());
  app.addHook("onClose", () => work.close());
  infoRoutes(app, {serving, required, failure, version});
  predictRoutes(app, {required, work, cacheSeconds, now, requireTime: () => requireTime(lag())});
  await app.ready();
  return app;
}

/** A client's own name for its request, so that it finds it in the log; or a new one. */
function requestId({headers}: FastifyRequest["raw"]): string {
  const sent = headers["x-request-id"];
  return typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
}

function requireTime(lag: number): void {
  if (lag <= MOST_LAG_MS) return;
  throw new Problem(
    "overloaded",
    {detail: `Requests wait for ${Math.round(lag)} ms`, remedy: "Try again in 2 seconds"},
    {headers: {"retry-after": "2"}},
  );
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
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"]},
    },
    strictTransportSecurity: false, // whoever terminates TLS says so
  });
  // Helmet says the same of every answer, and takes a tenth of its time to say it: it is asked once.
  let said: ReturnType<FastifyReply["raw"]["getHeaders"]> | undefined;
  app.addHook("onRequest", async (_, reply) => {
    if (said) reply.headers(said);
    else {
      await reply.helmet();
      said = {...reply.raw.getHeaders()};
    }
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

async function describe(
  app: FastifyInstance,
  {version, serving}: Pick<AppOptions, "version" | "serving">,
): Promise<void> {
  await app.register(swagger, {openapi: {...OPENAPI, info: {...OPENAPI.info, version}}});
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    transformSpecification: (document) => documentFor(document, serving()),
    transformSpecificationClone: true,
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
  app.addHook("onResponse", (request, reply, done) => {
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
    done();
  });
}
