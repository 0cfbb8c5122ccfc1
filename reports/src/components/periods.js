// What is a period of the record called?

const REGIMES = {
  vix_low: "VIX in its lower third",
  vix_middle: "VIX in its middle third",
  vix_high: "VIX in its upper third",
  stress: "worst tenth of outcomes",
};

/** "vix_low" in words; a year and the reference period keep their names. */
export function periodName(period) {
  if (period === "all") return "all sessions";
  return REGIMES[period] ?? period;
}

export function isYear(period) {
  return /^\d{4}$/.test(period);
}

export function isRegime(period) {
  return period in REGIMES;
}

/** Rows of regimes in the order of the VIX, the worst days last. */
export function inOrderOfRegimes(rows) {
  const names = Object.keys(REGIMES);
  return rows.toSorted((a, b) => names.indexOf(a.period) - names.indexOf(b.period));
}

/** "1 session", "5 sessions". */
export function sessionsName(horizon) {
  return `${horizon} session${horizon === 1 ? "" : "s"}`;
}

/** For controls: the horizons by their names. */
export function horizonChoices(horizons) {
  return new Map(horizons.map((horizon) => [sessionsName(horizon), horizon]));
}
