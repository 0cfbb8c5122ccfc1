// What are a bar's returns? Simple and logarithmic, on the adjusted close.
import type {Bars} from "./bars.ts";

/** Bars with returns on the symbol's previous bar, fractions; NaN on the first. */
export interface CuratedBars extends Bars {
  readonly ret: Float64Array; // adjClose_t / adjClose_{t-1} - 1
  readonly logRet: Float64Array; // ln(adjClose_t / adjClose_{t-1})
}

export function curate(bars: Bars): CuratedBars {
  const {adjClose} = bars;
  const growth = adjClose.map((price, t) => price / (adjClose[t - 1] ?? Number.NaN));
  return {...bars, ret: growth.map((ratio) => ratio - 1), logRet: growth.map(Math.log)};
}
