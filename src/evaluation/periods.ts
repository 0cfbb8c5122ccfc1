// Over which spans of days are models compared?

import {civilFromDays, daysFromCivil} from "../units.ts";

/** Days since 1970-01-01, both ends included; a forecast belongs to the day it was made. */
export interface Period {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** 1 for each session of the forecasts between them that belongs; absent where all do. */
  readonly members?: Uint8Array;
  /** The sessions were chosen by what came of them: figures are shown, nothing is tested. */
  readonly byOutcome?: boolean;
}

/**
 * All scored days, the published comparison's span, and each calendar year in order.
 *
 * @param sessions days since 1970-01-01 that have forecasts, increasing
 * @param reference the span of the published comparison, left out where no session lies in it
 */
export function planPeriods(sessions: Int32Array, reference: Period): Period[] {
  const first = sessions[0];
  const last = sessions.at(-1);
  if (first === undefined || last === undefined) return [];
  const years: Period[] = [];
  for (let year = civilFromDays(first).year; year <= civilFromDays(last).year; year++) {
    years.push({name: String(year), first: daysFromCivil(year, 1, 1), last: daysFromCivil(year, 12, 31)});
  }
  const overlaps = reference.first <= last && reference.last >= first;
  return [{name: "all", first, last}, ...(overlaps ? [reference] : []), ...years];
}
