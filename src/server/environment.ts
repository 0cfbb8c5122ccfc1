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
}

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
  };
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
