// Which values can a feature not have, whatever the market does, or only in the wrong unit?

import type {Feature, FeatureUnit} from "../features/feature.ts";
import {VARIANCE_FLOOR} from "../features/modelFeatures.ts";
import {SESSIONS_PER_YEAR} from "../units.ts";

/** Bounds in JSON Schema's words. */
export interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const BY_UNIT: Readonly<Record<FeatureUnit, Bounds>> = {
  "log return": {},
  // Wide of anything on record (VIX closed between 9.1 and 82.7), and narrow of the same number in another unit.
  "annualised volatility": {minimum: 0, maximum: 5},
  "daily variance": {minimum: 0, maximum: 0.1},
  "log of daily variance": {maximum: Math.log(0.1)},
  "log ratio": {},
  "index points": {minimum: 3, maximum: 300},
  ratio: {exclusiveMinimum: 0},
  fraction: {minimum: 0, maximum: 1},
  correlation: {minimum: -1, maximum: 1},
  "0 to 100": {minimum: 0, maximum: 100},
  "standard deviations": {},
  days: {minimum: 0, maximum: 22},
};

const floored = {minimum: Math.log(VARIANCE_FLOOR), maximum: Math.log(0.1)};

// What a formula excludes beyond its unit.
const BY_NAME: Readonly<Record<string, Bounds>> = {
  drawdown_60d: {exclusiveMinimum: -1, maximum: 0},
  hl_spread: {minimum: 0},
  leverage_1d: {maximum: 0},
  leverage_5d: {maximum: 0},
  log_range_var_1d: floored,
  log_range_var_5d: floored,
  log_range_var_22d: floored,
  log_vix_var: {minimum: impliedLogVariance(3), maximum: impliedLogVariance(300)},
};

function impliedLogVariance(vix: number): number {
  return Math.log((vix / 100) ** 2 / SESSIONS_PER_YEAR);
}

/** Bounds that no market leaves, by the feature's unit and formula. */
export function possibleValues({name, unit}: Pick<Feature, "name" | "unit">): Bounds {
  return BY_NAME[name] ?? BY_UNIT[unit];
}
