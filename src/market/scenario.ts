// What would the market be, had its last sessions gone otherwise?

import type {Market} from "./align.ts";

/** Sessions before the last whose return `before` is. */
const SESSIONS_BEFORE = 4;

/** How the market ended, or is to end. Returns are logarithms. */
export interface Ending {
  /** Return of the last session, close to close. */
  readonly ret: number;
  /** ln(high / low) of the last session. */
  readonly range: number;
  /** Return of the four sessions before it, in total. */
  readonly before: number;
  readonly vix: number;
  readonly vix3m: number;
}

/**
 * How a market ended.
 *
 * @param market at least six sessions
 */
export function endingOf({close, high, low, vix, vix3m}: Market): Ending {
  const last = close.length - 1;
  return {
    ret: Math.log(close[last]! / close[last - 1]!),
    range: Math.log(high[last]! / low[last]!),
    before: Math.log(close[last - 1]! / close[last - 1 - SESSIONS_BEFORE]!),
    vix: vix[last]!,
    vix3m: vix3m[last]!,
  };
}

/**
 * The market with another ending; what is not given stays, to the bit.
 *
 * - `before` shifts the four sessions' returns alike, each as an overnight move, and the last session with them.
 * - `ret` moves the last close; the open stays where it was against the close before.
 * - `range` puts high and low at equal distances beyond open and close; one too small for the move between these becomes
 *   that move. Where `ret` alone is given the range stays as wide as it was, or becomes as wide as that move.
 * - `vix` and `vix3m` are the last session's closes.
 */
export function endOtherwise(market: Market, wanted: Partial<Ending>): Market {
  const last = market.close.length - 1;
  const ending = endingOf(market);
  const changed = {
    open: market.open.slice(),
    high: market.high.slice(),
    low: market.low.slice(),
    close: market.close.slice(),
    vix: market.vix.slice(),
    vix3m: market.vix3m.slice(),
  };
  const {before = ending.before, ret = ending.ret, range = ending.range} = wanted;
  if (before !== ending.before) shiftSessions(changed, {last, by: before - ending.before});
  if (ret !== ending.ret || range !== ending.range) {
    const previous = changed.close[last - 1]!;
    const open = changed.open[last]!;
    const close = ret === ending.ret ? changed.close[last]! : previous * Math.exp(ret);
    const move = Math.abs(Math.log(close / open));
    const beyond = Math.exp(Math.max(0, range - move) / 2);
    changed.close[last] = close;
    changed.high[last] = Math.max(open, close) * beyond;
    changed.low[last] = Math.min(open, close) / beyond;
  }
  if (wanted.vix !== undefined) changed.vix[last] = wanted.vix;
  if (wanted.vix3m !== undefined) changed.vix3m[last] = wanted.vix3m;
  return {...market, ...changed};
}

function shiftSessions(
  {open, high, low, close}: Pick<Market, "open" | "high" | "low" | "close">,
  {last, by}: {readonly last: number; readonly by: number},
): void {
  for (let t = last - SESSIONS_BEFORE; t <= last; t++) {
    const steps = Math.min(t - (last - SESSIONS_BEFORE) + 1, SESSIONS_BEFORE);
    const factor = Math.exp((by * steps) / SESSIONS_BEFORE);
    for (const prices of [open, high, low, close]) prices[t]! *= factor;
  }
}
