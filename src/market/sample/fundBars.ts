// What daily bars does a simulated fund leave behind?

import {lowerBound} from "../../frame.ts";
import type {Random} from "../../random.ts";
import type {Bars} from "../bars.ts";
import {autoregress} from "./autoregress.ts";
import {monthlyExDay, quarterlyExDay} from "./dividends.ts";
import {emptyBars} from "./emptyBars.ts";
import {logBar} from "./logBar.ts";
import {STEPS, VOLUME} from "./parameters.ts";
import {tradedVolume} from "./tradedVolume.ts";

/** What happens to a fund in each session, before it is written as prices. */
export interface FundPath {
  readonly variance: Float64Array; // of each session's log return around its mean
  readonly normals: Float64Array; // 1 + STEPS a session: before the open, then each step
  readonly jump: Float64Array; // in standard deviations of the session, before the open
  readonly diffusion: number; // scales the normals
  readonly weights: Float64Array; // shares of variance of the 1 + STEPS parts of a session
  readonly meanReturn: number; // log return a session
}

export interface FundTerms {
  readonly symbol: "SPY" | "TLT" | "HYG";
  readonly start: number; // the first session or a day before it
  readonly price: number; // at the close before the first session
  readonly yield: number; // dividends a year, of the price
  readonly payments: 4 | 12; // a year
}

/**
 * Bars from `start` on. The adjusted close is the total return since the first bar: a dividend raises it from its day on
 * and changes nothing before, so that a longer history begins with the shorter one. Its log differences are the path's
 * returns. Prices have 6 significant digits, about what vendors give.
 */
export function fundBars(
  terms: FundTerms,
  {sessions, path, random}: {sessions: Int32Array; path: FundPath; random: Random},
): Bars {
  const begin = lowerBound(sessions, terms.start);
  const bars = emptyBars(terms.symbol, sessions.slice(begin));
  const moves = new Float64Array(1 + STEPS);
  const variances = new Float64Array(1 + STEPS);
  let close = terms.price;
  let totalReturn = 0; // log, since the first bar
  let activity = 0;
  for (let t = 0; t < sessions.length; t++) {
    fillMoves(path, t, {moves, variances});
    const bar = logBar(moves, variances, random);
    activity = autoregress(activity, {...VOLUME.activity, random});
    const row = t - begin;
    if (row < 0) continue; // drawn all the same, so that the start moves no other session
    const dividend = row > 0 && isExDay(sessions, t, terms) ? terms.yield / terms.payments : 0;
    const base = close * (1 - dividend);
    close = base * Math.exp(bar.close);
    if (row > 0) totalReturn += bar.close;
    bars.open[row] = sixDigits(base * Math.exp(bar.open));
    bars.high[row] = sixDigits(base * Math.exp(bar.high));
    bars.low[row] = sixDigits(base * Math.exp(bar.low));
    bars.close[row] = sixDigits(close);
    bars.adjClose[row] = sixDigits(bars.close[0]! * Math.exp(totalReturn));
    bars.volume[row] = tradedVolume(terms, {session: sessions[t]!, squares: sumOfSquares(moves), activity});
  }
  return bars;
}

function fillMoves(
  path: FundPath,
  t: number,
  {moves, variances}: {moves: Float64Array; variances: Float64Array},
): void {
  const variance = path.variance[t]!;
  const deviation = Math.sqrt(variance);
  for (let k = 0; k < moves.length; k++) {
    const weight = path.weights[k]! * path.diffusion ** 2;
    variances[k] = variance * weight;
    moves[k] = deviation * Math.sqrt(weight) * path.normals[t * moves.length + k]!;
  }
  moves[0]! += deviation * path.jump[t]! + path.meanReturn;
}

function isExDay(sessions: Int32Array, t: number, {payments}: FundTerms): boolean {
  return payments === 4 ? quarterlyExDay(sessions[t]!) : monthlyExDay(sessions[t]!, sessions[t - 1]!);
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function sixDigits(price: number): number {
  return Number(price.toPrecision(6));
}
