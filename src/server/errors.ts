// How does every failure become a problem document, whoever found it: a handler, a parser, the router or the socket?

import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from "fastify";
import {PROBLEM_TYPE, Problem, problemBody, quoted} from "./problem.ts";

interface Route {
  readonly pattern: RegExp;
  readonly method: string;
}

/** Answers errors, unknown routes and wrong methods of an app. Call it before the routes are added. */
export function answerProblems(app: FastifyInstance): void {
  const routes: Route[] = [];
  app.addHook("onRoute", ({url, method}) => {
    const pattern = new RegExp(`^${url.replaceAll(/:[^/]+/g, "[^/]+").replaceAll("*", ".*")}$`);
    for (const each of [method].flat()) routes.push({pattern, method: each});
  });
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?", 1)[0]!.replace(/(?<=.)\/$/, "");
    const allowed = routes.filter(({pattern}) => pattern.test(path)).map(({method}) => method);
    if (allowed.length === 0) {
      throw new Problem("not-found", {
        detail: `${quoted(path)} is not a route`,
        remedy: "GET / lists the routes, GET /docs describes them",
      });
    }
    throw new Problem(
      "method-not-allowed",
      {detail: `${request.method} is not a method of ${path}`, remedy: `Use ${allowed.join(" or ")}`},
      {headers: {allow: allowed.join(", ")}},
    );
  });
}

/** Answers an error; one that is not the client's is logged whole and told in a sentence. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = asProblem(error, request);
  if (problem.statusCode >= 500 && !(error instanceof Problem))
    request.log.error({err: error}, "request failed");
  reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem)));
}

/** What a socket gets whose bytes are not a request, or come too slowly. */
export function malformedRequest({code}: {readonly code?: string}): string {
  const problem = problemOfSocket(code);
  const body = JSON.stringify(problemBody(problem));
  return [
    `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}

const STATUS_CODES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

function problemOfSocket(code = "not HTTP"): Problem {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Problem("request-timeout", {
        detail: "The headers or the body did not come in time",
        remedy: "Send the request whole, at once",
      });
    case "HPE_HEADER_OVERFLOW":
      return new Problem("headers-too-large", {
        detail: "The headers are larger than the server reads",
        remedy: "Send fewer or shorter headers",
      });
    default:
      return new Problem("malformed-request", {
        detail: `The request cannot be read (${code})`,
        remedy: "Send a request of HTTP/1.1",
      });
  }
}

function asProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  const {code, statusCode = 500, message} = error as Partial<FastifyError>;
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem("unsupported-media-type", {
        field: "content-type",
        detail: `The content type ${quoted(request.headers["content-type"] ?? "")} is not accepted`,
        remedy: "Send content-type: application/json",
      });
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("body-too-large", {
        detail: `The body is larger than the ${request.routeOptions.bodyLimit} bytes that this route reads`,
        remedy: "Send fewer rows at once",
      });
  }
  if (statusCode >= 400 && statusCode < 500)
    return new Problem("malformed-request", {
      detail: message ?? "The request cannot be read",
      remedy: "GET / lists the routes, GET /docs describes them",
    });
  return new Problem("internal-error", {
    detail: `The server failed on this request; its log has the reason under ${request.id}`,
    remedy: "Try again; if it fails again, report it with that name",
  });
}
