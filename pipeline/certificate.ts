// What does the certificate say, of which bytes, and is it of this code and these data?
import {createHash} from "node:crypto";
import {isDeepStrictEqual} from "node:util";
import type {FoldTask, MarketTable} from "../src/evaluation/walkForward.ts";
import {type Evidence, isCleared, type SubjectKind} from "../src/proof/evidence.ts";
import {trainingArrays, trainingSetOf} from "../src/proof/trainingSet.ts";
import {type Contract, columnTypes} from "../src/store/contract.ts";
import {integers, type Table, tableFromRows, takeRows, texts} from "../src/store/table.ts";
import {inputsOf, type RunContext, type Stage} from "./stage.ts";

const CLAIMS: Readonly<Record<SubjectKind, string>> = {
  dataset: "is what its code derives from the bars",
  feature: "is the same whatever the later bars are",
  label: "reads every bar of its window and no other",
  fold: "is trained on the same rows, features and labels whatever the bars after its refit are",
  fit: "is the same fit from bars that are others after its refit",
  forecast: "is the same whatever the later bars are",
  vintage: "knows no value that was ingested later",
};

/** The tables whose bytes were compared. */
export interface Compared {
  /** As derived from the bars that came to be, by dataset. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly table: MarketTable;
  readonly tasks: readonly FoldTask[];
  /** SHA-256 of raw.market's snapshot. */
  readonly raw: string;
  /** SHA-256 of the rows compared of a dataset that whole runs alone make, by dataset. */
  readonly runs: ReadonlyMap<string, string>;
}

/** The evidence as rows of the certificate, each with the hash of what was compared. */
export function certificateTable(contract: Contract, found: readonly Evidence[], compared: Compared): Table {
  return tableFromRows(
    columnTypes(contract),
    found.map((entry) => ({
      kind: entry.kind,
      name: entry.name,
      horizon: entry.horizon,
      claim: CLAIMS[entry.kind],
      passed: isCleared(entry) ? 1 : 0,
      futures: entry.futures,
      changes: entry.changes,
      rows: entry.rows,
      cells: entry.cells,
      moved: entry.moved,
      violations: entry.violations,
      first_violation: entry.first?.text ?? null,
      first_date: entry.first?.session ?? null,
      sha256: hashOfSubject(entry, compared),
    })),
  );
}

/** The subjects that fail, as a sentence for the last line of the run. */
export function failuresInWords(found: readonly Evidence[]): string {
  const failed = found.filter((entry) => !isCleared(entry));
  const words = failed.map(
    ({kind, name, horizon, first}) =>
      `${kind} ${name}${horizon === null ? "" : ` at ${horizon}`} (${first?.text ?? "nothing was compared"})`,
  );
  return `${failed.length} of ${found.length} subjects look ahead: ${words.join("; ")}`;
}

/**
 * Whether the lake's certificate was made by this code and configuration from the data the lake holds now: one that
 * was not says nothing about them.
 */
export async function certificateStands(stage: Stage, context: RunContext): Promise<boolean> {
  const manifest = await context.lake.manifest("certificate");
  return manifest !== undefined && isDeepStrictEqual(manifest.inputs, await inputsOf(stage, context));
}

function hashOfSubject({kind, name, horizon}: Evidence, {tables, table, tasks, raw, runs}: Compared): string {
  switch (kind) {
    case "dataset":
      return hashOfTable(tables.get(name)!);
    case "feature":
      return hashOfTable(pick(tables.get("features_daily")!, ["date", name]));
    case "label":
      return hashOfTable(pick(tables.get("labels_daily")!, ["date", name]));
    case "fold":
      return hashOfFolds(
        tasks.filter((task) => task.model === name && task.horizon === horizon),
        table,
      );
    case "fit":
      return hashOfTable(rowsOf(tables.get("fits")!, {name, horizon}));
    case "forecast":
      return runs.get(name) ?? hashOfTable(rowsOf(tables.get("walkforward_daily")!, {name, horizon}));
    case "vintage":
      return raw;
  }
}

// Training sets of one plan are parts of the last one: its arrays and all bounds say what each of them held.
function hashOfFolds(tasks: readonly FoldTask[], table: MarketTable): string {
  const hash = createHash("sha256").update(JSON.stringify(tasks.map(({fold, seed}) => ({fold, seed}))));
  for (const [place, values] of trainingArrays(trainingSetOf(tasks.at(-1)!, table)))
    hash.update(place).update(values);
  return hash.digest("hex");
}

/** SHA-256 over a table's columns in the order of their names: numbers as their bytes, texts as JSON. */
export function hashOfTable({columns}: Table): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(columns).sort()) {
    const values = columns[name]!;
    hash.update(name).update(ArrayBuffer.isView(values) ? values : JSON.stringify(values));
  }
  return hash.digest("hex");
}

function pick({rows, columns}: Table, names: readonly string[]): Table {
  return {rows, columns: Object.fromEntries(names.map((name) => [name, columns[name]!]))};
}

function rowsOf(
  table: Table,
  {name, horizon}: {readonly name: string; readonly horizon: number | null},
): Table {
  const models = texts(table, "model");
  const horizons = integers(table, "horizon");
  const rows = Array.from(models.keys()).filter((row) => models[row] === name && horizons[row] === horizon);
  return takeRows(table, Uint32Array.from(rows));
}
