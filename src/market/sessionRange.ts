// Between which prices did the return move that ends at a session's close?

import {rollingSum} from "../math/rolling.ts";
import type {Bars} from "./bars.ts";
import {instrumentKind} from "./instrument.ts";
import {exceeds} from "./rounding.ts";

type Prices = Pick<Bars, "open" | "high" | "low" | "close">;

const WINDOW = 63; // sessions that tell when the close is quoted: three months
const QUOTED_AT_OPEN = 0.1; // of the range, below which a close is its own open

/**
 * Open, high and low of the path that leads to each close. They are the bar's own, with two repairs:
 *
 * A range that does not hold its open or its close, by more than rounding, takes them in: the close of a future is a
 * settlement and that of a currency a dealer's quote, and a range without its close would have a negative variance.
 *
 * Of a currency some vendors quote the close when the session opens (Yahoo's EURUSD=X since August 2010): the bar's
 * range then comes after its close and would tell the next return. There the path to a close is the bar before. A bar
 * is such a one if, over the last 63 bars, the median of |close - open| / (high - low) is below .1 (.4 to .6 is usual)
 * and more closes lie within the range of the bar before theirs than within that of the bar after. Row t depends on
 * rows 0..t alone.
 *
 * @param bars.symbol tells a currency; without it there is none
 */
export function sessionRange(
  bars: Prices & {readonly symbol?: string},
): Pick<Prices, "open" | "high" | "low"> {
  const {symbol, open, high, low, close} = bars;
  const early = symbol !== undefined && instrumentKind(symbol) === "currency" ? quotedAtOpen(bars) : [];
  const own = (prices: Float64Array) => prices.map((price, t) => (early[t] ? prices[t - 1]! : price));
  const opens = own(open);
  const reach = (bounds: Float64Array, beyond: (a: number, b: number) => boolean) =>
    own(bounds).map((bound, t) =>
      [opens[t]!, close[t]!].reduce((far, price) => (beyond(price, far) ? price : far), bound),
    );
  return {open: opens, high: reach(high, exceeds), low: reach(low, (a, b) => exceeds(b, a))};
}

function quotedAtOpen({open, high, low, close}: Prices): boolean[] {
  const within = (price: number | undefined, t: number) => price! <= high[t]! && price! >= low[t]!;
  const still = close.map(
    (price, t) => +(Math.abs(price - open[t]!) < QUOTED_AT_OPEN * (high[t]! - low[t]!)),
  );
  const before = close.map((price, t) => +within(price, t - 1));
  const after = close.map((_, t) => +within(close[t - 1], t));
  const [atOpen, led, followed] = [still, before, after].map((flags) => rollingSum(flags, WINDOW));
  return Array.from(close, (_, t) => atOpen![t]! > WINDOW / 2 && led![t]! > followed![t]!);
}
