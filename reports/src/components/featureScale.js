// In which unit does a person read a feature? Logs of daily variance as the volatility they stand for.

import {fixed, SESSIONS_PER_YEAR} from "./format.js";

const LOG_VARIANCE = /^log_(vix|range)_var/;

/** {log, unit, shown(value)}: the axis's type, its unit in words, and a value on it. */
export function featureScale(feature) {
  if (!LOG_VARIANCE.test(feature)) return {log: false, unit: "", shown: (value) => value};
  return {
    log: true,
    unit: feature === "log_vix_var" ? "points" : "as a volatility, % a year",
    shown: (value) => 100 * Math.sqrt(SESSIONS_PER_YEAR * Math.exp(value)),
  };
}

/** A value with its unit, for a tip. */
export function featureValue(feature, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "value missing";
  const {log, unit, shown} = featureScale(feature);
  return log
    ? `${fixed(shown(value), 1)} ${unit.replace("as a volatility, ", "")}`
    : `value ${Number(value.toPrecision(4))}`;
}
