// Which bars are impossible? They are set aside with the reason; what is merely unusual stays.

import {isoDate} from "../units.ts";
import {separateBrokenAdjustments} from "./adjustment.ts";
import type {Bar, QuarantinedBar} from "./bars.ts";
import {collapseDuplicates} from "./duplicates.ts";
import {type InstrumentKind, instrumentKind} from "./instrument.ts";
import {separateQuoteErrors} from "./quoteErrors.ts";
import {exceeds} from "./rounding.ts";
import {isTradingDay, tradingCalendar} from "./tradingCalendar.ts";

export interface CheckOptions {
  /** The last day whose bar is final, days since 1970-01-01, of all symbols or by symbol: a later bar cannot exist yet. */
  readonly lastClosed: number | ((symbol: string) => number);
  /** Whether the symbol's exchange held a session that day; by `tradingCalendar` where it is left out. */
  readonly isSession?: (day: number, symbol: string) => boolean;
  readonly kindOf?: (symbol: string) => InstrumentKind;
}

export interface CheckedBars {
  /** Sorted by symbol, then session; at most one bar for each. */
  readonly accepted: readonly Bar[];
  /** With every reason in words. */
  readonly quarantined: readonly QuarantinedBar[];
  /** Accepted with a value left blank: the bar as delivered, and what was wrong with the value. */
  readonly repaired: readonly QuarantinedBar[];
  /** Bars left out because another says the same of their day. */
  readonly collapsed: number;
}

const PRICES = ["open", "high", "low", "close", "adjClose"] as const;

const REQUIRED: Readonly<Record<InstrumentKind, readonly (typeof PRICES)[number][]>> = {
  equity: PRICES,
  index: ["close"],
  future: ["close"],
  currency: ["close"],
};

/**
 * Bars that can be true, apart from those that cannot.
 *
 * Refused: a day that is not one, is later than `lastClosed` or is no session; a price that is infinite,
 * or missing where the kind needs it (equities need all five, the others a close); a price of 0 or less
 * (a future's may be negative: crude oil closed at -37.63 on 2020-04-20); high below low; a close
 * outside low..high, and for equities an open too, beyond rounding (a future's close is a settlement and
 * a currency's a dealer's quote: both lie outside the traded range in good data); a volume that is
 * negative or not whole; bars of one day that contradict one another, all of them, since nothing says
 * which is right; an equity's adjusted close that contradicts its close for one day (`separateBrokenAdjustments`);
 * a currency's quote that contradicts those around it (`separateQuoteErrors`).
 *
 * Mended: an index's open that is 0 or outside low..high becomes NaN, for only its close enters any
 * formula and vendors often print a wrong open; a missing adjusted close of anything but an equity
 * becomes the close; a missing volume of an index becomes 0, of anything else stays NaN.
 */
export function checkBars(bars: readonly Bar[], options: CheckOptions): CheckedBars {
  const kindOf = options.kindOf ?? instrumentKind;
  const possible: Bar[] = [];
  const quarantined: QuarantinedBar[] = [];
  const repaired: QuarantinedBar[] = [];
  for (const delivered of bars) {
    const kind = kindOf(delivered.symbol);
    const {bar, repair} = mend(delivered, kind);
    const faults = [dateFault(bar, options), ...priceFaults(bar, kind), volumeFault(bar)].filter(Boolean);
    if (faults.length > 0) {
      quarantined.push({bar: delivered, reason: faults.join("; ")});
    } else {
      possible.push(bar);
      if (repair) repaired.push({bar: delivered, reason: repair});
    }
  }
  const {kept, contradicting, collapsed} = collapseDuplicates(possible);
  const adjusted = separateBrokenAdjustments(kept, (symbol) => kindOf(symbol) === "equity");
  const quoted = separateQuoteErrors(adjusted.kept, (symbol) => kindOf(symbol) === "currency");
  const broken = [...adjusted.broken, ...quoted.broken];
  return {
    accepted: quoted.kept,
    quarantined: [...quarantined, ...contradicting, ...broken],
    repaired,
    collapsed,
  };
}

function mend(bar: Bar, kind: InstrumentKind): {bar: Bar; repair?: string} {
  if (kind === "equity") return {bar};
  const adjClose = Number.isNaN(bar.adjClose) ? bar.close : bar.adjClose;
  if (kind !== "index") return {bar: {...bar, adjClose}};
  const volume = Number.isNaN(bar.volume) ? 0 : bar.volume;
  const wrongOpen = bar.open === 0 || (bar.open > 0 && outside(bar.open, bar));
  if (!wrongOpen) return {bar: {...bar, adjClose, volume}};
  return {
    bar: {...bar, adjClose, volume, open: Number.NaN},
    repair: `open ${bar.open} is outside low..high ${bar.low}..${bar.high}: left blank`,
  };
}

function dateFault(
  {session, symbol}: Bar,
  {lastClosed, isSession = (day, of) => isTradingDay(day, tradingCalendar(of))}: CheckOptions,
): string | undefined {
  if (!Number.isInteger(session)) return "its date is not a real day";
  const last = typeof lastClosed === "number" ? lastClosed : lastClosed(symbol);
  if (session > last) return `in the future: the last session that had closed was ${isoDate(last)}`;
  if (!isSession(session, symbol)) return "the exchange was closed that day";
  return undefined;
}

function priceFaults(bar: Bar, kind: InstrumentKind): string[] {
  const faults: string[] = [];
  for (const name of PRICES) {
    const price = bar[name];
    const label = name === "adjClose" ? "adj_close" : name;
    if (Number.isNaN(price)) {
      if (REQUIRED[kind].includes(name)) faults.push(`${label} is missing`);
    } else if (!Number.isFinite(price)) {
      faults.push(`${label} is ${price}, not a finite number`);
    } else if (price <= 0 && kind !== "future") {
      faults.push(`${label} is ${price}: it must be above 0`);
    }
  }
  if (exceeds(bar.low, bar.high)) {
    faults.push(`high ${bar.high} is below low ${bar.low}`);
    return faults;
  }
  const ranged =
    kind === "equity" ? (["open", "close"] as const) : kind === "index" ? (["close"] as const) : [];
  for (const name of ranged) {
    if (outside(bar[name], bar))
      faults.push(`${name} ${bar[name]} is outside low..high ${bar.low}..${bar.high}`);
  }
  return faults;
}

function outside(price: number, {low, high}: Bar): boolean {
  return exceeds(low, price) || exceeds(price, high);
}

function volumeFault({volume}: Bar): string | undefined {
  if (Number.isNaN(volume) || (Number.isSafeInteger(volume) && volume >= 0)) return undefined;
  return `volume is ${volume}: it must be a whole number, 0 or more`;
}
