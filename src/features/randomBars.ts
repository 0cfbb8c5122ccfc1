// What do bars look like that follow no market at all? Tests compute features on them.

import type {Bars} from "../market/bars.ts";
import type {Random} from "../random.ts";
import {dayOfWeek} from "../units.ts";

/**
 * A random walk of weekday bars with gaps, ranges and a dividend that the adjusted close takes out.
 *
 * @param options.level the first price; options.volatility the standard deviation of a daily log return
 */
export function randomBars(
  random: Random,
  {
    symbol = "TEST",
    firstDay = 10_000,
    count = 420,
    level = 100,
    volatility = 0.01,
  }: {
    readonly symbol?: string;
    readonly firstDay?: number;
    readonly count?: number;
    readonly level?: number;
    readonly volatility?: number;
  } = {},
): Bars {
  const column = () => new Float64Array(count);
  const bars = {open: column(), high: column(), low: column(), close: column()};
  const sessions = new Int32Array(count);
  const adjClose = column();
  const volume = column();
  let day = firstDay;
  let last = level;
  for (let t = 0; t < count; t++) {
    while (dayOfWeek(day) === 0 || dayOfWeek(day) === 6) day++;
    sessions[t] = day++;
    const open = last * Math.exp(0.4 * volatility * random.normal());
    const close = open * Math.exp(0.9 * volatility * random.normal());
    bars.open[t] = open;
    bars.close[t] = close;
    bars.high[t] = Math.max(open, close) * Math.exp(0.5 * volatility * random.uniform());
    bars.low[t] = Math.min(open, close) * Math.exp(-0.5 * volatility * random.uniform());
    adjClose[t] = close * (t < count / 2 ? 0.97 : 1);
    volume[t] = Math.round(1e6 * Math.exp(0.3 * random.normal()));
    last = close;
  }
  return {symbol, sessions, ...bars, adjClose, volume};
}
