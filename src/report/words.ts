// How is a number said in a sentence? Always with its unit, never with more digits than it deserves.

import {civilFromDays} from "../units.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const NARROW_SPACE = "\u202f";

/** A fraction as a percentage: 0.0213 is "2.1 %". */
export function percent(fraction: number, digits = 1): string {
  return Number.isFinite(fraction) ? `${percentNumber(fraction, digits)}${NARROW_SPACE}%` : "unknown";
}

/** The same without its sign, for "between 1.1 and 4.0 %". */
export function percentNumber(fraction: number, digits = 1): string {
  const text = Math.abs(fraction * 100).toFixed(digits);
  return fraction < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** A change as a percentage that always shows its sign: "+4.1 %", "−0.3 %". */
export function signedPercent(fraction: number): string {
  const text = percent(fraction);
  return fraction > 0 && !text.startsWith("0.0") ? `+${text}` : text;
}

/** A count with thin separators: 7923 is "7,923". */
export function count(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Days since 1970-01-01 as "21 December 2023". */
export function longDate(days: number): string {
  const {year, month, day} = civilFromDays(days);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** The calendar year of days since 1970-01-01. */
export function yearOf(days: number): number {
  return civilFromDays(days).year;
}

/** A small whole number in words, as a sentence wants it. */
export function inWords(value: number): string {
  const words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  return words[value] ?? count(value);
}
