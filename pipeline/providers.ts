// Where does this run take its bars from?
import {type Bars, listBars} from "../src/market/bars.ts";
import {type ChosenProvider, chooseProvider} from "../src/market/chooseProvider.ts";
import {csvProvider} from "../src/market/csv.ts";
import type {MarketProvider} from "../src/market/provider.ts";
import {sampleProvider} from "../src/market/sampleProvider.ts";
import {probeYahoo, yahooProvider} from "../src/market/yahoo.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import type {LakeReader} from "../src/store/lakeFolder.ts";
import {sessionDate} from "../src/units.ts";
import type {Environment} from "./environment.ts";
import {calendarOf} from "./universe.ts";

/** The provider that SOURCE names, or that answers. */
export function providerOf({config, source, csvDir, lastClosed}: Environment): Promise<ChosenProvider> {
  const {attempts, timeout_seconds, overlap_sessions, revision_tolerance} = config.ingest;
  const client = {attempts, timeoutMs: timeout_seconds * 1000};
  const calendars = calendarOf(config.universe);
  return chooseProvider(source, {
    yahoo: () =>
      yahooProvider({
        ...client,
        calendarOf: calendars,
        overlapSessions: overlap_sessions,
        revisionTolerance: revision_tolerance,
      }),
    csv: () => csvProvider({folder: csvDir!, calendarOf: calendars}),
    sample: () => sampleProvider({seed: config.sample.seed, first: sessionDate(config.sample.first)}),
    probe: () => probeYahoo(config.universe.target, {day: lastClosed}),
  });
}

/** The values of every bar as a lake knew them at an instant (ISO time): no later revision among them. */
export async function barsKnownAt(
  lake: Pick<LakeReader, "readVintage">,
  vintage: string,
): Promise<ReadonlyMap<string, Bars>> {
  return barsBySymbol(await lake.readVintage("raw.market", vintage));
}

/** Bars that a lake holds as a source: what a run under VINTAGE ingests, and what is verified. */
export function vintageProvider(
  source: MarketProvider["source"],
  known: ReadonlyMap<string, Bars>,
): MarketProvider {
  return {
    source,
    async fetch({asOf}) {
      const bars = [...known.values()].flatMap(listBars).filter(({session}) => session <= asOf);
      return {bars, quarantined: [], notes: []};
    },
  };
}
