// Which features do the requirements name?

import {logReturns} from "../math/logReturns.ts";
import {rollingCorrelation, rollingMax, rollingVariance} from "../math/rolling.ts";
import {annualizedVolatility} from "../units.ts";
import type {Feature} from "./feature.ts";
import {relativeStrength} from "./relativeStrength.ts";

const scope = {source: "Level 1 scope, section 6", group: "documents"} as const;

export const documentFeatures: readonly Feature[] = [
  logReturn(1),
  logReturn(5),
  logReturn(20),
  volatility(5),
  volatility(10),
  volatility(20),
  {
    ...scope,
    name: "drawdown_60d",
    unit: "fraction",
    lookback: 60,
    formula: "C_t / max(C_{t-59}, …, C_t) - 1, 0 or below",
    compute: ({close}) => rollingMax(close, 60).map((peak, t) => close[t]! / peak - 1),
  },
  {
    ...scope,
    name: "vix",
    unit: "index points",
    lookback: 1,
    formula: "VIX close, as-of",
    companions: ["vix"],
    compute: ({vix}) => vix,
  },
  {
    ...scope,
    name: "vix3m",
    unit: "index points",
    lookback: 1,
    formula: "VIX3M close, as-of",
    companions: ["vix3m"],
    compute: ({vix3m}) => vix3m,
  },
  {
    ...scope,
    name: "vix_term",
    unit: "ratio",
    lookback: 1,
    formula: "vix3m / vix",
    inputs: ["vix3m", "vix"],
    of: (vix3m, vix) => (vix! > 0 ? vix3m! / vix! : Number.NaN),
  },
  {
    ...scope,
    name: "rsi_spy_14",
    unit: "0 to 100",
    lookback: null,
    formula:
      "100 G / (G + L); G, L: Wilder averages of gains and losses of C, the first the mean of 14, then (13 × previous + today's) / 14",
    source: `${scope.source}; Wilder (1978)`,
    compute: ({close}) => relativeStrength(close, 14),
  },
  {
    ...scope,
    name: "corr_spy_tlt_20d",
    unit: "correlation",
    lookback: 21,
    formula: "Pearson correlation of r and TLT's daily log returns over 20 sessions",
    optional: "correlations",
    companions: ["tlt"],
    compute: ({close, tlt}) => rollingCorrelation([logReturns(close), logReturns(tlt)], 20),
  },
  {
    ...scope,
    name: "corr_spy_hyg_20d",
    unit: "correlation",
    lookback: 21,
    formula: "Pearson correlation of r and HYG's daily log returns over 20 sessions",
    optional: "correlations",
    companions: ["hyg"],
    compute: ({close, hyg}) => rollingCorrelation([logReturns(close), logReturns(hyg)], 20),
  },
  {
    ...scope,
    name: "hyg_tlt_spread",
    unit: "log return",
    lookback: 21,
    formula: "ln(HYG_t / HYG_{t-20}) - ln(TLT_t / TLT_{t-20}): credit over duration (the formula is ours)",
    optional: "correlations",
    companions: ["hyg", "tlt"],
    compute: ({hyg, tlt}) => {
      const duration = logReturns(tlt, 20);
      return logReturns(hyg, 20).map((credit, t) => credit - duration[t]!);
    },
  },
];

function logReturn(sessions: number): Feature {
  return {
    ...scope,
    name: `spy_ret_${sessions}d`,
    unit: "log return",
    lookback: sessions + 1,
    formula: `ln(C_t / C_{t-${sessions}})`,
    compute: ({close}) => logReturns(close, sessions),
  };
}

function volatility(sessions: number): Feature {
  return {
    ...scope,
    name: `spy_vol_${sessions}d`,
    unit: "annualised volatility",
    lookback: sessions + 1,
    formula: `sample standard deviation (divisor ${sessions - 1}) of the last ${sessions} r, × sqrt(252)`,
    compute: ({close}) =>
      rollingVariance(logReturns(close), sessions).map((v) => annualizedVolatility(Math.sqrt(v), 1)),
  };
}
