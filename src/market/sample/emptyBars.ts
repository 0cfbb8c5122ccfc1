// Where do a simulation's bars go?

import type {Bars} from "../bars.ts";

/** Zero-filled columns for these sessions, to be written once each. */
export function emptyBars(symbol: string, sessions: Int32Array): Bars {
  const column = () => new Float64Array(sessions.length);
  return {
    symbol,
    sessions,
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    adjClose: column(),
    volume: column(),
  };
}
