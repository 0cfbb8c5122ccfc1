// How does an option index move within a session, given where it closes?

import type {Random} from "../../random.ts";
import type {Bars} from "../bars.ts";
import {emptyBars} from "./emptyBars.ts";
import type {LatentIndex} from "./latentIndex.ts";
import {logBar, varianceWeights} from "./logBar.ts";
import {OPTIONS, OVERNIGHT_SHARE, STEPS} from "./parameters.ts";

/**
 * Bars whose closes are exp(levels), to the cent. Within a session the level follows the index's shocks with the
 * opposite sign and shocks of its own, tied to the closes before and after; `scale` shrinks both.
 */
export function levelBars(
  symbol: string,
  o: {sessions: Int32Array; levels: Float64Array; index: LatentIndex; random: Random; scale: number},
): Bars {
  const bars = emptyBars(symbol, o.sessions);
  const weights = varianceWeights(OVERNIGHT_SHARE.VIX);
  const own = o.scale * OPTIONS.pathDeviation;
  const variances = weights.map((weight) => weight * own * own);
  const moves = new Float64Array(1 + STEPS);
  for (let t = 0; t < o.sessions.length; t++) {
    const before = t === 0 ? o.levels[0]! : o.levels[t - 1]!;
    fillMoves(moves, {t, weights, own, ...o});
    tie(moves, {weights, total: o.levels[t]! - before});
    const bar = logBar(moves, variances, o.random);
    const close = cents(Math.exp(o.levels[t]!));
    bars.open[t] = cents(Math.exp(before + bar.open));
    bars.high[t] = Math.max(close, cents(Math.exp(before + bar.high)));
    bars.low[t] = Math.min(close, cents(Math.exp(before + bar.low)));
    bars.close[t] = close;
    bars.adjClose[t] = close;
  }
  return bars;
}

function fillMoves(
  moves: Float64Array,
  o: {t: number; weights: Float64Array; own: number; index: LatentIndex; random: Random; scale: number},
): void {
  const beta = o.scale * OPTIONS.returnBeta;
  for (let k = 0; k < moves.length; k++) {
    const root = Math.sqrt(o.weights[k]!);
    const shock = o.index.diffusion * root * o.index.normals[o.t * moves.length + k]!;
    moves[k] = beta * shock + o.own * root * o.random.normal();
  }
  moves[0]! += beta * o.index.jump[o.t]!;
}

/** Makes the moves add up to `total`, each taking its share of what is missing. */
function tie(moves: Float64Array, {weights, total}: {weights: Float64Array; total: number}): void {
  let sum = 0;
  for (const move of moves) sum += move;
  for (let k = 0; k < moves.length; k++) moves[k]! += weights[k]! * (total - sum);
}

function cents(level: number): number {
  return Math.round(level * 100) / 100;
}
