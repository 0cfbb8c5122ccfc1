// What happened in the session itself, and how did it differ from the ones before?

import {logRatio, logReturns} from "../math/logReturns.ts";
import {rollingMean} from "../math/rolling.ts";
import type {Feature} from "./feature.ts";
import {overnightGaps} from "./rangeVariance.ts";

const session = {source: "Explainable deep learning, features", group: "session"} as const;

export const sessionFeatures: readonly Feature[] = [
  {
    ...session,
    name: "hl_spread",
    unit: "log ratio",
    lookback: 1,
    formula: "ln(H_t / L_t)",
    compute: ({high, low}) => high.map((price, t) => logRatio(price, low[t]!)),
  },
  {
    ...session,
    name: "overnight_gap",
    unit: "log return",
    lookback: 2,
    formula: "ln(O_t / C_{t-1})",
    source: "volbook",
    compute: overnightGaps,
  },
  {
    ...session,
    name: "spy_ret_lag_22d",
    unit: "log return",
    lookback: 23,
    formula: "r_{t-21}, the daily return 22 sessions before the first session forecast",
    compute: ({close}) => {
      const returns = logReturns(close);
      return returns.map((_, t) => (t < 21 ? Number.NaN : returns[t - 21]!));
    },
  },
  {
    ...session,
    name: "volume_norm_20d",
    unit: "log ratio",
    lookback: 20,
    formula: "ln(V_t / mean(V_{t-19}, …, V_t))",
    compute: ({volume}) => rollingMean(volume, 20).map((mean, t) => logRatio(volume[t]!, mean)),
  },
  {
    ...session,
    name: "vix_ret_1d",
    unit: "log return",
    lookback: 2,
    formula: "ln(vix_t / vix_{t-1})",
    companions: ["vix"],
    source: "volbook",
    compute: ({vix}) => logReturns(vix),
  },
  {
    ...session,
    name: "vix_ret_5d",
    unit: "log return",
    lookback: 6,
    formula: "ln(vix_t / vix_{t-5})",
    companions: ["vix"],
    source: "volbook",
    compute: ({vix}) => logReturns(vix, 5),
  },
];
