// Which values can a feature not have, whatever the market does?

import type {Feature, FeatureUnit} from "../features/feature.ts";
import {VARIANCE_FLOOR} from "../features/modelFeatures.ts";

/** Bounds in JSON Schema's words. */
export interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const BY_UNIT: Readonly<Record<FeatureUnit, Bounds>> = {
  "log return": {},
  "annualised volatility": {minimum: 0},
  "daily variance": {minimum: 0},
  "log of daily variance": {},
  "log ratio": {},
  "index points": {exclusiveMinimum: 0},
  ratio: {exclusiveMinimum: 0},
  fraction: {minimum: 0, maximum: 1},
  correlation: {minimum: -1, maximum: 1},
  "0 to 100": {minimum: 0, maximum: 100},
  "standard deviations": {},
};

const floored = {minimum: Math.log(VARIANCE_FLOOR)};

// What a formula excludes beyond its unit.
const BY_NAME: Readonly<Record<string, Bounds>> = {
  drawdown_60d: {exclusiveMinimum: -1, maximum: 0},
  hl_spread: {minimum: 0},
  leverage_1d: {maximum: 0},
  leverage_5d: {maximum: 0},
  log_range_var_1d: floored,
  log_range_var_5d: floored,
  log_range_var_22d: floored,
};

/** Bounds that no market can leave, by the feature's unit and formula. */
export function possibleValues({name, unit}: Pick<Feature, "name" | "unit">): Bounds {
  return BY_NAME[name] ?? BY_UNIT[unit];
}
