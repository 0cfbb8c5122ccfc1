// How many shares change hands in a session?

import {REGULAR_CLOSE} from "../../calendar/earlyCloses.ts";
import {closeMinutes} from "../../calendar/sessions.ts";
import {VOLUME} from "./parameters.ts";

const DAYS_PER_YEAR = 365.25;

/**
 * Shares, to the hundred. A trend from `initial` to `mature` volume since the fund's start, more where prices move more,
 * fewer on a half day.
 *
 * @param squares sum of the session's squared log price changes
 * @param activity log volume beyond trend and price changes
 */
export function tradedVolume(
  {symbol, start}: {symbol: "SPY" | "TLT" | "HYG"; start: number},
  {session, squares, activity}: {session: number; squares: number; activity: number},
): number {
  const {initial, mature, years} = VOLUME[symbol];
  const age = (session - start) / DAYS_PER_YEAR / years;
  const trend = Math.log(initial) + Math.log(mature / initial) * (1 - Math.exp(-age * age));
  const moved = VOLUME.varianceElasticity * Math.log(squares / VOLUME.usualVariance);
  const hours = closeMinutes(session) < REGULAR_CLOSE ? VOLUME.halfDay : 1;
  return 100 * Math.round((hours * Math.exp(trend + moved + activity)) / 100);
}
