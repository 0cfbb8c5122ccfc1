// Does an adjusted close contradict its own close? Splits and dividends change their ratio for good, a typing error for a day.

import type {Bar, QuarantinedBar} from "./bars.ts";

const JUMP = Math.log(1.1); // of the ratio against both neighbours
const REST = Math.log(1.02); // between the neighbours, which must agree

/**
 * Bars of equities whose adjusted close / close leaves that of both neighbouring bars by over 10 %, on one side, while
 * the neighbours' agree within 2 %: no split or dividend is undone the next day.
 *
 * @param bars sorted by symbol, then session
 */
export function separateBrokenAdjustments(
  bars: readonly Bar[],
  isEquity: (symbol: string) => boolean,
): {readonly kept: Bar[]; readonly broken: QuarantinedBar[]} {
  const kept: Bar[] = [];
  const broken: QuarantinedBar[] = [];
  bars.forEach((bar, i) => {
    const before = bars[i - 1];
    const after = bars[i + 1];
    const alone = before?.symbol !== bar.symbol || after?.symbol !== bar.symbol;
    if (alone || !isEquity(bar.symbol) || !isUndone(logRatio(before!), logRatio(bar), logRatio(after!))) {
      kept.push(bar);
      return;
    }
    const usual = bar.close * Math.exp(logRatio(before!));
    const reason = `adj_close ${bar.adjClose} contradicts the close ${bar.close}: on the days around it would be about ${usual.toFixed(2)}`;
    broken.push({bar, reason});
  });
  return {kept, broken};
}

function isUndone(before: number, at: number, after: number): boolean {
  const up = at - before;
  const down = at - after;
  return Math.abs(up) > JUMP && Math.abs(down) > JUMP && up * down > 0 && Math.abs(after - before) < REST;
}

function logRatio({adjClose, close}: Bar): number {
  return Math.log(adjClose / close);
}
