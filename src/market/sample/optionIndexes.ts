// What do VIX and VIX3M show: which variance do option prices expect, and what do they charge for it?

import {lowerBound} from "../../frame.ts";
import type {Random} from "../../random.ts";
import {SESSIONS_PER_YEAR, sessionDate} from "../../units.ts";
import type {Bars} from "../bars.ts";
import {autoregress, stationaryDraw} from "./autoregress.ts";
import type {LatentIndex} from "./latentIndex.ts";
import {levelBars} from "./levelBars.ts";
import {OPTIONS} from "./parameters.ts";

const TERM_START = sessionDate("2006-07-17");
const TERM_CLOSES_ONLY_BEFORE = sessionDate("2007-12-01");

export interface OptionIndexes {
  readonly vix: Bars;
  readonly vix3m: Bars;
}

/** One generator a series, so that the numbers of a session do not depend on how many sessions follow. */
export interface OptionRandom {
  readonly closes: Random;
  readonly vix: Random;
  readonly vix3m: Random;
}

/**
 * ^VIX and ^VIX3M in percent a year. At a close, VIX is 100 sqrt(252/22 E[variance of the next 22 sessions]), the exact
 * expectation, times a premium: the exponential of a mean, an autoregression and the noise of that close. VIX3M looks 63
 * sessions ahead, has a larger mean premium and shares part of its movement. VIX3M starts on 2006-07-17 and has only
 * closes before December 2007.
 */
export function optionIndexes(
  sessions: Int32Array,
  {index, random}: {index: LatentIndex; random: OptionRandom},
): OptionIndexes {
  const {logVix, logTerm} = closes(index, random.closes);
  const vix = levelBars("^VIX", {sessions, levels: logVix, index, random: random.vix, scale: 1});
  const term = {sessions, levels: logTerm, index, random: random.vix3m, scale: OPTIONS.termScale};
  return {vix, vix3m: withLateStart(levelBars("^VIX3M", term))};
}

function closes(index: LatentIndex, random: Random): {logVix: Float64Array; logTerm: Float64Array} {
  const count = index.variance.length;
  const logVix = new Float64Array(count);
  const logTerm = new Float64Array(count);
  let premium = stationaryDraw(OPTIONS.premiumChange, random);
  for (let t = 0; t < count; t++) {
    const spot = OPTIONS.premium + premium + OPTIONS.noise * random.normal();
    const term =
      OPTIONS.premium + OPTIONS.termPremium + OPTIONS.termShare * premium + OPTIONS.noise * random.normal();
    logVix[t] = logVolatility(index.expected[22][t]!, 22) + spot;
    logTerm[t] = logVolatility(index.expected[63][t]!, 63) + term;
    premium = autoregress(premium, {...OPTIONS.premiumChange, random});
  }
  return {logVix, logTerm};
}

function logVolatility(variance: number, sessions: number): number {
  return Math.log(100) + Math.log((SESSIONS_PER_YEAR / sessions) * variance) / 2;
}

function withLateStart(bars: Bars): Bars {
  const begin = lowerBound(bars.sessions, TERM_START);
  const closesOnly = lowerBound(bars.sessions, TERM_CLOSES_ONLY_BEFORE);
  for (const name of ["open", "high", "low"] as const) {
    bars[name].set(bars.close.subarray(0, closesOnly));
  }
  const cut = (values: Float64Array) => values.slice(begin);
  return {
    symbol: bars.symbol,
    sessions: bars.sessions.slice(begin),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    adjClose: cut(bars.adjClose),
    volume: cut(bars.volume),
  };
}
