// Which of several bars for one symbol and day is kept? One if they agree, none if they contradict.

import type {Bar, QuarantinedBar} from "./bars.ts";
import {samePrice} from "./rounding.ts";

export interface CollapsedBars {
  readonly kept: readonly Bar[]; // sorted by symbol, then session
  readonly contradicting: readonly QuarantinedBar[];
  readonly collapsed: number; // bars left out because another says the same
}

/**
 * At most one bar for each symbol and session.
 *
 * Bars whose five prices agree up to rounding are one bar; of their volumes the largest stays, for a
 * volume is counted up until the vendor has it all. If a price differs, all are refused: keeping the
 * first or the last would be a guess that looks like data.
 */
export function collapseDuplicates(bars: readonly Bar[]): CollapsedBars {
  const sorted = [...bars].sort(bySymbolAndSession);
  const kept: Bar[] = [];
  const contradicting: QuarantinedBar[] = [];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const first = sorted[start]!;
    end = start + 1;
    while (end < sorted.length && bySymbolAndSession(first, sorted[end]!) === 0) end++;
    const same = sorted.slice(start, end);
    const reason = contradiction(same);
    if (reason) contradicting.push(...same.map((bar) => ({bar, reason})));
    else kept.push(same.reduce((a, b) => (b.volume > a.volume || Number.isNaN(a.volume) ? b : a)));
  }
  return {kept, contradicting, collapsed: bars.length - kept.length - contradicting.length};
}

function contradiction(bars: readonly Bar[]): string | undefined {
  const first = bars[0]!;
  for (const name of ["close", "adjClose", "open", "high", "low"] as const) {
    if (bars.every((bar) => samePrice(bar[name], first[name]))) continue;
    const label = name === "adjClose" ? "adj_close" : name;
    const values = [...new Set(bars.map((bar) => bar[name]))].join(", ");
    return `${bars.length} bars for this day contradict one another (${label} ${values}): leave only the right one in the source`;
  }
  return undefined;
}

function bySymbolAndSession(a: Bar, b: Bar): number {
  if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
  return a.session - b.session;
}
