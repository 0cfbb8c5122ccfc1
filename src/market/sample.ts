// What would a market look like whose true variance is known? A seeded simulation, not history: docs/sample.md.

import {sessionsBetween} from "../calendar/sessions.ts";
import {createFrame, type Frame} from "../frame.ts";
import {createRandom, type Random} from "../random.ts";
import {isoDate, sessionDate} from "../units.ts";
import type {Bars} from "./bars.ts";
import {companionPath} from "./sample/companionPath.ts";
import {type FundPath, fundBars} from "./sample/fundBars.ts";
import {type LatentIndex, latentIndex} from "./sample/latentIndex.ts";
import {varianceWeights} from "./sample/logBar.ts";
import {optionIndexes} from "./sample/optionIndexes.ts";
import {COMPANIONS, INDEX, INDEX_FUND, OVERNIGHT_SHARE} from "./sample/parameters.ts";

/** SPY's first bar, and the sample's where nothing else is asked for. */
export const SAMPLE_FIRST = sessionDate("1993-01-29");

/** The series of the simulated market. */
export const SAMPLE_SYMBOLS: readonly string[] = [
  "SPY",
  "^VIX",
  "^VIX3M",
  ...COMPANIONS.map(({symbol}) => symbol),
];

export interface SampleOptions {
  readonly seed: number; // a whole number
  readonly first?: number; // days since 1970-01-01, inclusive
  readonly last: number; // inclusive; the newest session on or before it is the last bar
}

/** Known to the simulation alone: no forecaster may read it, only a test. */
export type TrueVariance = "variance" | "expected_1d" | "expected_5d" | "expected_22d";

export interface SampleMarket {
  /** Those of SAMPLE_SYMBOLS, in their order. */
  readonly bars: readonly Bars[];
  /**
   * SPY's `variance` of each session, and per horizon h the exact expectation of r²_{t+1} + ... + r²_{t+h}, where r is the
   * daily log return of the adjusted close, given the simulation's whole state at the close of t. Nobody who sees only
   * bars can know that much, so no forecast has a lower expected loss (squared error or QLIKE).
   */
  readonly trueVariance: Frame<TrueVariance>;
}

/**
 * The simulated market on NYSE sessions from `first` to `last`. The same seed and first session give the same numbers on
 * every machine, and a later `last` only appends: no bar that was there before changes.
 *
 * @throws {RangeError} outside the calendar, 1993-01-01..2030-12-31, or if there is no session
 */
export function simulateMarket({seed, first = SAMPLE_FIRST, last}: SampleOptions): SampleMarket {
  const sessions = sessionsBetween(first, last);
  if (sessions.length === 0) {
    throw new RangeError(`Cannot simulate a market: no session from ${isoDate(first)} to ${isoDate(last)}`);
  }
  const weights = varianceWeights(OVERNIGHT_SHARE.SPY);
  const index = latentIndex(sessions.length, {parameters: INDEX, weights, random: stream(seed, 0)});
  const path: FundPath = {...index, weights, meanReturn: INDEX.meanReturn};
  const spy = fundBars({...INDEX_FUND, start: first}, {sessions, path, random: stream(seed, 1)});
  const options = {closes: stream(seed, 2), vix: stream(seed, 7), vix3m: stream(seed, 8)};
  const {vix, vix3m} = optionIndexes(sessions, {index, random: options});
  const companions = COMPANIONS.map((companion, i) =>
    fundBars(
      {...companion, start: Math.max(first, sessionDate(companion.start)), payments: 12},
      {
        sessions,
        path: companionPath(index, companion, stream(seed, 3 + 2 * i)),
        random: stream(seed, 4 + 2 * i),
      },
    ),
  );
  return {bars: [spy, vix, vix3m, ...companions], trueVariance: trueVariance(sessions, index)};
}

function trueVariance(sessions: Int32Array, index: LatentIndex): Frame<TrueVariance> {
  const withMean = (horizon: 1 | 5 | 22) =>
    index.expected[horizon].map((variance) => digits(variance + horizon * INDEX.meanReturn ** 2));
  return createFrame(sessions, {
    variance: index.variance.map(digits),
    expected_1d: withMean(1),
    expected_5d: withMean(5),
    expected_22d: withMean(22),
  });
}

/** One generator a purpose, so that a change to one series leaves the others as they are. */
function stream(seed: number, purpose: number): Random {
  return createRandom(Math.imul(seed, 128) + purpose);
}

/** Hides the last bits, in which machines' exponentials may differ. */
function digits(value: number): number {
  return Number(value.toPrecision(9));
}
