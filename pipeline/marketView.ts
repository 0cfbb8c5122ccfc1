// What does the lake hold of the market, and what became of its earlier vintages? Read from commits, for the Data page.
import {
  featureCoverage,
  type MarketFacts,
  type Revision,
  type VintageSummary,
} from "../src/report/marketSummary.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {concurrently} from "../src/store/concurrently.ts";
import {type Lake, readJson} from "../src/store/lake.ts";
import {type Commit, commitPrefix, type ManifestFile} from "../src/store/manifest.ts";
import {readParquet} from "../src/store/parquetReader.ts";
import {integers, NULL_INTEGER, numbers, onOrBefore, type Table, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {isoDate} from "../src/units.ts";
import {gapsOf} from "./ingest.ts";
import type {RunContext} from "./stage.ts";
import {calendarOf, universeSymbols} from "./universe.ts";

const RAW = "raw.market";
const VALUES = ["open", "high", "low", "close", "adj_close", "volume"] as const;
/** Datasets whose rows of earlier days change only where the bars did. */
const DERIVED = ["features_daily", "predictions_daily"] as const;
const READS_AT_ONCE = 16;

/** Sessions, gaps, refused bars, vintages and revisions, as of a run's day. */
export async function marketFacts({
  lake,
  config,
  environment,
}: Pick<RunContext, "lake" | "config" | "environment">): Promise<MarketFacts> {
  const {asOf} = environment;
  const calendar = calendarOf(config.universe);
  const bars = barsBySymbol(onOrBefore(await lake.read("curated.market_daily"), asOf));
  const features = onOrBefore(await lake.read("features_daily"), asOf);
  const names = Object.keys(features.columns).filter((name) => name !== "date");
  return {
    series: universeSymbols(config.universe).flatMap((symbol) => {
      const own = bars.get(symbol);
      if (!own || own.sessions.length === 0) return [];
      return [
        {
          symbol,
          bars: own.sessions.length,
          first: isoDate(own.sessions[0]!),
          last: isoDate(own.sessions.at(-1)!),
          missing: Array.from(gapsOf(own, calendar(symbol)), isoDate),
        },
      ];
    }),
    vintages: await vintagesOf(lake),
    revisions: await revisionsOf(lake),
    refused: tableRows(await lake.read("quarantine")).map((row) => ({
      ...(row as unknown as MarketFacts["refused"][number]),
      date: row.date === NULL_INTEGER ? "" : isoDate(row.date as number),
    })),
    features: featureCoverage(
      integers(features, "date"),
      Object.fromEntries(names.map((name) => [name, numbers(features, name)])),
    ),
  };
}

async function commitsOf(lake: Lake, dataset: string): Promise<Commit[]> {
  const keys = (await lake.store.list(commitPrefix(dataset))).map(({key}) => key);
  const commits = await concurrently(keys, READS_AT_ONCE, (key) => readJson<Commit>(lake.store, key));
  return commits.filter((commit) => commit !== undefined).sort((a, b) => a.commit - b.commit);
}

async function vintagesOf(lake: Lake): Promise<VintageSummary[]> {
  const raw = await commitsOf(lake, RAW);
  const derived = new Map(
    await Promise.all(
      DERIVED.map(
        async (dataset) => [dataset, Map.groupBy(await commitsOf(lake, dataset), ({run}) => run)] as const,
      ),
    ),
  );
  const known = new Set<string>(); // days that the lake had bars of
  return raw.map(({committed_at, run, files}) => {
    const days = files.map(({path, rows}) => ({day: dayOf(path), rows}));
    const revised = sum(days.filter(({day}) => known.has(day)));
    const before = [...known].reduce((a, b) => (a > b ? a : b), "");
    for (const {day} of days) known.add(day);
    const rewrote = DERIVED.map((dataset) => {
      const own = derived.get(dataset)!.get(run) ?? [];
      return [
        dataset,
        sum(own.flatMap((commit) => commit.files).filter(({path}) => dayOf(path) <= before)),
      ] as const;
    });
    return {
      time: committed_at,
      run,
      added: sum(days) - revised,
      revised,
      newest: days.map(({day}) => day).reduce((a, b) => (a > b ? a : b), ""),
      rewrote: before === "" ? {} : Object.fromEntries(rewrote),
    };
  });
}

// A day of which several commits have files may have been revised: only those are read.
async function revisionsOf(lake: Lake): Promise<Revision[]> {
  const files = (await lake.manifest(RAW))?.files ?? [];
  const days = Map.groupBy(files, ({path}) => dayOf(path));
  const several = [...days.values()].filter((own) => own.length > 1);
  const found = await concurrently(several, READS_AT_ONCE, (own) => revisionsOfDay(lake, own));
  return found.flat();
}

async function revisionsOfDay(lake: Lake, files: readonly ManifestFile[]): Promise<Revision[]> {
  const known = new Map<string, Record<string, number>>();
  const revisions: Revision[] = [];
  for (const file of files.toSorted((a, b) => a.commit - b.commit)) {
    const path = await lake.store.localFile(file.path, file.sha256);
    if (!path) continue; // the run that found it damaged has said so
    const table = await readParquet(lake.contract(RAW), [path]);
    const [symbols, seen] = [texts(table, "symbol"), numbers(table, "ingested_at")];
    for (let row = 0; row < table.rows; row++) {
      const now = valuesOf(table, row);
      const before = known.get(symbols[row]!);
      known.set(symbols[row]!, now);
      if (!before) continue;
      for (const column of VALUES) {
        if (Object.is(before[column], now[column])) continue;
        revisions.push({
          symbol: symbols[row]!,
          date: isoDate(integers(table, "date")[row]!),
          column,
          before: before[column]!,
          after: now[column]!,
          change: now[column]! / before[column]! - 1,
          seen: new Date(seen[row]!).toISOString(),
        });
      }
    }
  }
  return revisions;
}

function valuesOf(table: Table, row: number): Record<string, number> {
  return Object.fromEntries(VALUES.map((name) => [name, numbers(table, name)[row]!]));
}

function dayOf(path: string): string {
  return /date=([^/]+)/.exec(path)?.[1] ?? "";
}

function sum(files: readonly {readonly rows: number}[]): number {
  return files.reduce((total, {rows}) => total + rows, 0);
}
