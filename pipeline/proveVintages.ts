// Does a run as of an instant use a value that was ingested later? Tried on a small lake, and counted on this one.
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import pino from "pino";
import type {Bars} from "../src/market/bars.ts";
import {countMoved, firstViolation} from "../src/proof/compare.ts";
import {type Evidence, evidence} from "../src/proof/evidence.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {numbers} from "../src/store/table.ts";
import type {SessionDate} from "../src/units.ts";
import {featuresOf} from "./features.ts";
import {ingestStage} from "./ingest.ts";
import {barsKnownAt, vintageProvider} from "./providers.ts";
import {type RunContext, runStage} from "./stage.ts";

type MarketBars = ReadonlyMap<string, Bars>;

/** How a run under VINTAGE gets its bars. */
export type KnownAt = (lake: Lake, instant: string) => Promise<MarketBars>;

const SESSIONS = 100; // enough for every window of the catalogue but one quarter of a year's
const REVISED = 1.01; // a revision of one per cent, of the whole bar

/** Evidence on both: a lake that is revised on purpose, and the vintages of the run's own lake. */
export async function proveVintages(
  context: RunContext,
  {bars, knownAt = barsKnownAt}: {readonly bars: MarketBars; readonly knownAt?: KnownAt},
): Promise<Evidence[]> {
  return [...(await proveRevisions(context, {bars, knownAt})), await proveOwnVintages(context.lake)];
}

/**
 * Ingests the newest bars into a lake of its own, then the same days again with other values, on the same day and a
 * week later with the bars of that week. As of the first instant the features must be those of the first values.
 */
async function proveRevisions(
  context: RunContext,
  {bars, knownAt}: {readonly bars: MarketBars; readonly knownAt: KnownAt},
): Promise<Evidence[]> {
  const {target} = context.config.universe;
  const {sessions} = bars.get(target)!;
  const day = sessions[sessions.length - 7]! as SessionDate; // leaves a week of later bars
  const recent = from(bars, sessions[Math.max(0, sessions.length - SESSIONS)]!);
  const first = until(recent, day);
  const deliveries = [
    {future: "nothing revised", at: instant(day, 36), asOf: day, bars: first},
    {future: "revised the same day", at: instant(day, 37), asOf: day, bars: revised(first)},
    {
      future: "revised a week later",
      at: instant(day, 24 * 14),
      asOf: sessions.at(-1)! as SessionDate,
      bars: revised(revised(recent)),
    },
  ];
  const folder = mkdtempSync(join(tmpdir(), "volbook-prove-"));
  try {
    const lake = openLake({store: localDirectory(folder)});
    const honest = featuresOf(first, context.config);
    const found: Evidence[] = [];
    for (const delivery of deliveries) {
      await ingest(context, {...delivery, lake});
      const before = await featuresKnownAt(lake, deliveries[0]!.at);
      const latest = await featuresKnownAt(lake, delivery.at);
      const change = `bars ${delivery.future}, read as of ${deliveries[0]!.at}`;
      const end = honest.sessions.length;
      for (const [name, values] of Object.entries(honest.columns)) {
        const pair = {
          before: values,
          after: before.columns[name]!,
          sessions: honest.sessions,
          sessionsAfter: before.sessions,
        };
        const moved = countMoved({before: values, after: latest.columns[name]!}, {start: 0, end});
        found.push(
          evidence(
            {kind: "vintage", name: "features_daily", horizon: null},
            {
              future: delivery.future,
              rows: end,
              cells: end,
              moved,
              violation: firstViolation(pair, {end, change: `${name}, ${change}`}),
            },
          ),
        );
      }
    }
    return found;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }

  async function featuresKnownAt(lake: Lake, at: string) {
    return featuresOf(await knownAt(lake, at), context.config);
  }
}

async function ingest(
  context: RunContext,
  {
    lake,
    at,
    asOf,
    bars,
  }: {readonly lake: Lake; readonly at: string; readonly asOf: SessionDate; readonly bars: MarketBars},
): Promise<void> {
  const environment = {...context.environment, now: at, asOf, lastClosed: asOf};
  const apart = {...context, environment, lake, log: pino({level: "silent"})};
  const stage = ingestStage(vintageProvider(context.source, bars));
  await runStage(stage, apart, {progress: () => undefined, clock: () => 0});
}

/** No row of a vintage of the lake's bars was ingested after it. */
async function proveOwnVintages(lake: Lake): Promise<Evidence> {
  const latest = numbers(await lake.read("raw.market"), "ingested_at");
  const instants = [...new Set(latest)].sort((a, b) => a - b);
  const looked = [...new Set([instants[0]!, ...instants.slice(-2)])];
  let cells = 0;
  let violation: Evidence["first"] = null;
  for (const at of looked) {
    const ingested = numbers(await lake.readVintage("raw.market", new Date(at).toISOString()), "ingested_at");
    cells += ingested.length;
    const later = ingested.find((time) => time > at);
    if (later === undefined) continue;
    const text = `as of ${new Date(at).toISOString()} a bar of ${new Date(later).toISOString()} is known`;
    violation ??= {session: Math.floor(at / 86_400_000), text};
  }
  const moved = latest.filter((time) => time > looked[0]!).length;
  return evidence(
    {kind: "vintage", name: "raw.market", horizon: null},
    {future: "none", rows: latest.length, cells, moved, violation},
  );
}

function from(bars: MarketBars, day: number): MarketBars {
  return filter(bars, (session) => session >= day);
}

function until(bars: MarketBars, day: number): MarketBars {
  return filter(bars, (session) => session <= day);
}

function filter(bars: MarketBars, keep: (session: number) => boolean): MarketBars {
  return new Map(
    Array.from(bars, ([symbol, {sessions, symbol: _, ...columns}]) => {
      const kept = Object.entries(columns).map(([name, values]) => [
        name,
        values.filter((_value, i) => keep(sessions[i]!)),
      ]);
      return [
        symbol,
        {symbol, sessions: sessions.filter(keep), ...(Object.fromEntries(kept) as typeof columns)},
      ];
    }),
  );
}

function revised(bars: MarketBars): MarketBars {
  const scale = (prices: Float64Array) =>
    prices.map((price, i) => (i >= prices.length - 10 ? price * REVISED : price));
  return new Map(
    Array.from(bars, ([symbol, series]) => {
      const {open, high, low, close, adjClose} = series;
      const prices = {
        open: scale(open),
        high: scale(high),
        low: scale(low),
        close: scale(close),
        adjClose: scale(adjClose),
      };
      return [symbol, {...series, ...prices}];
    }),
  );
}

/** Hours after midnight UTC of a day, as an ISO time. */
function instant(day: number, hours: number): string {
  return new Date((day * 24 + hours) * 3_600_000).toISOString();
}
