// Which daily bars does an answer of Yahoo's chart service (v8) hold?

import {type SessionDate, sessionDate} from "../units.ts";
import type {Bar} from "./bars.ts";
import {YahooFailure} from "./yahooRequest.ts";

export interface ChartBars {
  /** Increasing by session. */
  readonly bars: readonly Bar[];
  /** Days for which Yahoo sent a row without any price. */
  readonly empty: readonly SessionDate[];
  /** Whether the last day came twice: as the day's row and as the live price; the latter is kept. */
  readonly live: boolean;
  /** The day the symbol first traded, by Yahoo; NaN where it says nothing. */
  readonly firstTrade: number;
}

type Column = readonly (number | null)[];
type Fields = Readonly<Record<string, unknown>>;

/**
 * The bars of a chart answer, `chart.result[0]` of Yahoo's JSON.
 *
 * A row's day is that of its time stamp, the session's open, in the exchange's time zone. null is NaN.
 *
 * @throws {YahooFailure} if the answer is of another symbol or interval, holds no bar, or its columns do
 *   not fit one another
 */
export function chartBars(chart: unknown, symbol: string): ChartBars {
  const {meta, stamps, quote, adjClose} = readChart(chart, symbol);
  const dayOf = dayIn(String(meta.exchangeTimezoneName));
  const bars: Bar[] = [];
  const empty: SessionDate[] = [];
  for (let i = 0; i < stamps.length; i++) {
    const session = dayOf(stamps[i]!);
    const bar: Bar = {
      symbol,
      session,
      open: numberAt(quote.open, i),
      high: numberAt(quote.high, i),
      low: numberAt(quote.low, i),
      close: numberAt(quote.close, i),
      adjClose: numberAt(adjClose, i),
      volume: numberAt(quote.volume, i),
    };
    if ([bar.open, bar.high, bar.low, bar.close].every(Number.isNaN)) empty.push(session);
    else bars.push(bar);
  }
  const live = bars.length > 1 && bars.at(-1)!.session === bars.at(-2)!.session;
  if (live) bars.splice(-2, 1);
  if (bars.length === 0) throw new YahooFailure("its answer holds no bar", {retryable: true});
  return {bars, empty, live, firstTrade: firstTradeDay(meta.firstTradeDate, dayOf)};
}

interface ChartParts {
  readonly meta: Fields;
  readonly stamps: readonly number[];
  readonly quote: Readonly<Record<"open" | "high" | "low" | "close" | "volume", Column>>;
  readonly adjClose: Column;
}

function readChart(chart: unknown, symbol: string): ChartParts {
  const {meta, timestamp, indicators} = fields(chart);
  const {symbol: named, dataGranularity} = fields(meta);
  if (named !== symbol) throw unexpected(`it is about ${JSON.stringify(named)}`);
  if (dataGranularity !== "1d")
    throw unexpected(`its rows are not days but ${JSON.stringify(dataGranularity)}`);
  if (timestamp === undefined) throw new YahooFailure("its answer holds no bar", {retryable: true});
  const stamps = columnOf(timestamp, "timestamp");
  const {quote, adjclose} = fields(indicators);
  const first = fields(firstOf(quote));
  const read = (name: string, value: unknown) => {
    const values = columnOf(value, name);
    if (values.length === stamps.length) return values;
    throw unexpected(`${name} has ${values.length} values for ${stamps.length} days`);
  };
  if (stamps.some((stamp) => stamp === null)) throw unexpected("a time stamp is null");
  return {
    meta: fields(meta),
    stamps: stamps as readonly number[],
    quote: {
      open: read("open", first.open),
      high: read("high", first.high),
      low: read("low", first.low),
      close: read("close", first.close),
      volume: read("volume", first.volume),
    },
    // Yahoo leaves the adjusted close out for some indexes: their close is never adjusted.
    adjClose:
      adjclose === undefined ? stamps.map(() => null) : read("adjclose", fields(firstOf(adjclose)).adjclose),
  };
}

// Seconds in Yahoo's JSON, made a Date by the client library.
function firstTradeDay(value: unknown, dayOf: (seconds: number) => SessionDate): number {
  const seconds = value instanceof Date ? value.getTime() / 1000 : value;
  return typeof seconds === "number" && Number.isFinite(seconds) ? dayOf(seconds) : Number.NaN;
}

function fields(value: unknown): Fields {
  if (typeof value === "object" && value !== null) return value as Fields;
  throw unexpected(`a part is ${JSON.stringify(value)}`);
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function columnOf(value: unknown, name: string): Column {
  if (Array.isArray(value) && value.every((item) => item === null || typeof item === "number")) return value;
  throw unexpected(`${name} is not a list of numbers`);
}

function numberAt(values: Column, i: number): number {
  return values[i] ?? Number.NaN;
}

const FAR_SECONDS = 7e9; // from 1970: the years 1748 to 2191

function dayIn(timeZone: string): (seconds: number) => SessionDate {
  try {
    const format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    return (seconds) => {
      if (!(Math.abs(seconds) < FAR_SECONDS)) throw unexpected(`a time stamp is ${seconds}`);
      return sessionDate(format.format(seconds * 1000));
    };
  } catch {
    throw unexpected(`its time zone is ${JSON.stringify(timeZone)}`);
  }
}

function unexpected(what: string): YahooFailure {
  return new YahooFailure(`its answer is not the chart that was asked for: ${what}`, {retryable: true});
}
