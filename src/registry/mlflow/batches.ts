// In which requests do a run's params, metrics and tags go? MLflow bounds their number, their length and the request.

/** Limits of MLflow's server (mlflow/utils/validation.py, MLflow 2 and 3). */
export const LIMITS = {
  params: 100,
  metrics: 1000,
  tags: 100,
  entities: 1000,
  requestBytes: 1_000_000,
  keyLength: 250,
  paramLength: 6000,
  tagLength: 5000,
} as const;

export interface LoggedValue {
  readonly key: string;
  readonly value: string;
}

export interface LoggedMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number; // milliseconds
  readonly step: number;
}

export interface LoggedData {
  readonly params: readonly LoggedValue[];
  readonly metrics: readonly LoggedMetric[];
  readonly tags: readonly LoggedValue[];
}

const KINDS = ["params", "metrics", "tags"] as const;
const ENVELOPE_BYTES = 1000; // of a request without its entries

/** Parts of the data, each small enough for one request. */
export function* batches(data: LoggedData): Generator<LoggedData> {
  let batch = emptyBatch();
  let bytes = ENVELOPE_BYTES;
  let entities = 0;
  for (const kind of KINDS) {
    for (const entry of data[kind]) {
      const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
      const isFull =
        batch[kind].length === LIMITS[kind] ||
        entities === LIMITS.entities ||
        bytes + size > LIMITS.requestBytes;
      if (isFull) {
        yield batch;
        batch = emptyBatch();
        bytes = ENVELOPE_BYTES;
        entities = 0;
      }
      (batch[kind] as (LoggedValue | LoggedMetric)[]).push(entry);
      bytes += size;
      entities++;
    }
  }
  if (entities > 0) yield batch;
}

/** Values as params: keys that MLflow takes, no two alike; a value that is too long is cut and ends in an ellipsis. */
export function toParams(values: Readonly<Record<string, string>>): LoggedValue[] {
  return withKeys(values).map(([key, value]) => ({key, value: cut(value, LIMITS.paramLength)}));
}

/** Values as tags. */
export function toTags(values: Readonly<Record<string, string>>): LoggedValue[] {
  return withKeys(values).map(([key, value]) => ({key, value: cut(value, LIMITS.tagLength)}));
}

/** Numbers as metrics of one moment; one that is not finite is left out: JSON has no such number. */
export function toMetrics(
  values: Readonly<Record<string, number | null>>,
  {timestamp}: {readonly timestamp: number},
): LoggedMetric[] {
  const known = Object.entries(values).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  return withKeys(Object.fromEntries(known)).map(([key, value]) => ({key, value, timestamp, step: 0}));
}

/** A tree of values as one level: walk_forward.refit_sessions.rv20; lists as JSON. */
export function flatten(tree: object, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]: [string, unknown]): [string, string][] => {
      const key = `${prefix}${name}`;
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        return Object.entries(flatten(value, `${key}.`));
      return [[key, typeof value === "string" ? value : JSON.stringify(value)]];
    }),
  );
}

// A key may be taken for a path: letters, digits, _, -, ., and spaces alone make none that leads elsewhere.
function withKeys<Value>(values: Readonly<Record<string, Value>>): [string, Value][] {
  const used = new Set<string>();
  return Object.entries(values).map(([name, value]) => {
    const plain = name.replaceAll(/[^A-Za-z0-9_.\- ]/g, "_").replace(/^(?=\.)|^$/, "_");
    let key = plain.slice(0, LIMITS.keyLength);
    for (let i = 2; used.has(key); i++) key = `${plain.slice(0, LIMITS.keyLength - 8)}_${i}`;
    used.add(key);
    return [key, value];
  });
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function emptyBatch(): {params: LoggedValue[]; metrics: LoggedMetric[]; tags: LoggedValue[]} {
  return {params: [], metrics: [], tags: []};
}
