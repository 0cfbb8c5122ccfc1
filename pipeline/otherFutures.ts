// What would the pipeline have said of the days before, had the bars after one been others?
import pino from "pino";
import {curate} from "../src/market/curate.ts";
import {FUTURES, type Future} from "../src/market/futures.ts";
import {changedBars, type MarketBars} from "../src/proof/derivation.ts";
import {columnTypes} from "../src/store/contract.ts";
import type {Lake} from "../src/store/lake.ts";
import {mergeTables} from "../src/store/merge.ts";
import {filterRows, rowsThatEqual, type Table, tableFromRows} from "../src/store/table.ts";
import {curatedTable} from "./marketTables.ts";
import {type RunContext, runStage, type Stage} from "./stage.ts";

/** The tables that stages leave, by dataset. */
export type Tables = ReadonlyMap<string, Table>;

/** A run of the stages on bars that are other ones after a session. */
export interface OtherFuture {
  readonly row: number;
  readonly future: Future;
}

/** Changes after which the newest session can still be forecast: without bars no stage would go on. */
const FORECASTABLE = FUTURES.filter((future) => future !== "erased");

/**
 * One run for each way to change the future, spread over the rows at which every model is refitted: their fits are
 * the newest thing that a leak would reach.
 *
 * @param refits for each fit of the plan, the row after whose close it is made
 */
export function planOtherFutures(refits: readonly (readonly number[])[], lastRow: number): OtherFuture[] {
  const [first = [], ...others] = refits.map((rows) => new Set(rows));
  const common = [...first].filter((row) => row < lastRow && others.every((rows) => rows.has(row)));
  if (common.length === 0) return [];
  return FORECASTABLE.map((future, i) => {
    const at = Math.round((i * (common.length - 1)) / Math.max(1, FORECASTABLE.length - 1));
    return {row: common[at]!, future};
  });
}

/**
 * Runs stages in memory, on a lake whose bars are given and whose other inputs are the real ones: nothing is
 * written. What a stage writes the next one reads.
 *
 * @param options.given tables that stand in for the lake's, the bars among them
 */
export async function runInMemory(
  stages: readonly Stage[],
  context: RunContext,
  {given, progress}: {readonly given: Tables; readonly progress: (text: string) => void},
): Promise<Tables> {
  const parts = new Map(Array.from(given, ([name, table]) => [name, [table]]));
  const own = new Set(stages.flatMap(({writes}) => writes));
  const lake = memoryLake(context.lake, {parts, own});
  for (const stage of stages) {
    const apart = {...context, lake, log: pino({level: "silent"})};
    await runStage(stage, apart, {progress, clock: () => 0});
  }
  const left = [...own].filter((name) => parts.has(name));
  return new Map(await Promise.all(left.map(async (name) => [name, await lake.read(name)] as const)));
}

/** The bars of another future as rows of curated.market_daily. */
export function otherBars(
  bars: MarketBars,
  {kept, sessions, ...change}: OtherFuture & {readonly kept: number; readonly sessions: Int32Array},
): Table {
  return curatedTable([...changedBars(bars, {...change, sessions, kept}).values()].map(curate));
}

/** Fits without those made after the close of a day: a run makes these again. */
export function withoutFitsOf(fits: Table, day: number): Table {
  return filterRows(fits, "trained_through", (trained) => trained !== day);
}

function memoryLake(
  base: Lake,
  {parts, own}: {readonly parts: Map<string, Table[]>; readonly own: ReadonlySet<string>},
): Lake {
  const nothing = async (): Promise<undefined> => undefined;
  const refuse = async (): Promise<never> => {
    throw new Error("Cannot write the lake from a proof: it only reads");
  };
  async function read(dataset: string, {equals = {}}: {equals?: Readonly<Record<string, string>>} = {}) {
    const tables = parts.get(dataset);
    if (!tables && !own.has(dataset)) return base.read(dataset, {equals});
    const contract = base.contract(dataset);
    const whole =
      tables?.length === 1 && tables[0]!.rows === 0
        ? tables[0]!
        : mergeTables(contract, tables ?? [tableFromRows(columnTypes(contract), [])]);
    if (tables) parts.set(dataset, [whole]);
    return rowsThatEqual(whole, equals);
  }
  return {
    ...base,
    store: {
      ...base.store,
      get: nothing,
      replace: nothing,
      remove: refuse,
      putIfAbsent: refuse,
      putAllIfAbsent: refuse,
    },
    manifest: nothing,
    read,
    async append(dataset, table) {
      const isWhole = base.contract(dataset).mode === "replace";
      parts.set(dataset, [...(isWhole ? [] : (parts.get(dataset) ?? [])), table]);
      return {dataset, added: table.rows, revised: 0, rows: table.rows, sha256: ""};
    },
  };
}
