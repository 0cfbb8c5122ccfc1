// What is a client told when a request cannot be answered? RFC 9457, with the field at fault and the remedy.

/** Every kind of problem: the status and title that go with it. Clients may rely on the names. */
export const PROBLEM_KINDS = {
  "malformed-json": {status: 400, title: "The body is not JSON"},
  "malformed-request": {status: 400, title: "The request is not HTTP as it should be"},
  unauthorized: {status: 401, title: "The key is missing or wrong"},
  "not-found": {status: 404, title: "There is nothing here"},
  "unknown-ticker": {status: 404, title: "No such ticker"},
  "method-not-allowed": {status: 405, title: "Not a method of this route"},
  "request-timeout": {status: 408, title: "The request came too slowly"},
  "body-too-large": {status: 413, title: "The body is too large"},
  "unsupported-media-type": {status: 415, title: "The body is not declared as JSON"},
  "invalid-request": {status: 422, title: "The request cannot be accepted"},
  "unknown-feature": {status: 422, title: "No such feature"},
  "impossible-value": {status: 422, title: "A feature cannot have this value"},
  "missing-features": {status: 422, title: "The model lacks features"},
  "not-a-session": {status: 422, title: "Not a trading session"},
  "beyond-training": {status: 422, title: "Too far from anything that the model has seen"},
  "implausible-forecast": {status: 422, title: "No market is so calm or so wild"},
  "model-not-served": {status: 422, title: "No such model is served"},
  "model-not-fitted": {status: 422, title: "The model cannot be fitted"},
  "too-many-requests": {status: 429, title: "Too many requests"},
  "headers-too-large": {status: 431, title: "The headers are too large"},
  "internal-error": {status: 500, title: "The server failed"},
  "no-model": {status: 503, title: "No model is loaded"},
  overloaded: {status: 503, title: "The server has more to do than it can"},
} as const;

export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** One thing that is wrong, and what to do about it. */
export interface Fault {
  /** Where in the request: feature_vector.vix, [3].as_of_date, limit. */
  readonly field?: string;
  readonly detail: string;
  readonly remedy: string;
  /** The features concerned, where they are not fields of the request. */
  readonly features?: readonly string[];
}

/** A request that is refused. Thrown by whatever finds the fault, answered by the error handler. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly statusCode: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  /** @param faults one or more; the first is the one that the answer's `detail` gives */
  constructor(
    kind: ProblemKind,
    faults: Fault | readonly Fault[],
    {headers = {}}: {readonly headers?: Readonly<Record<string, string>>} = {},
  ) {
    const all = Array.isArray(faults) ? (faults as readonly Fault[]) : [faults as Fault];
    super(all[0]!.detail);
    this.name = "Problem";
    this.kind = kind;
    this.statusCode = PROBLEM_KINDS[kind].status;
    this.faults = all;
    this.headers = headers;
  }
}

export const PROBLEM_TYPE = "application/problem+json";

/** The answer's body. Several faults are all listed in `errors`. */
export function problemBody({kind, faults}: Problem): Record<string, unknown> {
  const {status, title} = PROBLEM_KINDS[kind];
  return {
    type: `urn:volbook:problem:${kind}`,
    title,
    status,
    ...faults[0],
    ...(faults.length > 1 ? {errors: faults} : {}),
  };
}

/** A value as an error may quote it: short, and never a structure. */
export function quoted(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
