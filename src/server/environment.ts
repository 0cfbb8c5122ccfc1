// What did the caller ask of the server? The variables are read here, once.

import {type Config, readConfig, type Source} from "../config.ts";
import {checkRoot} from "../store/lakeRoot.ts";

/** A call that cannot be carried out as it stands: exit code 2. */
export class UsageError extends Error {}

export interface ServerEnvironment {
  readonly config: Config;
  readonly source: Config["source"];
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** From one address; 0 does not limit. */
  readonly requestsPerMinute: number;
  /** Without it whoever reaches the server may ask. */
  readonly apiKey: string | undefined;
  /** Of pages that may ask; "*" is every one. */
  readonly origins: readonly string[];
  /** For which an answer is kept; 0 keeps none. */
  readonly cacheSeconds: number;
  /** For batches and fits, beside the one that answers. */
  readonly threads: number;
}

const SHORTEST_KEY = 16;

export const SOURCES: readonly Source[] = ["yahoo", "csv", "sample"];

/**
 * The server that the variables describe; an empty variable is an absent one.
 *
 * @param readText the text of a file; undefined where there is none
 * @throws {UsageError} naming the variable, its value and what is allowed
 */
export function readServerEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  readText: (path: string) => string | undefined,
): ServerEnvironment {
  const given = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const config = configOf(given("CONFIG") ?? "config/default.yaml", readText);
  const source = given("SOURCE") ?? config.source;
  if (!isSource(source))
    throw new UsageError(`Cannot use SOURCE=${source}: it must be auto, ${SOURCES.join(", ")}`);
  return {
    config,
    source,
    dataDir: usage(() => checkRoot(given("DATA_DIR") ?? "data", variables)),
    host: given("HOST") ?? "127.0.0.1",
    port: wholeNumber("PORT", given("PORT") ?? "8000", 65_535),
    requestsPerMinute: wholeNumber("RATE_LIMIT", given("RATE_LIMIT") ?? "60000", 1_000_000_000),
    apiKey: keyOf(given("API_KEY")),
    origins: (given("CORS_ORIGINS") ?? "").split(",").flatMap(originOf),
    cacheSeconds: wholeNumber("CACHE_SECONDS", given("CACHE_SECONDS") ?? "300", 86_400),
    threads: wholeNumber("THREADS", given("THREADS") ?? "1", 64),
  };
}

// An error must not repeat the key: it goes to a log.
function keyOf(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{16,}$/.test(key)) return key;
  throw new UsageError(
    `Cannot use API_KEY: it must be at least ${SHORTEST_KEY} letters, digits or signs without a space, it has ${key.length}`,
  );
}

function originOf(text: string): string[] {
  const origin = text.trim();
  if (origin === "" || origin === "*") return origin ? [origin] : [];
  if (/^https?:[^*]+$/.test(origin) && URL.parse(origin)?.origin === origin) return [origin];
  throw new UsageError(
    `Cannot use CORS_ORIGINS=${text}: each must be *, or an origin such as https://example.org`,
  );
}

function configOf(path: string, readText: (path: string) => string | undefined): Config {
  if (readText(path) === undefined) throw new UsageError(`Cannot read CONFIG=${path}: there is no such file`);
  return usage(() => readConfig(path, readText));
}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function isSource(text: string): text is Config["source"] {
  return text === "auto" || SOURCES.some((source) => source === text);
}

function wholeNumber(name: string, text: string, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= maximum) return value;
  throw new UsageError(`Cannot use ${name}=${text}: it must be a whole number from 0 to ${maximum}`);
}
