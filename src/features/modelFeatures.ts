// In what form do the regression and the boosted trees take the variances?
//
// Logs and ratios of what is already known of the row: unlike levels, they stay in range in a crisis.

import {rollingMean} from "../math/rolling.ts";
import {SESSIONS_PER_YEAR} from "../units.ts";
import type {DerivedFeature, Feature} from "./feature.ts";

/** A daily variance below one basis point squared (a move of 0.01 %) counts as that. */
export const VARIANCE_FLOOR = 1e-8;

const regression = {source: "Corsi (2009), in logs", group: "regression"} as const;
const ratios = {source: "volbook", group: "ratios"} as const;

export const regressionFeatures: readonly DerivedFeature[] = [
  logRangeVariance(1, 2),
  logRangeVariance(5, 6),
  logRangeVariance(22, 23),
  {
    ...regression,
    name: "log_vix_var",
    unit: "log of daily variance",
    lookback: 1,
    formula: "ln((vix / 100)^2 / 252)",
    source: "Cboe VIX white paper: VIX is 100 times annualised volatility",
    inputs: ["vix"],
    of: (vix) => (vix! > 0 ? Math.log((vix! / 100) ** 2 / SESSIONS_PER_YEAR) : Number.NaN),
  },
  leverage(1),
  leverage(5),
];

export const dynamicsFeatures: readonly Feature[] = [
  {
    ...regression,
    name: "vix_gap_22d",
    unit: "log ratio",
    lookback: 22,
    formula: "ln(vix_t) - mean of ln(vix) over 22 sessions",
    source: "volbook",
    companions: ["vix"],
    compute: ({vix}) => {
      const logs = vix.map(Math.log);
      return rollingMean(logs, 22).map((mean, t) => logs[t]! - mean);
    },
  },
  gain(1),
  gain(5),
];

export const ratioFeatures: readonly DerivedFeature[] = [
  logDifference("range_ratio_1_22", ["log_range_var_1d", "log_range_var_22d"]),
  logDifference("range_ratio_5_22", ["log_range_var_5d", "log_range_var_22d"]),
  logDifference("vix_range_ratio", ["log_vix_var", "log_range_var_22d"]),
  squaredReturnRatio(5),
  squaredReturnRatio(20),
  scaledReturn(1),
  scaledReturn(5),
  scaledReturn(20),
];

function logRangeVariance(sessions: number, lookback: number): DerivedFeature {
  return {
    ...regression,
    name: `log_range_var_${sessions}d`,
    unit: "log of daily variance",
    lookback,
    formula: `ln(max(range_var_${sessions}d, 10^-8))`,
    inputs: [`range_var_${sessions}d`],
    of: (variance) => Math.log(floored(variance!)),
  };
}

function leverage(sessions: number): DerivedFeature {
  return {
    ...regression,
    name: `leverage_${sessions}d`,
    unit: "standard deviations",
    lookback: 23,
    formula: `min(spy_ret_${sessions}d, 0) / sqrt(max(range_var_22d, 10^-8))`,
    source: "Corsi and Renò (2012), scaled",
    inputs: [`spy_ret_${sessions}d`, "range_var_22d"],
    of: (ret, variance) => Math.min(ret!, 0) / Math.sqrt(floored(variance!)),
  };
}

function gain(sessions: number): DerivedFeature {
  return {
    ...regression,
    name: `gain_${sessions}d`,
    unit: "standard deviations",
    lookback: 23,
    formula: `max(spy_ret_${sessions}d, 0) / sqrt(max(range_var_22d, 10^-8))`,
    source: "volbook",
    inputs: [`spy_ret_${sessions}d`, "range_var_22d"],
    of: (ret, variance) => Math.max(ret!, 0) / Math.sqrt(floored(variance!)),
  };
}

function logDifference(name: string, [above, below]: readonly [string, string]): DerivedFeature {
  return {
    ...ratios,
    name,
    unit: "log ratio",
    lookback: 23,
    formula: `${above} - ${below}`,
    inputs: [above, below],
    of: (a, b) => a! - b!,
  };
}

function squaredReturnRatio(sessions: number): DerivedFeature {
  return {
    ...ratios,
    name: `sq_ret_ratio_${sessions}_22`,
    unit: "log ratio",
    lookback: 23,
    formula: `ln(max(sq_ret_mean_${sessions}d, 10^-8) / max(sq_ret_mean_22d, 10^-8))`,
    inputs: [`sq_ret_mean_${sessions}d`, "sq_ret_mean_22d"],
    of: (a, b) => Math.log(floored(a!) / floored(b!)),
  };
}

function scaledReturn(sessions: number): DerivedFeature {
  return {
    ...ratios,
    name: `scaled_ret_${sessions}d`,
    unit: "standard deviations",
    lookback: 23,
    formula: `spy_ret_${sessions}d / sqrt(${sessions} × max(range_var_22d, 10^-8))`,
    inputs: [`spy_ret_${sessions}d`, "range_var_22d"],
    of: (ret, variance) => ret! / Math.sqrt(sessions * floored(variance!)),
  };
}

function floored(variance: number): number {
  return Math.max(variance, VARIANCE_FLOOR);
}
