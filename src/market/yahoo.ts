// What does Yahoo Finance say of these symbols? All of them, or an error.

import {lowerBound} from "../frame.ts";
import {isoDate, type SessionDate} from "../units.ts";
import type {Bar, Bars, QuarantinedBar} from "./bars.ts";
import type {MarketAnswer, MarketProvider} from "./provider.ts";
import {exceeds} from "./rounding.ts";
import {type CalendarOf, lastFinalDay, tradingCalendar} from "./tradingCalendar.ts";
import type {ChartBars} from "./yahooChart.ts";
import {type DaySpan, type YahooClientOptions, yahooClient} from "./yahooClient.ts";

export interface YahooOptions extends YahooClientOptions {
  /** Whose days a symbol trades on; by the way its symbol is written where left out. */
  readonly calendarOf?: CalendarOf;
  /** Sessions already stored that are asked for again, to see whether they were revised. */
  readonly overlapSessions?: number;
  /** Relative change of an adjusted close above which the stored history counts as rewritten. */
  readonly revisionTolerance?: number;
}

const WHOLE_HISTORY_DAYS = 99 * 365; // Yahoo refuses daily bars over a hundred years or more
const LATE_START_DAYS = 31;

/**
 * Daily bars from Yahoo's chart service through yahoo-finance2.
 *
 * Of a symbol in `known` only the last `overlapSessions` stored and what follows are fetched, unless the
 * oldest adjusted close of the overlap has changed: a dividend or split rewrites every earlier adjusted
 * close, and new bars joined to old ones on another basis would show a return that nobody earned. Then
 * the whole history is fetched. Bars of a session that has not closed (`lastFinalDay`) are left out.
 *
 * @throws {Error} from `fetch`, naming the symbol, what went wrong and the remedy; no partial answer
 */
export function yahooProvider(options: YahooOptions): MarketProvider {
  const {calendarOf = tradingCalendar, overlapSessions = 20, revisionTolerance = 1e-5} = options;
  const fetchChart = yahooClient(options);

  async function fetchSymbol(
    symbol: string,
    last: SessionDate,
    known?: Bars,
  ): Promise<ChartBars & {note?: string}> {
    const whole = {first: last - WHOLE_HISTORY_DAYS, last};
    const first = known?.sessions.at(-overlapSessions) ?? known?.sessions[0];
    if (known === undefined || first === undefined)
      return requireWhole(symbol, await fetchChart(symbol, whole));
    const recent = await fetchChart(symbol, {first, last});
    if (!rewritten(recent.bars, {known, revisionTolerance})) return recent;
    const note = `${symbol}: stored adjusted closes were rewritten (dividend, split or correction), the whole history was fetched again`;
    return {...requireWhole(symbol, await fetchChart(symbol, whole)), note};
  }

  return {
    source: "yahoo",
    async fetch(request) {
      const answer = {bars: [] as Bar[], quarantined: [] as QuarantinedBar[], notes: [] as string[]};
      for (const symbol of request.symbols) {
        const calendar = calendarOf(symbol);
        const closed = lastFinalDay(calendar, request.now);
        const {note, ...chart} = await fetchSymbol(symbol, closed, request.known?.get(symbol));
        if (note) answer.notes.push(note);
        add(answer, chart, {symbol, closed, asOf: request.asOf, ranged: calendar === "XNYS"});
      }
      return answer satisfies MarketAnswer;
    },
  };
}

/**
 * Why Yahoo cannot be used now, undefined if it can: one request, no second attempt.
 *
 * @param symbol one that surely exists
 */
export async function probeYahoo(
  symbol: string,
  options: YahooClientOptions & {readonly day: SessionDate},
): Promise<string | undefined> {
  const span: DaySpan = {first: options.day - 14, last: options.day};
  try {
    await yahooClient({timeoutMs: 5000, ...options, attempts: 1})(symbol, span);
    return undefined;
  } catch (error) {
    const {cause} = error as Error;
    return cause instanceof Error ? cause.message : String(error);
  }
}

// The oldest shared bar decides: whatever happened since has rescaled it.
function rewritten(
  recent: readonly Bar[],
  {known, revisionTolerance}: {known: Bars; revisionTolerance: number},
): boolean {
  for (const bar of recent) {
    const i = lowerBound(known.sessions, bar.session);
    const stored = known.adjClose[i];
    if (stored === undefined || known.sessions[i] !== bar.session || Number.isNaN(bar.adjClose)) continue;
    return !(Math.abs(bar.adjClose / stored - 1) <= revisionTolerance);
  }
  return true; // nothing shared: the stored history cannot be continued
}

function requireWhole(symbol: string, chart: ChartBars): ChartBars {
  const first = chart.bars[0]!.session;
  if (!(first - chart.firstTrade > LATE_START_DAYS)) return chart;
  throw new Error(
    `Cannot fetch ${symbol} from Yahoo: its answer starts on ${isoDate(first)}, but the symbol trades since ` +
      `${isoDate(chart.firstTrade)}; try again later or use SOURCE=csv`,
  );
}

function add(
  answer: {readonly bars: Bar[]; readonly quarantined: QuarantinedBar[]; readonly notes: string[]},
  chart: ChartBars,
  {
    symbol,
    closed,
    asOf,
    ranged,
  }: {
    symbol: string;
    closed: SessionDate;
    asOf: SessionDate;
    ranged: boolean; // a close outside its bar's range is no settlement or quote, but a bar still being written
  },
): void {
  const finished = chart.bars.filter((bar) => bar.session <= closed);
  for (const bar of chart.bars.slice(finished.length)) {
    answer.notes.push(`${symbol} ${isoDate(bar.session)} left out: its session had not closed`);
  }
  const last = finished.at(-1);
  if (ranged && last && (exceeds(last.close, last.high) || exceeds(last.low, last.close))) {
    finished.pop();
    const reason = `the last bar is unfinished: close ${last.close} is outside low..high ${last.low}..${last.high}`;
    if (last.session <= asOf) answer.quarantined.push({bar: last, reason});
  }
  if (chart.live) answer.notes.push(`${symbol}: the last day came twice, the live price was kept`);
  if (chart.empty.length > 0) {
    const days = chart.empty.slice(-5).map(isoDate).join(", ");
    answer.notes.push(`${symbol}: ${chart.empty.length} rows without prices left out, the latest ${days}`);
  }
  for (const bar of finished) if (bar.session <= asOf) answer.bars.push(bar);
}
