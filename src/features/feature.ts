// What must be said of a number before it may be a feature?

import type {Market, MarketRole} from "../market/align.ts";

export type FeatureUnit =
  | "log return"
  | "annualised volatility"
  | "daily variance"
  | "log of daily variance"
  | "log ratio"
  | "index points"
  | "ratio"
  | "fraction"
  | "correlation"
  | "0 to 100"
  | "standard deviations"
  | "days";

interface Description {
  readonly name: string;
  readonly unit: FeatureUnit;
  /** Rows of the market that a value depends on, its own included: 0 where the date says it all, null for a recursion
   * over all rows before it. */
  readonly lookback: number | null;
  readonly formula: string;
  readonly source: string;
  readonly group: "documents" | "session" | "variance" | "regression" | "ratios" | "calendar";
  /** The configuration flag that leaves it out. */
  readonly optional?: "correlations";
}

/** Computed from the market's columns, one value a session. Row t may use rows 0..t only. */
export interface PrimaryFeature extends Description {
  /** The series beside the target's that it cannot be computed without; none where left out. */
  readonly companions?: readonly MarketRole[];
  readonly compute: (market: Market) => Float64Array;
}

/** Computed from other features of the same row, so that one changed input is enough to recompute it. */
export interface DerivedFeature extends Description {
  readonly inputs: readonly string[];
  readonly of: (...values: number[]) => number;
}

export type Feature = PrimaryFeature | DerivedFeature;

export function isDerived(feature: Feature): feature is DerivedFeature {
  return "of" in feature;
}
