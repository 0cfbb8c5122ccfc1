// What is a daily bar, one at a time and as columns?

import {isoDate} from "../units.ts";

/** One symbol's daily bars as columns, sessions strictly increasing. Prices in the quote's currency; volume in shares. */
export interface Bars {
  readonly symbol: string;
  readonly sessions: Int32Array; // days since 1970-01-01
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly adjClose: Float64Array; // adjusted for splits and dividends
  readonly volume: Float64Array; // 0 for an index; whole numbers
}

/** One bar as a provider hands it over: any number may be NaN where the vendor sent none. */
export interface Bar {
  readonly symbol: string;
  readonly session: number; // days since 1970-01-01
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly adjClose: number;
  readonly volume: number;
}

/** A bar that was refused, with the reason in words. */
export interface QuarantinedBar {
  readonly bar: Bar;
  readonly reason: string;
}

/**
 * One symbol's bars as columns, sorted by session. Bars of other symbols are passed over.
 *
 * @throws {RangeError} if two bars have one session: run checkBars first
 */
export function toBars(symbol: string, bars: readonly Bar[]): Bars {
  const own = bars.filter((bar) => bar.symbol === symbol).sort((a, b) => a.session - b.session);
  for (let i = 1; i < own.length; i++) {
    if (own[i]!.session === own[i - 1]!.session) {
      throw new RangeError(
        `Cannot make columns of ${symbol}: ${isoDate(own[i]!.session)} has two bars, run checkBars first`,
      );
    }
  }
  return {
    symbol,
    sessions: Int32Array.from(own, (bar) => bar.session),
    open: Float64Array.from(own, (bar) => bar.open),
    high: Float64Array.from(own, (bar) => bar.high),
    low: Float64Array.from(own, (bar) => bar.low),
    close: Float64Array.from(own, (bar) => bar.close),
    adjClose: Float64Array.from(own, (bar) => bar.adjClose),
    volume: Float64Array.from(own, (bar) => bar.volume),
  };
}

/** The bars of columns, one object each: toBars the other way round. */
export function listBars(bars: Bars): Bar[] {
  const {symbol, open, high, low, close, adjClose, volume} = bars;
  return Array.from(bars.sessions, (session, i) => ({
    symbol,
    session,
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    adjClose: adjClose[i]!,
    volume: volume[i]!,
  }));
}

/**
 * Bars on the scale of the adjusted close: open, high, low and close times adjClose / close of their own
 * session, so that splits and dividends leave no false gap between sessions.
 *
 * The close becomes exactly the adjusted close. Volume stays as delivered. A missing or zero close
 * makes the session's prices NaN. The input is not changed.
 */
export function scaleToAdjusted(bars: Bars): Bars {
  const factor = bars.adjClose.map((adjusted, i) =>
    bars.close[i] === 0 ? Number.NaN : adjusted / bars.close[i]!,
  );
  const scale = (prices: Float64Array) => prices.map((price, i) => price * factor[i]!);
  return {
    ...bars,
    open: scale(bars.open),
    high: scale(bars.high),
    low: scale(bars.low),
    close: bars.adjClose.map((adjusted, i) => (Number.isNaN(factor[i]!) ? Number.NaN : adjusted)),
  };
}
