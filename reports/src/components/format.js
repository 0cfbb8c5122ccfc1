// How is a number written? With its unit, in the same way on every page.

const THIN = "\u202f";
const MINUS = "\u2212";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS =
  "January February March April May June July August September October November December".split(" ");

export const SESSIONS_PER_YEAR = 252;

const SOURCES = {yahoo: "Yahoo Finance", csv: "CSV files", sample: "simulated sample"};

/** A fraction as a percentage: 0.0213 is "2.1 %". */
export function percent(fraction, digits = 1) {
  return known(fraction) ? `${fixed(100 * fraction, digits)}${THIN}%` : "–";
}

/** The same with two digits, for volatilities over a few sessions. */
export function finePercent(fraction) {
  return percent(fraction, 2);
}

/** A whole percentage: 0.9 is "90 %". */
export function wholePercent(fraction) {
  return percent(fraction, 0);
}

/** A change as a percentage that always shows its sign. */
export function signedPercent(fraction, digits = 1) {
  if (!known(fraction)) return "–";
  const text = percent(fraction, digits);
  return fraction > 0 && Number(fixed(100 * fraction, digits)) !== 0 ? `+${text}` : text;
}

/** A decimal number with a true minus sign. */
export function fixed(value, digits = 2) {
  if (!known(value)) return "–";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

export function oneDecimal(value) {
  return fixed(value, 1);
}

export function twoDecimals(value) {
  return fixed(value, 2);
}

/** A count: 7923 is "7,923". */
export function count(value) {
  return known(value) ? Math.round(value).toLocaleString("en-US") : "–";
}

/** "2023-12-21", or a Date of midnight UTC, as "21 Dec 2023". */
export function shortDate(date) {
  const text = isoDate(date);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return "–";
  const [year, month, day] = text.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** "2023-12-21" as "21 December 2023". */
export function longDate(text) {
  const [year, month, day] = text.split("-").map(Number);
  return `${day} ${LONG_MONTHS[month - 1]} ${year}`;
}

/** A Date of midnight UTC, or milliseconds, as "2023-12-21". */
export function isoDate(date) {
  if (typeof date === "string") return date.slice(0, 10);
  const time = new Date(date);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString().slice(0, 10);
}

/** An ISO instant as "21 Dec 2023, 21:05 UTC". */
export function instant(text) {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(text ?? "");
  return match ? `${shortDate(match[1])}, ${match[2]} UTC` : "–";
}

export function sourceName(source) {
  return SOURCES[source] ?? source;
}

/** "the level of the VIX" as a label: "level of the VIX". */
export function label(words) {
  return words.replace(/^the /, "");
}

/** A label at the start of a title. */
export function capitalized(text) {
  return text.replace(/^./, (character) => character.toUpperCase());
}

/** Volatility over some sessions as one a year: times sqrt(252 / sessions). */
export function annualized(volatility, sessions) {
  return volatility * Math.sqrt(SESSIONS_PER_YEAR / sessions);
}

function known(value) {
  return typeof value === "number" && Number.isFinite(value);
}
