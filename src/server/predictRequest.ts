// Which of the two bodies of POST /predict is this, and is it one?

import {type SessionDate, sessionDate} from "../units.ts";
import {Problem, quoted} from "./problem.ts";
import {FeatureRequest, MAX_BATCH, TickerRequest} from "./schemas.ts";
import {shapeOf} from "./shape.ts";

const requireFeatureShape: (value: unknown, at?: string) => asserts value is FeatureRequest =
  shapeOf<FeatureRequest>(FeatureRequest);
const requireTickerShape: (value: unknown, at?: string) => asserts value is TickerRequest =
  shapeOf<TickerRequest>(TickerRequest);

const FEATURE_KEYS = Object.keys(FeatureRequest.properties);
const TICKER_KEYS = Object.keys(TickerRequest.properties);
const BOTH_FORMS = `Send ${FEATURE_KEYS.join(" and ")}, or ${TICKER_KEYS.join(", ")}`;

/** A checked first body. */
export interface RowRequest {
  readonly day: SessionDate;
  readonly sent: Readonly<Record<string, number>>;
  /** Where the row stands in the request: "" or [3]. */
  readonly at: string;
}

/** What a body of POST /predict asks for. */
export type PredictRequest =
  | {readonly kind: "row"; readonly row: RowRequest}
  | ({readonly kind: "ticker"} & TickerRequest);

/**
 * What either body asks for; the keys tell which of the two it is.
 *
 * @throws {Problem} naming every field at fault
 */
export function parsePredictRequest(body: unknown): PredictRequest {
  const keys = keysOf(body);
  const features = keys.filter((key) => FEATURE_KEYS.includes(key));
  const ticker = keys.filter((key) => TICKER_KEYS.includes(key));
  if (features.length > 0 && ticker.length > 0) {
    throw new Problem("invalid-request", {
      field: (features.length < ticker.length ? features : ticker)[0]!,
      detail: `The body mixes two requests: ${features.join(", ")} with ${ticker.join(", ")}`,
      remedy: BOTH_FORMS,
    });
  }
  if (features.length === 0 && ticker.length === 0) {
    throw new Problem("invalid-request", {
      field: "(body)",
      detail: `The body has no key of a request, it is ${describeBody(body)}`,
      remedy: BOTH_FORMS,
    });
  }
  if (ticker.length > 0) {
    requireTickerShape(body);
    return {kind: "ticker", ...body};
  }
  return {kind: "row", row: rowRequest(body, "")};
}

/**
 * The rows of a batch.
 *
 * @throws {Problem} of the first row that is at fault, named by its place
 */
export function parseBatch(body: unknown): RowRequest[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_BATCH) {
    throw new Problem("invalid-request", {
      field: "(body)",
      detail: `The body must be an array of 1 to ${MAX_BATCH} requests, current value is ${
        Array.isArray(body) ? `${body.length} of them` : quoted(body)
      }`,
      remedy: `Send [{${FEATURE_KEYS.map((key) => `"${key}": …`).join(", ")}}, …]`,
    });
  }
  return body.map((row, i) => rowRequest(row, `[${i}]`));
}

function rowRequest(body: unknown, at: string): RowRequest {
  requireFeatureShape(body, at);
  try {
    return {day: sessionDate(body.as_of_date), sent: body.feature_vector, at};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Problem("invalid-request", {
      field: at ? `${at}.as_of_date` : "as_of_date",
      detail: error.message,
      remedy: "Send a trading session",
    });
  }
}

function keysOf(body: unknown): string[] {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
}

function describeBody(body: unknown): string {
  const keys = keysOf(body).slice(0, 5).map(quoted);
  return keys.length > 0 ? `an object with ${keys.join(", ")}` : quoted(body);
}
