// How variable was the target up to now, by each estimator?

import {logReturns} from "../math/logReturns.ts";
import {rollingMean, rollingSum} from "../math/rolling.ts";
import {annualizedVolatility} from "../units.ts";
import {ewmaVariance} from "./ewmaVariance.ts";
import type {Feature} from "./feature.ts";
import {garmanKlass, rangeVariance, rogersSatchell, yangZhang} from "./rangeVariance.ts";

const RANGE_SOURCE = "Garman and Klass (1980), plus the overnight return";

const variance = {unit: "daily variance", group: "variance"} as const;

export const varianceFeatures: readonly Feature[] = [
  {
    ...variance,
    name: "sq_ret_mean_1d",
    lookback: 2,
    formula: "spy_ret_1d^2",
    source: "Corsi (2009), on squared returns",
    inputs: ["spy_ret_1d"],
    of: (ret) => ret! ** 2,
  },
  meanSquaredReturn(5),
  meanSquaredReturn(20),
  meanSquaredReturn(22),
  {
    ...variance,
    name: "ewma_var_1d",
    lookback: null,
    formula: "0.94 × previous + 0.06 r_t^2; the first is the mean of the first 20 r^2",
    source: "RiskMetrics (1996), chapter 5",
    compute: ({close}) => ewmaVariance(logReturns(close), {decay: 0.94, seedCount: 20}),
  },
  {
    ...variance,
    name: "parkinson_var_1d",
    lookback: 1,
    formula: "hl_spread^2 / (4 ln 2)",
    source: "Parkinson (1980)",
    inputs: ["hl_spread"],
    of: (spread) => spread! ** 2 / (4 * Math.LN2),
  },
  {
    ...variance,
    name: "gk_var_1d",
    lookback: 1,
    formula: "ln(H_t / L_t)^2 / 2 - (2 ln 2 - 1) ln(C_t / O_t)^2",
    source: "Garman and Klass (1980)",
    compute: garmanKlass,
  },
  {
    ...variance,
    name: "rs_var_1d",
    lookback: 1,
    formula: "ln(H_t / C_t) ln(H_t / O_t) + ln(L_t / C_t) ln(L_t / O_t)",
    source: "Rogers and Satchell (1991)",
    compute: rogersSatchell,
  },
  {
    ...variance,
    name: "yz_var_22d",
    lookback: 23,
    formula:
      "V_o + k V_c + (1 - k) V_rs over 22 sessions: sample variances of ln(O_t / C_{t-1}) and of ln(C_t / O_t), mean of rs_var_1d; k = 0.34 / (1.34 + 23/21)",
    source: "Yang and Zhang (2000)",
    compute: (market) => yangZhang(market, 22),
  },
  {
    ...variance,
    name: "range_var_1d",
    lookback: 2,
    formula: "gk_var_1d + overnight_gap^2",
    source: RANGE_SOURCE,
    inputs: ["gk_var_1d", "overnight_gap"],
    of: (gk, gap) => gk! + gap! ** 2,
  },
  meanRangeVariance(5),
  meanRangeVariance(22),
  {
    name: "gk_vol_1d",
    unit: "annualised volatility",
    lookback: 1,
    formula: "sqrt(252 × gk_var_1d)",
    source: "Garman and Klass (1980)",
    group: "variance",
    inputs: ["gk_var_1d"],
    of: (gk) => annualizedVolatility(Math.sqrt(gk!), 1),
  },
  garmanKlassVolatility(5),
  garmanKlassVolatility(22),
  {
    name: "neg_semivol_5d",
    unit: "annualised volatility",
    lookback: 6,
    formula: "sqrt(252 × mean of min(r, 0)^2 over 5 sessions)",
    source: "Barndorff-Nielsen, Kinnebrock and Shephard (2010), on daily returns",
    group: "variance",
    compute: ({close}) =>
      rollingMean(squares(negative(logReturns(close))), 5).map((v) => annualizedVolatility(Math.sqrt(v), 1)),
  },
  {
    name: "neg_semivar_share_22d",
    unit: "fraction",
    lookback: 23,
    formula: "sum of min(r, 0)^2 / sum of r^2 over 22 sessions",
    source: "Patton and Sheppard (2015), on daily returns",
    group: "variance",
    compute: ({close}) => {
      const returns = logReturns(close);
      const all = rollingSum(squares(returns), 22);
      return rollingSum(squares(negative(returns)), 22).map((part, t) =>
        all[t]! > 0 ? part / all[t]! : Number.NaN,
      );
    },
  },
];

function meanSquaredReturn(sessions: number): Feature {
  return {
    ...variance,
    name: `sq_ret_mean_${sessions}d`,
    lookback: sessions + 1,
    formula: `mean of r^2 over ${sessions} sessions`,
    source: "Corsi (2009), on squared returns",
    compute: ({close}) => rollingMean(squares(logReturns(close)), sessions),
  };
}

function meanRangeVariance(sessions: number): Feature {
  return {
    ...variance,
    name: `range_var_${sessions}d`,
    lookback: sessions + 1,
    formula: `mean of range_var_1d over ${sessions} sessions`,
    source: RANGE_SOURCE,
    compute: (market) => rollingMean(rangeVariance(market), sessions),
  };
}

function garmanKlassVolatility(sessions: number): Feature {
  return {
    name: `gk_vol_${sessions}d`,
    unit: "annualised volatility",
    lookback: sessions,
    formula: `sqrt(252 × mean of gk_var_1d over ${sessions} sessions)`,
    source: "Garman and Klass (1980)",
    group: "variance",
    compute: (market) =>
      rollingMean(garmanKlass(market), sessions).map((v) => annualizedVolatility(Math.sqrt(v), 1)),
  };
}

function squares(values: Float64Array): Float64Array {
  return values.map((value) => value ** 2);
}

function negative(values: Float64Array): Float64Array {
  return values.map((value) => Math.min(value, 0));
}
