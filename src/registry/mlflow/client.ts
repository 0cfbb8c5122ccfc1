// How is MLflow asked? Over its REST API 2.0, with time-outs, and again where the server is busy.
import {setTimeout as sleep} from "node:timers/promises";
import type {MlflowSettings} from "./settings.ts";

const API = "/api/2.0/mlflow/";
const ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
const FIRST_WAIT_MS = 250; // doubled with every attempt
const LONGEST_WAIT_MS = 30_000; // a server that asks for more is not waited for
const SHOWN = 300; // characters of a server's message

export interface ClientOptions {
  /** Of a request, the first one included. */
  readonly attempts: number;
  readonly timeoutMs: number;
  /** Waits so many milliseconds; a test waits less. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export interface MlflowClient {
  readonly settings: MlflowSettings;
  /** Asks once; repeat it by `retrying`. */
  ask<Answer>(method: "GET" | "POST" | "DELETE" | "PATCH", path: string, body: object): Promise<Answer>;
  /** Uploads a file through the server's artifact proxy, once. */
  upload(path: string, bytes: Uint8Array): Promise<void>;
  /** Does a piece of work again from its start where the server was busy or did not answer. */
  retrying<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** The server refused, or did not answer. */
export class MlflowError extends Error {
  /** Such as RESOURCE_ALREADY_EXISTS; the HTTP status, or the kind of failure, where the server gave none. */
  readonly code: string;
  readonly isPassing: boolean; // may succeed later
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    facts: {readonly code: string; readonly isPassing: boolean; readonly retryAfterMs?: number | undefined},
  ) {
    super(message);
    this.name = "MlflowError";
    this.code = facts.code;
    this.isPassing = facts.isPassing;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export function createMlflowClient(
  settings: MlflowSettings,
  {attempts, timeoutMs, wait = sleep}: ClientOptions,
): MlflowClient {
  const {address, authorization} = settings;

  async function send(path: string, request: RequestInit): Promise<string> {
    const what = `${request.method} ${path.split("?", 1)[0]}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(address + path, {
        ...request,
        headers: {...request.headers, ...(authorization === undefined ? {} : {authorization})},
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw noAnswer(error as Error, {what, address, timeoutMs});
    }
    if (response.ok) return text;
    throw refusal(response, {what, text});
  }

  async function ask<Answer>(method: string, path: string, body: object): Promise<Answer> {
    const isQuery = method === "GET";
    const query = isQuery ? `?${new URLSearchParams(body as Record<string, string>)}` : "";
    const text = await send(API + path + query, {
      method,
      ...(isQuery ? {} : {body: JSON.stringify(body), headers: {"content-type": "application/json"}}),
    });
    try {
      return JSON.parse(text) as Answer;
    } catch {
      throw new MlflowError(
        `Cannot use the answer to ${method} ${API}${path}: it is not JSON. Is ${address} an MLflow server?`,
        {code: "NOT_JSON", isPassing: false},
      );
    }
  }

  async function upload(path: string, bytes: Uint8Array): Promise<void> {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    await send(ARTIFACTS + encoded, {
      method: "PUT",
      body: Buffer.from(bytes),
      headers: {"content-type": "application/octet-stream"},
    });
  }

  async function retrying<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof MlflowError) || !error.isPassing || attempt >= attempts) throw error;
        const waitMs = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
        if (waitMs > LONGEST_WAIT_MS) throw error;
        await wait(waitMs);
      }
    }
  }

  return {settings, ask, upload, retrying};
}

function noAnswer(
  error: Error & {cause?: unknown},
  {what, address, timeoutMs}: {readonly what: string; readonly address: string; readonly timeoutMs: number},
): MlflowError {
  const isSlow = error.name === "TimeoutError";
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.name;
  const why = isSlow ? `there was no answer within ${timeoutMs / 1000} s` : code;
  return new MlflowError(`Cannot reach MLflow at ${address} (${what}): ${why}`, {code, isPassing: true});
}

function refusal(
  {status, headers}: Response,
  {what, text}: {readonly what: string; readonly text: string},
): MlflowError {
  const {error_code, message} = errorOf(text);
  const code = error_code ?? String(status);
  const isRedirect = status >= 300 && status < 400;
  const why = isRedirect
    ? "it sends elsewhere: name the final address in MLFLOW_TRACKING_URI"
    : (message ?? "");
  return new MlflowError(
    `Cannot tell MLflow (${what}): ${status} ${code}${why && `, ${why.slice(0, SHOWN)}`}`,
    {
      code,
      isPassing: status === 429 || (status >= 500 && status !== 501),
      retryAfterMs: retryAfter(headers.get("retry-after")),
    },
  );
}

function errorOf(text: string): {readonly error_code?: string; readonly message?: string} {
  try {
    const {error_code, message} = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof error_code === "string" ? {error_code} : {}),
      ...(typeof message === "string" ? {message: message.replaceAll(/\s+/g, " ")} : {}),
    };
  } catch {
    return {}; // a proxy's page says nothing that the status does not
  }
}

/** Milliseconds that a Retry-After header asks for: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return 1000 * Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
