// What does the calendar alone say of the sessions ahead?
//
// Weekdays stand for sessions, so that nothing but the session's own date is read: a holiday ahead makes a window
// end a day early.

import {civilFromDays, dayOfWeek, HORIZONS} from "../units.ts";
import type {PrimaryFeature} from "./feature.ts";

const FRIDAY = 5;

export const calendarFeatures: readonly PrimaryFeature[] = HORIZONS.flatMap((horizon) => [
  counted(`jobs_reports_ahead_${horizon}d`, {
    horizon,
    counts: "first Fridays of a month (the US employment report)",
    source: "Andersen, Bollerslev, Diebold and Vega (2003): the report moves every market",
    is: isFirstFriday,
  }),
  counted(`year_end_ahead_${horizon}d`, {
    horizon,
    counts: "days from 20 to 31 December",
    source: "volbook",
    is: isYearEnd,
  }),
]);

function counted(
  name: string,
  {
    horizon,
    counts,
    source,
    is,
  }: {horizon: number; counts: string; source: string; is: (day: number) => boolean},
): PrimaryFeature {
  return {
    name,
    unit: "days",
    lookback: 0,
    formula: `${counts} among the next ${horizon} weekdays`,
    source,
    group: "calendar",
    compute: ({sessions}) => Float64Array.from(sessions, (session) => countAhead(session, {horizon, is})),
  };
}

function countAhead(session: number, {horizon, is}: {horizon: number; is: (day: number) => boolean}): number {
  let count = 0;
  let left = horizon;
  for (let day = session + 1; left > 0; day++) {
    if (dayOfWeek(day) % 6 === 0) continue; // a Sunday or a Saturday
    left--;
    if (is(day)) count++;
  }
  return count;
}

function isFirstFriday(day: number): boolean {
  return dayOfWeek(day) === FRIDAY && civilFromDays(day).day <= 7;
}

function isYearEnd(day: number): boolean {
  const {month, day: dayOfMonth} = civilFromDays(day);
  return month === 12 && dayOfMonth >= 20;
}
