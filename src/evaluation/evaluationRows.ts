// What does a row of each of the evaluation's tables say? The columns are those of the datasets of these names.

import type {LeaderboardRow} from "./scorecard.ts";

/** One model against another; the columns are those of the dataset model_tests. */
export interface ModelTestRow {
  readonly horizon: number;
  readonly period: string;
  readonly model: string;
  readonly other: string;
  readonly n: number;
  readonly n_effective: number;
  /** Mean QLIKE of the model minus the other's. */
  readonly difference: number;
  readonly difference_lo: number;
  readonly difference_hi: number;
  readonly dm_t: number;
  readonly dm_p: number;
}

/** One model against all others; dataset superior_ability. */
export interface SuperiorAbilityRow {
  readonly horizon: number;
  readonly period: string;
  readonly benchmark: string;
  readonly n: number;
  readonly n_effective: number;
  readonly rivals: number;
  readonly best_rival: string;
  readonly statistic: number;
  readonly p_lower: number;
  readonly p_consistent: number;
  readonly p_upper: number;
}

/** One window of a model against the reference; dataset fluctuation. */
export interface FluctuationRow {
  readonly horizon: number;
  readonly model: string;
  readonly other: string;
  readonly date: number; // days since 1970-01-01, the window's last session
  readonly statistic: number;
  readonly critical: number;
  readonly n: number; // sessions of the window
  readonly n_effective: number;
}

/** One Mincer-Zarnowitz regression; dataset calibration. */
export interface CalibrationRow {
  readonly horizon: number;
  readonly period: string;
  readonly model: string;
  readonly scale: "variance" | "volatility";
  readonly n: number;
  readonly n_effective: number;
  readonly intercept: number;
  readonly intercept_se: number;
  readonly slope: number;
  readonly slope_se: number;
  readonly wald_p: number;
  readonly score_p: number;
  readonly r2: number;
}

/** One group of a model's forecasts; dataset reliability. */
export interface ReliabilityRow {
  readonly horizon: number;
  readonly period: string;
  readonly model: string;
  readonly decile: number;
  readonly n: number;
  readonly n_effective: number;
  readonly var_hat: number;
  readonly var: number;
  readonly rv_hat: number;
  readonly rv: number;
  readonly bias: number;
  readonly bias_lo: number;
  readonly bias_hi: number;
}

export interface Evaluation {
  readonly leaderboard: readonly LeaderboardRow[];
  readonly model_tests: readonly ModelTestRow[];
  readonly superior_ability: readonly SuperiorAbilityRow[];
  readonly fluctuation: readonly FluctuationRow[];
  readonly calibration: readonly CalibrationRow[];
  readonly reliability: readonly ReliabilityRow[];
}
