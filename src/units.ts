// Which numbers may be confused with one another? Each gets a branded type and a checking constructor.

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & {readonly [brand]: Name};

/** A trading session: whole days since 1970-01-01, as Parquet's DATE stores it. */
export type SessionDate = Branded<number, "SessionDate">;

/** A number of sessions ahead over which volatility is forecast, 1 or more. */
export type Horizon = Branded<number, "Horizon">;

/** Sessions in a year by the market's convention; the one place that says so. */
export const SESSIONS_PER_YEAR = 252;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Days since 1970-01-01 of an ISO date.
 *
 * @throws {SyntaxError} if the text is not a date that exists, written YYYY-MM-DD
 */
export function sessionDate(text: string): SessionDate {
  const match = ISO_DATE.exec(text);
  if (match) {
    const days = daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3]));
    if (isoDate(days) === text) return days;
  }
  throw new SyntaxError(
    `Cannot read the date ${JSON.stringify(text)}: it must be a real day written YYYY-MM-DD`,
  );
}

/** The ISO text, YYYY-MM-DD, of days since 1970-01-01. */
export function isoDate(days: number): string {
  const {year, month, day} = civilFromDays(days);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Year, month (1-12) and day (1-31) of days since 1970-01-01. Hinnant (2013), civil_from_days. */
export function civilFromDays(days: number): {year: number; month: number; day: number} {
  const shifted = days + 719_468; // days since 0000-03-01
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153); // March is 0
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

/** Days since 1970-01-01 of a proleptic Gregorian date. Hinnant (2013), days_from_civil. */
export function daysFromCivil(year: number, month: number, day: number): SessionDate {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) as SessionDate;
}

/** 0 is Sunday, 6 is Saturday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** @throws {RangeError} unless the horizon is a whole number of sessions, 1 or more */
export function horizon(sessions: number): Horizon {
  if (!Number.isInteger(sessions) || sessions < 1) {
    throw new RangeError(
      `Cannot forecast ${sessions} sessions ahead: a horizon is a whole number, 1 or more`,
    );
  }
  return sessions as Horizon;
}

/** The horizons this project forecasts: a day, a week, a month. */
export const HORIZONS: readonly Horizon[] = [1, 5, 22].map(horizon);

/** Volatility a year of a volatility over some sessions, both as fractions: v sqrt(252 / sessions). */
export function annualizedVolatility(volatility: number, sessions: number): number {
  return volatility * Math.sqrt(SESSIONS_PER_YEAR / sessions);
}
