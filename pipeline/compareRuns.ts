// Which rows dated on or before a day are not the same in two runs?
import {type Evidence, evidence, type Violation} from "../src/proof/evidence.ts";
import {type Contract, rowKey} from "../src/store/contract.ts";
import {differingRows} from "../src/store/merge.ts";
import {filterRows, integers, type Table, takeRows, texts} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";

interface Compared {
  readonly contract: Contract;
  readonly before: Table;
  readonly after: Table;
}

interface Words {
  /** How the bars were changed. */
  readonly future: string;
  /** The change in words, for a violation. */
  readonly change: string;
}

/**
 * Evidence on a dataset of dated rows: one subject a model and horizon where it has them, otherwise the dataset.
 *
 * @param options.day rows dated later may differ (days since 1970-01-01)
 */
export function compareDated(tables: Compared, {day, ...words}: Words & {readonly day: number}): Evidence[] {
  const {contract} = tables;
  const known = (table: Table) => filterRows(table, "date", (date) => date <= day);
  const later = (table: Table) => filterRows(table, "date", (date) => date > day);
  const before = bySubject(contract, known(tables.before));
  const after = bySubject(contract, known(tables.after));
  const beforeLater = bySubject(contract, later(tables.before));
  const afterLater = bySubject(contract, later(tables.after));
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const none = takeRows(tables.before, new Uint32Array(0));
    const of = (subjects: ReadonlyMap<string, Table>): Table => subjects.get(key) ?? none;
    const [name, horizon] = key.split(" ");
    const compared = {contract, before: of(before), after: of(after)};
    const moved = differingRows(contract, {known: of(beforeLater), incoming: of(afterLater)}).revised;
    return evidence(
      {kind: "forecast", name: name!, horizon: horizon ? Number(horizon) : null},
      {...summarize(compared, words), moved},
    );
  });
}

/** Evidence that a dataset is, as published, what its code derives; rows of an older configuration may stand beside. */
export function comparePublished({contract, before, after}: Compared): Evidence {
  const {rows} = differingRows(contract, {known: before, incoming: after});
  const values = Object.keys(after.columns).length - contract.key.length;
  return evidence(
    {kind: "dataset", name: contract.dataset, horizon: null},
    {
      future: "none",
      rows: after.rows,
      cells: after.rows * values,
      moved: 0,
      violation: firstOf({contract, before, after}, {rows, change: "derived again from the same bars"}),
    },
  );
}

function summarize({contract, before, after}: Compared, {future, change}: Words) {
  const {rows} = differingRows(contract, {known: before, incoming: after});
  const gone = differingRows(contract, {known: after, incoming: before}).added;
  const values = Object.keys(before.columns).length - contract.key.length;
  return {
    future,
    rows: before.rows,
    cells: before.rows * values,
    violation: firstOf({contract, before, after}, {rows, change}) ?? goneOf(before, {gone, change}),
  };
}

function firstOf(
  {contract, before, after}: Compared,
  {rows, change}: {readonly rows: Uint32Array; readonly change: string},
): Violation | null {
  const row = rows[0];
  if (row === undefined) return null;
  const key = rowKey(contract, after, row);
  const other = Array.from({length: before.rows}, (_, i) => i).find(
    (i) => rowKey(contract, before, i) === key,
  );
  const session = sessionOf(after, row);
  const which = `${isoDate(session)}${rows.length > 1 ? ` and ${rows.length - 1} more rows` : ""}`;
  if (other === undefined) return {session, text: `${which}, there only now: ${change}`};
  const name = Object.keys(after.columns).find(
    (column) => !Object.is(after.columns[column]![row], before.columns[column]?.[other]),
  );
  const was = before.columns[name ?? ""]?.[other];
  const is = after.columns[name ?? ""]?.[row];
  return {session, text: `${which}, ${name} was ${String(was)}, became ${String(is)}: ${change}`};
}

function goneOf(
  before: Table,
  {gone, change}: {readonly gone: number; readonly change: string},
): Violation | null {
  return gone === 0 ? null : {session: sessionOf(before, 0), text: `${gone} rows are gone: ${change}`};
}

function sessionOf(table: Table, row: number): number {
  const name = ["date", "trained_through"].find((column) => column in table.columns);
  return name ? integers(table, name)[row]! : 0;
}

function bySubject(contract: Contract, table: Table): Map<string, Table> {
  if (!contract.key.includes("model")) return new Map([[contract.dataset, table]]);
  const models = texts(table, "model");
  const horizons = integers(table, "horizon");
  const rows = Map.groupBy(models.keys(), (row) => `${models[row]} ${horizons[row]}`);
  return new Map(Array.from(rows, ([key, indices]) => [key, takeRows(table, Uint32Array.from(indices))]));
}
