// Which sessions were calm, which were tense, and which turned out worst?

import {lowerBound} from "../frame.ts";
import type {Period} from "./periods.ts";
import {commonRows, type ScoredForecasts} from "./scoredForecasts.ts";

/** A third is told from another only once this many sessions of the index are known. */
const FEWEST_KNOWN = 250;

/** Share of the sessions called stress. */
const STRESS_SHARE = 0.1;

/**
 * Thirds of the implied index as they were known at each forecast, and the sessions that turned out worst.
 *
 * - `vix_low`, `vix_middle`, `vix_high`: below, between and above the thirds of all closes of the index from the
 *   first session given up to that day, the day's own included. Nothing later moves a threshold, so that the
 *   groups are not equally large. A day without the index is in none.
 * - `stress`: the tenth of the scored sessions with the largest outcomes. It is chosen by the outcome, which
 *   nobody knew: among such days whoever forecasts high looks good (Lerch, Thorarinsdottir, Ravazzolo and
 *   Gneiting 2017), so that no test is made there.
 *
 * A regime without a session is left out.
 *
 * @param index.sessions days since 1970-01-01, increasing, from the start of training
 * @param index.level of the implied index on each; NaN unknown
 */
export function planRegimes(
  scored: ScoredForecasts,
  index: {readonly sessions: Int32Array; readonly level: Float64Array},
): Period[] {
  const {sessions} = scored;
  const thirds = knownThirds(index.level);
  const thirdOn = (day: number): number => {
    const at = lowerBound(index.sessions, day);
    return index.sessions[at] === day ? thirds[at]! : NONE;
  };
  const regimes: Omit<Period, "first" | "last">[] = ["vix_low", "vix_middle", "vix_high"].map(
    (name, third) => ({
      name,
      members: Uint8Array.from(sessions, (day) => (thirdOn(day) === third ? 1 : 0)),
    }),
  );
  regimes.push({name: "stress", members: worstOutcomes(scored), byOutcome: true});
  const [first = 0, last = 0] = [sessions[0], sessions.at(-1)];
  return regimes.filter(({members}) => members!.includes(1)).map((regime) => ({...regime, first, last}));
}

const NONE = -1;

// 0, 1 or 2 by the share of the values so far that lie below the latest, ties counted half.
function knownThirds(level: Float64Array): Int8Array {
  const sorted = new Float64Array(level.length);
  let known = 0;
  return Int8Array.from(level, (value) => {
    if (Number.isNaN(value)) return NONE;
    const below = insertionPoint(sorted, {known, value});
    sorted.copyWithin(below + 1, below, known);
    sorted[below] = value;
    known++;
    let ties = 0;
    while (below + ties < known && sorted[below + ties] === value) ties++;
    if (known < FEWEST_KNOWN) return NONE;
    const share = (below + ties / 2) / known;
    return Math.min(2, Math.floor(3 * share));
  });
}

function insertionPoint(sorted: Float64Array, {known, value}: {known: number; value: number}): number {
  let low = 0;
  let high = known;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function worstOutcomes(scored: ScoredForecasts): Uint8Array {
  const worst = commonRows(scored)
    .toSorted((a, b) => scored.actual[b]! - scored.actual[a]! || a - b)
    .subarray(0, Math.floor(STRESS_SHARE * commonRows(scored).length));
  const members = new Uint8Array(scored.sessions.length);
  for (const row of worst) members[row] = 1;
  return members;
}
