// How does what a model learns from follow from bars? The chain under proof, and what it makes of them.

import type {FoldTask, MarketTable} from "../evaluation/walkForward.ts";
import type {Frame} from "../frame.ts";
import {lowerBound} from "../frame.ts";
import type {Bars} from "../market/bars.ts";
import {changeFutureBars, type Future} from "../market/futures.ts";
import {isoDate} from "../units.ts";

/** Every symbol's bars, by symbol. */
export type MarketBars = ReadonlyMap<string, Bars>;

/** The functions under proof: those that the pipeline calls, or one with a fault planted in it. */
export interface Derivation {
  readonly features: (bars: MarketBars) => Frame;
  /** Columns named for their horizon, such as rv_5d; one row a session of the target. */
  readonly labels: (bars: MarketBars) => Frame;
  readonly table: (features: Frame, labels: Frame) => MarketTable;
  readonly plan: (sessions: Int32Array) => readonly FoldTask[];
}

/** What the bars that came to be give. */
export interface Baseline {
  readonly bars: MarketBars;
  readonly features: Frame;
  readonly labels: Frame;
  readonly table: MarketTable;
  readonly tasks: readonly FoldTask[];
}

/** A change to all bars dated after the session of a row. */
export interface Change {
  readonly row: number;
  readonly future: Future;
}

/** Sessions kept after the changed row: more than the longest horizon, few enough to be quick. */
const KEPT_SESSIONS = 30;

export function deriveBaseline(derivation: Derivation, bars: MarketBars): Baseline {
  const features = derivation.features(bars);
  const labels = derivation.labels(bars);
  return {
    bars,
    features,
    labels,
    table: derivation.table(features, labels),
    tasks: derivation.plan(features.sessions),
  };
}

/** The bars of every symbol, those after a session changed, and those long after it deleted. */
export function changedBars(
  bars: MarketBars,
  {
    sessions,
    row,
    future,
    kept = KEPT_SESSIONS,
  }: Change & {readonly sessions: Int32Array; readonly kept?: number},
): MarketBars {
  const day = sessions[row]!;
  const last = sessions[Math.min(sessions.length - 1, row + kept)]!;
  return new Map(
    Array.from(bars, ([symbol, series], i) => [
      symbol,
      changeFutureBars(series, {future, day, last, seed: row * bars.size + i}),
    ]),
  );
}

/** The bars of every symbol, the prices of one session alone scaled. */
export function withScaledSession(
  bars: MarketBars,
  {day, factor}: {day: number; factor: number},
): MarketBars {
  return new Map(
    Array.from(bars, ([symbol, series]) => {
      const at = lowerBound(series.sessions, day);
      if (series.sessions[at] !== day) return [symbol, series];
      const scale = (prices: Float64Array) => prices.with(at, prices[at]! * factor);
      const {open, high, low, close, adjClose} = series;
      const prices = {open: scale(open), high: scale(high), low: scale(low), close: scale(close)};
      return [symbol, {...series, ...prices, adjClose: scale(adjClose)}];
    }),
  );
}

/** A change in words. */
export function describeChange({sessions, row, future}: Change & {readonly sessions: Int32Array}): string {
  return `bars after ${isoDate(sessions[row]!)} ${future}`;
}
