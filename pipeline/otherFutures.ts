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
  /** The row of that session, after whose close models are refitted. */
  readonly row: number;
  readonly future: Future;
  /** The row of the first forecast: combinations and intervals look back on those since. */
  readonly first: number;
}

/** Changes after which the newest session can still be forecast: without bars no stage would go on. */
const FORECASTABLE = FUTURES.filter((future) => future !== "erased");

const HISTORY = 4; // refits of every model before the one whose future is changed

/**
 * One run for each way to change the future, spread over the rows at which the most models are refitted: their fits
 * are the newest thing that a leak would reach. A run begins at such a row too, where all plans have it in common:
 * there its folds are those of the whole plan.
 *
 * @param plans for each model and horizon, the rows after whose close it is refitted
 */
export function planOtherFutures(plans: readonly (readonly number[])[], lastRow: number): OtherFuture[] {
  const counts = new Map<number, number>();
  for (const row of plans.flat()) if (row < lastRow) counts.set(row, (counts.get(row) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const rows = [...counts.keys()].filter((row) => counts.get(row) === most).sort((a, b) => a - b);
  const earliest = Math.min(...plans.flat());
  if (rows.length === 0) return [];
  return FORECASTABLE.map((future, i) => {
    const at = Math.round((i * (rows.length - 1)) / (FORECASTABLE.length - 1));
    const first = most === plans.length ? rows[Math.max(0, at - HISTORY)]! : earliest;
    return {row: rows[at]!, future, first};
  });
}

/**
 * Runs stages in memory, on a lake whose bars are given and whose other inputs are the real ones: nothing is
 * written. What a stage writes the next one reads.
 *
 * @param given tables that stand in for the lake's, the bars among them
 */
export async function runInMemory(
  stages: readonly Stage[],
  context: RunContext,
  given: Tables,
): Promise<Tables> {
  const parts = new Map(Array.from(given, ([name, table]) => [name, [asStored(table)]]));
  const own = new Set(stages.flatMap(({writes}) => writes));
  const lake = memoryLake(context.lake, {parts, own});
  const apart = {...context, lake, log: pino({level: "silent"})};
  for (const stage of stages) await runStage(stage, apart, {progress: () => undefined, clock: () => 0});
  const left = [...own].filter((name) => parts.has(name));
  return new Map(await Promise.all(left.map(async (name) => [name, await lake.read(name)] as const)));
}

/** The bars of another future, or of the one that came to be, up to `kept` sessions after a row. */
export function otherBars(
  bars: MarketBars,
  {
    row,
    future,
    kept,
    sessions,
  }: {
    readonly row: number;
    readonly future: Future | "unchanged";
    readonly kept: number;
    readonly sessions: Int32Array;
  },
): Table {
  const last = Math.min(sessions.length - 1, row + kept);
  const other =
    future === "unchanged"
      ? changedBars(bars, {row: last, future: "truncated", sessions})
      : changedBars(bars, {row, future, sessions, kept});
  return curatedTable([...other.values()].map(curate));
}

/** The fits of a plan that begins on a day, but for those made after the close of another: a run makes these again. */
export function fitsBetween(
  fits: Table,
  {first, without}: {readonly first: number; readonly without: number},
): Table {
  return filterRows(fits, "trained_through", (trained) => trained >= first && trained !== without);
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
    const whole = mergeTables(contract, tables ?? [tableFromRows(columnTypes(contract), [])]);
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
      parts.set(dataset, [...(isWhole ? [] : (parts.get(dataset) ?? [])), asStored(table)]);
      return {dataset, added: table.rows, revised: 0, rows: table.rows, sha256: ""};
    },
  };
}

// A file keeps no sign or payload of a missing number, and the hash of training rows would tell them apart.
function asStored({rows, columns}: Table): Table {
  const stored = Object.entries(columns).map(([name, values]) => [
    name,
    values instanceof Float64Array
      ? values.map((value) => (Number.isNaN(value) ? Number.NaN : value))
      : values,
  ]);
  return {rows, columns: Object.fromEntries(stored) as Table["columns"]};
}
