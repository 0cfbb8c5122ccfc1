// How is one symbol's chart asked of Yahoo, with patience but not for ever?

import pRetry from "p-retry";
import createYahooFinance from "yahoo-finance2/createYahooFinance";
import chart from "yahoo-finance2/modules/chart";
import {type ChartBars, chartBars} from "./yahooChart.ts";
import {strictFetch, YahooFailure} from "./yahooRequest.ts";

export interface YahooClientOptions {
  /** Stands in for the global fetch. */
  readonly fetch?: typeof fetch;
  /** Scheme, host and port that stand in for Yahoo's. */
  readonly baseUrl?: string;
  /** Requests made at most for one chart. */
  readonly attempts?: number;
  /** For one request, connection and body together. */
  readonly timeoutMs?: number;
  /** Before the second attempt; doubled before each later one. */
  readonly firstDelayMs?: number;
}

/** Days since 1970-01-01, both inclusive. */
export interface DaySpan {
  readonly first: number;
  readonly last: number;
}

export type YahooClient = (symbol: string, span: DaySpan) => Promise<ChartBars>;

const DAY_MS = 86_400_000;
const LONGEST_WAIT_S = 60; // a longer Retry-After is the user's decision

/**
 * A function that fetches the daily bars of one symbol.
 *
 * Attempts are spaced 1, 2, 4 … s, or as long as Retry-After asks if that is longer and at most a
 * minute. What cannot get better (no such symbol, refused) is not tried again.
 *
 * @throws {Error} from the returned function: what failed, how often it was tried, what to do
 */
export function yahooClient(options: YahooClientOptions = {}): YahooClient {
  const {attempts = 4, timeoutMs = 20_000, firstDelayMs = 1000, baseUrl} = options;
  const Client = createYahooFinance({modules: {chart}});
  const client = new Client({
    fetch: strictFetch({
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs,
      ...(baseUrl === undefined ? {} : {baseUrl}),
    }),
    logger: {info: ignore, warn: ignore, error: ignore, debug: ignore, dir: ignore},
    suppressNotices: ["yahooSurvey"],
    validation: {logErrors: false, logOptionsErrors: false},
    versionCheck: false,
  });

  async function attempt(symbol: string, {first, last}: DaySpan): Promise<ChartBars> {
    const query = {
      period1: new Date(first * DAY_MS),
      period2: new Date((last + 1) * DAY_MS), // exclusive
      interval: "1d",
      includePrePost: false,
      events: "div|split",
      return: "object",
    } as const;
    // chartBars checks the parts that are used; the library's own schema fails on every field Yahoo adds.
    return chartBars(await client.chart(symbol, query, {validateResult: false}), symbol);
  }

  return async (symbol, span) => {
    let made = 0;
    try {
      return await pRetry(
        () => {
          made++;
          return attempt(symbol, span).catch(asFailure);
        },
        {
          retries: attempts - 1,
          minTimeout: firstDelayMs,
          factor: 2,
          randomize: false,
          shouldRetry: ({error}) => error instanceof YahooFailure && worthAnotherTry(error),
          onFailedAttempt: async ({error, attemptNumber, retriesLeft}) => {
            const asked =
              error instanceof YahooFailure && worthAnotherTry(error) ? error.retryAfter * 1000 : 0;
            const extra = asked - firstDelayMs * 2 ** (attemptNumber - 1);
            if (extra > 0 && retriesLeft > 0) await new Promise((resolve) => setTimeout(resolve, extra));
          },
        },
      );
    } catch (error) {
      throw explained(symbol, {failure: error as YahooFailure, made});
    }
  };
}

function ignore(): void {}

function worthAnotherTry({retryable, retryAfter}: YahooFailure): boolean {
  return retryable && !(retryAfter > LONGEST_WAIT_S);
}

function asFailure(error: unknown): never {
  if (error instanceof YahooFailure) throw error;
  const message = error instanceof Error ? error.message.slice(0, 200) : String(error);
  throw new YahooFailure(`its answer is not a chart (${message})`, {retryable: true, cause: error});
}

function explained(symbol: string, {failure, made}: {failure: YahooFailure; made: number}): Error {
  const tries = made > 1 ? ` after ${made} attempts` : "";
  const wait = failure.retryAfter > LONGEST_WAIT_S ? `, it asks to wait ${failure.retryAfter} s` : "";
  const remedy =
    failure.status === 404
      ? "correct the symbol in the configuration's universe"
      : failure.status === 429
        ? "wait a few minutes or use SOURCE=csv"
        : "try again later, or use SOURCE=csv or SOURCE=sample";
  return new Error(`Cannot fetch ${symbol} from Yahoo: ${failure.message}${tries}${wait}; ${remedy}`, {
    cause: failure,
  });
}
