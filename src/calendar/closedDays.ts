// Which weekdays of a year have no session, and what is each called?

import {dayOfWeek, daysFromCivil, type SessionDate} from "../units.ts";
import {HOLIDAYS, type HolidayRule, SPECIAL_CLOSURES} from "./holidays.ts";
import {SATURDAY, SUNDAY} from "./weekdays.ts";

/** Closed weekdays of a year with the holiday's or the occasion's name, in no order. */
export function closedDays(year: number): [day: SessionDate, name: string][] {
  const holidays = HOLIDAYS.filter((rule) => rule.from <= year).flatMap((rule) => {
    const day = observedDay(rule, year);
    return day === undefined ? [] : [[day, rule.name] satisfies [SessionDate, string]];
  });
  const [start, end] = [daysFromCivil(year, 1, 1), daysFromCivil(year + 1, 1, 1)];
  const special = SPECIAL_CLOSURES.flatMap(({name, days}) =>
    days.filter((day) => start <= day && day < end).map((day) => [day, name] satisfies [SessionDate, string]),
  );
  return [...holidays, ...special];
}

/** Undefined where the holiday is not kept that year: a New Year's Day on a Saturday. */
function observedDay(rule: HolidayRule, year: number): SessionDate | undefined {
  const day = rule.date(year);
  const weekday = dayOfWeek(day);
  if (weekday === SUNDAY) return (day + 1) as SessionDate;
  if (weekday !== SATURDAY) return day;
  return rule.observed === "nearest" ? ((day - 1) as SessionDate) : undefined;
}
