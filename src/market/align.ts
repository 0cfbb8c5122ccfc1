// What was known of the other series when the target's session closed?

import type {Bars} from "./bars.ts";
import {sessionRange} from "./sessionRange.ts";
import {type CalendarOf, tradingCalendar} from "./tradingCalendar.ts";

/** The series joined to the target: two volatility indices, the bond fund and the credit fund. */
export const MARKET_ROLES = ["vix", "vix3m", "tlt", "hyg"] as const;
export type MarketRole = (typeof MARKET_ROLES)[number];

/** Sessions of the target after which an unrefreshed value of another series counts as unknown. */
export const MAX_AGE_SESSIONS = 5;

// Before the target's first session nothing counts sessions, so there the age is in days: five sessions are a week.
const MAX_AGE_DAYS = 7;

/** One row a session of the target: its bars on the scale of the adjusted close, the other series as-of. */
export interface Market extends Readonly<Record<MarketRole, Float64Array>> {
  readonly sessions: Int32Array; // days since 1970-01-01, the target's
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array; // the adjusted close
  readonly volume: Float64Array; // as traded, not adjusted
}

/**
 * Joins the other series to the target's sessions, as-of.
 *
 * The target's open, high and low are multiplied by adjClose / close of their own session, so that
 * splits and dividends leave no false gaps. Of each other series a row has the adjusted close (an
 * index's close) of the latest bar dated on or before the session, or before it where the two trade on different
 * calendars: New York closes hours after São Paulo or London, and a price of the same date is not known yet. That bar may be at most five
 * sessions old: at most five of the target's sessions lie after its date, up to and including the
 * row's own. An older one, or none yet, is NaN; so is a bar more than seven days before the target's
 * first session. A bar without a price does not count as a bar.
 *
 * @param bars.others a role that is absent is NaN throughout
 */
export function alignMarket(
  {
    target,
    others,
  }: {
    readonly target: Bars;
    readonly others: Readonly<Partial<Record<MarketRole, Bars>>>;
  },
  {calendarOf = tradingCalendar}: {readonly calendarOf?: CalendarOf} = {},
): Market {
  const {sessions, volume} = target;
  const calendar = calendarOf(target.symbol);
  const asOf = (role: MarketRole) => {
    const bars = others[role];
    return closesAsOf(sessions, bars, {sameDay: bars !== undefined && calendarOf(bars.symbol) === calendar});
  };
  return {
    sessions,
    ...adjustedPrices(target),
    volume,
    vix: asOf("vix"),
    vix3m: asOf("vix3m"),
    tlt: asOf("tlt"),
    hyg: asOf("hyg"),
  };
}

/** Prices on the scale of the adjusted close: those of `sessionRange`, each times adjClose / close of its session. */
export function adjustedPrices(
  bars: Omit<Bars, "symbol" | "sessions" | "volume"> & {readonly symbol?: string},
): Pick<Market, "open" | "high" | "low" | "close"> {
  const {close, adjClose} = bars;
  // Divided first: a high that equals the close stays equal, and low <= close <= high survives rounding.
  const adjust = (prices: Float64Array) => prices.map((price, t) => (price / close[t]!) * adjClose[t]!);
  const {open, high, low} = sessionRange(bars);
  return {open: adjust(open), high: adjust(high), low: adjust(low), close: adjClose};
}

/** Rows [0, end) of a market, as views on the same memory: what was known at the close of row end - 1. */
export function truncateMarket(market: Market, end: number): Market {
  return mapMarket(market, (values) => values.subarray(0, end), market.sessions.subarray(0, end));
}

/** A market with each column of numbers replaced. */
export function mapMarket(
  market: Market,
  change: (values: Float64Array) => Float64Array,
  sessions: Int32Array = market.sessions,
): Market {
  return {
    sessions,
    open: change(market.open),
    high: change(market.high),
    low: change(market.low),
    close: change(market.close),
    volume: change(market.volume),
    vix: change(market.vix),
    vix3m: change(market.vix3m),
    tlt: change(market.tlt),
    hyg: change(market.hyg),
  };
}

function closesAsOf(
  sessions: Int32Array,
  bars: Bars | undefined,
  {sameDay}: {readonly sameDay: boolean},
): Float64Array {
  const values = new Float64Array(sessions.length).fill(Number.NaN);
  if (!bars || sessions.length === 0) return values;
  const oldest = sessions[0]! - MAX_AGE_DAYS;
  let next = 0;
  let price = Number.NaN;
  let age = 0;
  for (let t = 0; t < sessions.length; t++) {
    age++;
    const known = sameDay ? sessions[t]! : sessions[t]! - 1;
    for (; next < bars.sessions.length && bars.sessions[next]! <= known; next++) {
      if (Number.isNaN(bars.adjClose[next]!) || bars.sessions[next]! < oldest) continue;
      price = bars.adjClose[next]!;
      age = bars.sessions[next] === sessions[t] ? 0 : 1;
    }
    if (age <= MAX_AGE_SESSIONS) values[t] = price;
  }
  return values;
}
