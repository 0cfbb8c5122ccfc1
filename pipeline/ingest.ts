// Which bars are new or revised? Fetched, checked, and kept with the time they were first seen.
import {CALENDAR_FIRST, CALENDAR_LAST, missingSessions} from "../src/calendar/sessions.ts";
import type {Bars} from "../src/market/bars.ts";
import {curate} from "../src/market/curate.ts";
import {fetchBars} from "../src/market/fetchBars.ts";
import type {MarketProvider} from "../src/market/provider.ts";
import {isTradingDay, lastFinalDay, type TradingCalendar} from "../src/market/tradingCalendar.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {claimLake} from "../src/store/lakeName.ts";
import {isoDate} from "../src/units.ts";
import {curatedTable, quarantineTable, rawTable} from "./marketTables.ts";
import type {Stage} from "./stage.ts";
import {calendarOf, universeSymbols} from "./universe.ts";

/** The ingest stage over a source; it runs every time, for only the source knows whether it has news. */
export function ingestStage(provider: MarketProvider): Stage {
  return {
    name: "ingest",
    does: "fetch daily bars, check them, keep what is new or revised",
    after: [],
    reads: ["raw.market"],
    writes: ["raw.market", "quarantine", "curated.market_daily"],
    config: ["universe", "ingest"],
    fingerprint: async () => undefined,
    async run({config, environment, lake, log, read, write}) {
      const {asOf, now} = environment;
      const calendar = calendarOf(config.universe);
      const symbols = universeSymbols(config.universe);
      const known = barsBySymbol(await read("raw.market"));
      const answer = await fetchBars(
        provider,
        {symbols, asOf, now, known},
        {
          lastClosed: (symbol) => lastFinalDay(calendar(symbol), now),
          isSession: (day, symbol) => isTradingDay(day, calendar(symbol)),
        },
      );
      for (const note of answer.notes) log.info({stage: "ingest"}, note);
      for (const {bar, reason} of answer.quarantined) {
        log.warn(
          {stage: "ingest", symbol: bar.symbol, date: dayText(bar.session)},
          `bar quarantined: ${reason}`,
        );
      }
      const [name] = symbols as [string];
      if (!known.has(name) && !answer.bars.some(({symbol}) => symbol === name)) {
        throw new Error(
          `Cannot ingest ${name}: ${provider.source} has no bar of it up to ${isoDate(asOf)}; choose a later AS_OF, or another target in the configuration`,
        );
      }
      await claimLake(lake.store, name);
      const raw = await write("raw.market", rawTable(answer.bars, {source: provider.source, now}), {
        tolerance: config.ingest.revision_tolerance,
      });
      if (answer.quarantined.length > 0) await write("quarantine", quarantineTable(answer.quarantined));
      const stored = barsBySymbol(await read("raw.market"));
      await write("curated.market_daily", curatedTable([...stored.values()].map(curate)));
      const target = stored.get(name)!;
      const gaps = gapsOf(target, calendar(target.symbol));
      if (gaps.length > 0) {
        const sessions = Array.from(gaps.slice(0, 20), isoDate);
        log.warn({stage: "ingest", sessions}, `${gaps.length} sessions of ${target.symbol} have no bar`);
      }
      const {length: refused} = answer.quarantined;
      return {
        summary: `bars to ${isoDate(target.sessions.at(-1)!)} from ${provider.source}${refused > 0 ? `, ${refused} quarantined` : ""}${gaps.length > 0 ? `, ${gaps.length} sessions missing` : ""}`,
        source: provider.source,
        symbols,
        first: isoDate(target.sessions[0]!),
        newest: isoDate(target.sessions.at(-1)!),
        bars: raw.rows,
        added: raw.added,
        revised: raw.revised,
        quarantined: refused,
        missing_sessions: gaps.length,
      };
    },
  };
}

/** Sessions of the exchange between the first and the last bar that have none; of a calendar not kept here, none. */
export function gapsOf({sessions}: Pick<Bars, "sessions">, calendar: TradingCalendar): Int32Array {
  const first = Math.max(sessions[0]!, CALENDAR_FIRST);
  const last = Math.min(sessions.at(-1)!, CALENDAR_LAST);
  return calendar === "own" || first > last ? new Int32Array(0) : missingSessions(sessions, first, last);
}

function dayText(session: number): string {
  return Number.isInteger(session) ? isoDate(session) : "not a day";
}
