// Which quotes of a currency contradict those around them? A pair that moves stays moved; a mistyped or misplaced quote does not.

import type {Bar, QuarantinedBar} from "./bars.ts";

const SIDE = 125; // bars before and after that tell the usual move: half a year each
const FEWEST = 60; // moves without which nothing is usual
const JUMP = 5; // in standard deviations, and
const LEAST_JUMP = 0.03; // in logarithms
const REST = 0.25; // of the jump, between the neighbours
const NORMAL_MEDIAN = 0.6745; // median of |z|, z standard normal
const FURTHEST = 1.5; // times the higher, or divides the lower, of open and close

/**
 * Bars of currencies that cannot be true: a low or high further from open and close than any day has seen (a factor of
 * 1.5), or a close that leaves both neighbours by over five usual daily moves and 3 %, on one side, while the neighbours
 * agree within a quarter of that. The usual move is the median of |log change| over the 125 bars before and after, as
 * the standard deviation of a normal law. What jumps and stays is kept.
 *
 * @param bars sorted by symbol, then session
 */
export function separateQuoteErrors(
  bars: readonly Bar[],
  isCurrency: (symbol: string) => boolean,
): {readonly kept: Bar[]; readonly broken: QuarantinedBar[]} {
  const kept: Bar[] = [];
  const broken: QuarantinedBar[] = [];
  bars.forEach((bar, i) => {
    const reason = isCurrency(bar.symbol) ? (rangeFault(bar) ?? jumpFault(bars, i)) : undefined;
    if (reason) broken.push({bar, reason});
    else kept.push(bar);
  });
  return {kept, broken};
}

function rangeFault({open, high, low, close}: Bar): string | undefined {
  const between = [open, close].filter((price) => !Number.isNaN(price));
  if (low < Math.min(...between) / FURTHEST)
    return `low ${low} is impossible beside open ${open} and close ${close}`;
  if (high > Math.max(...between) * FURTHEST)
    return `high ${high} is impossible beside open ${open} and close ${close}`;
  return undefined;
}

function jumpFault(bars: readonly Bar[], i: number): string | undefined {
  const up = change(bars, i);
  const down = -change(bars, i + 1);
  const size = Math.min(Math.abs(up), Math.abs(down));
  if (!(up * down > 0 && size > LEAST_JUMP && Math.abs(up - down) < REST * size)) return undefined;
  if (!(size > JUMP * usualMove(bars, i))) return undefined;
  const {close} = bars[i]!;
  return `close ${close} contradicts the days around it, ${bars[i - 1]!.close} and ${bars[i + 1]!.close}`;
}

function usualMove(bars: readonly Bar[], i: number): number {
  const moves: number[] = [];
  for (let at = i - SIDE; at <= i + SIDE; at++) {
    const move = Math.abs(change(bars, at));
    if (!Number.isNaN(move)) moves.push(move);
  }
  if (moves.length < FEWEST) return Number.POSITIVE_INFINITY;
  moves.sort((a, b) => a - b);
  return moves[Math.floor(moves.length / 2)]! / NORMAL_MEDIAN;
}

/** Log change of the close to bar i from the one before; NaN where either is not there. */
function change(bars: readonly Bar[], i: number): number {
  const before = bars[i - 1];
  const at = bars[i];
  return before && at && before.symbol === at.symbol ? Math.log(at.close / before.close) : Number.NaN;
}
