// Who may ask? Whoever has the key, where one is set, and pages of the origins that are listed.

import {createHash, timingSafeEqual} from "node:crypto";
import type {FastifyInstance, FastifyRequest} from "fastify";
import {Problem} from "./problem.ts";

/** Answered without a key: whether the server lives, and how to use it. */
const OPEN = [/^\/$/, /^\/(health|ready|metrics)\/?$/, /^\/docs(\/|$)/];

/** Refuses requests without the key, in `x-api-key` or as `authorization: Bearer`. */
export function requireKey(app: FastifyInstance, key: string): void {
  const wanted = digest(key);
  app.addHook("onRequest", async (request) => {
    const path = request.url.split("?", 1)[0]!;
    if (request.method === "OPTIONS" || OPEN.some((pattern) => pattern.test(path))) return;
    const sent = keyOf(request);
    if (sent !== undefined && timingSafeEqual(digest(sent), wanted)) return;
    throw new Problem(
      "unauthorized",
      {
        field: "x-api-key",
        detail: sent === undefined ? "The request has no key" : "The key is not the server's",
        remedy: "Send the key in the header x-api-key, or as authorization: Bearer",
      },
      {headers: {"www-authenticate": "Bearer"}},
    );
  });
}

/** Lets pages of other origins ask, and read the answers; `*` lets all. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const any = origins.includes("*");
  app.addHook("onRequest", async (request, reply) => {
    const {origin} = request.headers;
    if (!any) reply.header("vary", "Origin");
    if (origin === undefined || !(any || origins.includes(origin))) return;
    reply.header("access-control-allow-origin", any ? "*" : origin);
    reply.header("access-control-expose-headers", "retry-after, x-request-id");
    const preflight =
      request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
    if (!preflight) return;
    return reply
      .code(204)
      .header("access-control-allow-methods", "GET, POST")
      .header("access-control-allow-headers", "authorization, content-type, x-api-key, x-request-id")
      .header("access-control-max-age", "600")
      .send();
  });
}

function keyOf({headers}: FastifyRequest): string | undefined {
  const {authorization, "x-api-key": key} = headers;
  if (typeof key === "string") return key;
  return /^bearer (.+)$/i.exec(authorization ?? "")?.[1];
}

// Of one length whatever was sent, so that comparing takes the same time.
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
