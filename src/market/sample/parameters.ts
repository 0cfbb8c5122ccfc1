// Which numbers make the simulated market resemble the real one? Set by hand so that the statistics in docs/sample.md
// come near those of SPY and VIX, 1993-2023; not estimates.

import type {Autoregression} from "./autoregress.ts";

/** A component of log-variance: x' = persistence x + deviation (leverage z + sqrt(1 - leverage²) u). */
export interface ComponentParameters {
  readonly persistence: number;
  readonly deviation: number; // of its shock, a session
  readonly leverage: number; // correlation of its shock with z, the normal part of the return
}

/** A kind of jump in the return. */
export interface JumpParameters {
  readonly chance: number; // a session
  readonly size: number; // root mean square, in standard deviations of the session
}

/** The variance of the stock index: a floor, three components in logs, and shocks shared with the return. */
export interface VarianceParameters {
  readonly floor: number; // variance of a session that never vanishes
  readonly level: number; // log of the variance above the floor where every component is 0
  readonly slow: ComponentParameters;
  readonly fast: ComponentParameters;
  readonly up: JumpParameters;
  readonly down: JumpParameters;
  readonly crash: JumpParameters; // a jump down that starts or deepens a crisis
  readonly fastJump: number; // mean, exponential: what any jump adds to the fast component
  readonly crisisJump: number; // mean, gamma with shape 2: what a crash adds to the crisis component
  readonly crisisPersistence: number;
  readonly dayDeviation: number; // of one session's own log-variance, which nothing foretells
  readonly meanReturn: number; // log return a session
}

/** A fund that moves with the index. */
export interface CompanionParameters {
  readonly symbol: "TLT" | "HYG";
  readonly start: string;
  readonly price: number; // at the close before its first session
  readonly yield: number; // dividends a year, of the price
  readonly meanReturn: number; // log return a session
  readonly level: number; // log variance of a session where every component is 0
  readonly indexLoading: number; // of its log-variance on the index's
  readonly ownLogVariance: Autoregression;
  readonly meanCorrelation: number; // with the index, atanh
  readonly correlationChange: Autoregression; // atanh
  readonly jumpShare: number; // of the index's jump, in each one's standard deviations
}

export const INDEX: VarianceParameters = {
  floor: 0.087 ** 2 / 252,
  level: Math.log(0.096 ** 2 / 252),
  slow: {persistence: 0.9982, deviation: 0.06, leverage: -0.85},
  fast: {persistence: 0.94, deviation: 0.22, leverage: -0.8},
  up: {chance: 0.006, size: 1.5},
  down: {chance: 0.009, size: 1.8},
  crash: {chance: 0.005, size: 2.4},
  fastJump: 0.3,
  crisisJump: 0.45,
  crisisPersistence: 0.985,
  dayDeviation: 0.4,
  meanReturn: 0.00038,
};

export const INDEX_FUND = {symbol: "SPY", price: 44, yield: 0.018, payments: 4} as const;

/** Steps of a session, 15 minutes each on a full day. */
export const STEPS = 26;

/** The share of a session's variance that comes before the open; jumps add to the index's. */
export const OVERNIGHT_SHARE = {SPY: 0.26, TLT: 0.4, HYG: 0.33, VIX: 0.3};

/** What option prices add to the expected variance; logs of volatility. */
export const OPTIONS = {
  premium: 0.165, // mean of log(VIX / expected volatility)
  premiumChange: {persistence: 0.98, deviation: 0.09},
  noise: 0.01, // of one close
  termPremium: 0.06, // VIX3M's mean premium above VIX's
  termShare: 0.7, // how much of the premium's change VIX3M shares
  returnBeta: -0.045, // of log VIX within a session on the index's return in standard deviations
  pathDeviation: 0.033, // of log VIX within a session apart from that
  termScale: 0.6, // how much of VIX's path within a session VIX3M makes
};

export const COMPANIONS: readonly CompanionParameters[] = [
  {
    symbol: "TLT",
    start: "2002-07-30",
    price: 82,
    yield: 0.03,
    meanReturn: 0.00016,
    level: Math.log(0.115 ** 2 / 252),
    indexLoading: 0.55,
    ownLogVariance: {persistence: 0.985, deviation: 0.5},
    meanCorrelation: -0.33,
    correlationChange: {persistence: 0.99, deviation: 0.33},
    jumpShare: -0.4,
  },
  {
    symbol: "HYG",
    start: "2007-04-11",
    price: 104,
    yield: 0.055,
    meanReturn: 0.00018,
    level: Math.log(0.06 ** 2 / 252),
    indexLoading: 1.2,
    ownLogVariance: {persistence: 0.985, deviation: 0.5},
    meanCorrelation: 0.95,
    correlationChange: {persistence: 0.985, deviation: 0.3},
    jumpShare: 0.8,
  },
];

/** Shares a session grow from `initial` to `mature` over about `years`. */
export const VOLUME = {
  SPY: {initial: 3e5, mature: 9e7, years: 7},
  TLT: {initial: 1e5, mature: 1.2e7, years: 9},
  HYG: {initial: 5e4, mature: 2.5e7, years: 5},
  usualVariance: 0.01 ** 2, // of a session; there the elasticity adds nothing
  varianceElasticity: 0.4,
  activity: {persistence: 0.6, deviation: 0.28}, // log volume beyond trend and price changes
  halfDay: 0.5,
};
