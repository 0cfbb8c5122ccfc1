// How did the live forecasts do? The ledger's records as rows, each with its outcome once that is known.
import {qlike} from "../evaluation/losses.ts";
import {type Contract, columnTypes} from "../store/contract.ts";
import {integers, NULL_INTEGER, numbers, type Table, tableFromRows, texts} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";
import {hashOfRecord, NO_HASH} from "./chain.ts";
import {inOrder, type LedgerRecord, type LiveForecast} from "./ledger.ts";

/**
 * A row a session and horizon, with the outcome and its QLIKE where the label is known. Of several records of a
 * session the first one is scored.
 *
 * @param labels labels_daily: realized volatilities by date
 */
export function ledgerTable(
  contract: Contract,
  {records, labels}: {readonly records: readonly LedgerRecord[]; readonly labels: Table},
): Table {
  const rowOf = new Map(Array.from(integers(labels, "date"), (day, row) => [day, row]));
  const rows = records.flatMap((record) =>
    record.forecasts.map((forecast) => {
      const day = sessionDate(record.date);
      const outcome = numbers(labels, `rv_${forecast.horizon}d`)[rowOf.get(day) ?? -1] ?? Number.NaN;
      return {
        ...forecast,
        date: day,
        made_at: Date.parse(record.created_at),
        run: record.run,
        outcome,
        qlike: record.supersedes === null ? scoreOf(outcome, forecast.var_hat) : Number.NaN,
        sequence: record.sequence,
        supersedes: record.supersedes,
        hash: record.hash,
        previous_hash: record.previous_hash,
      };
    }),
  );
  rows.sort((a, b) => a.date - b.date || a.horizon - b.horizon || a.sequence - b.sequence);
  return tableFromRows(columnTypes(contract), rows);
}

/** The records that a table tells, in their order; their hashes are those the table has, right or wrong. */
export function recordsOfTable(table: Table): LedgerRecord[] {
  const bySequence = new Map<number, number[]>();
  integers(table, "sequence").forEach((sequence, row) => {
    bySequence.set(sequence, [...(bySequence.get(sequence) ?? []), row]);
  });
  const horizons = integers(table, "horizon");
  return [...bySequence]
    .sort(([a], [b]) => a - b)
    .map(([sequence, rows]) => {
      const first = rows[0]!;
      const supersedes = integers(table, "supersedes")[first]!;
      return {
        sequence,
        previous_hash: texts(table, "previous_hash")[first]!,
        created_at: new Date(numbers(table, "made_at")[first]!).toISOString(),
        date: isoDate(integers(table, "date")[first]!),
        run: texts(table, "run")[first]!,
        supersedes: supersedes === NULL_INTEGER ? null : supersedes,
        forecasts: rows.sort((a, b) => horizons[a]! - horizons[b]!).map((row) => forecastOf(table, row)),
        hash: texts(table, "hash")[first]!,
      };
    });
}

/**
 * What is wrong with the rows of a published ledger, told from them alone, or beside the records they were made from.
 * Each problem begins with the row: live_ledger/2024-01-02/5, or without the horizon where all of them are concerned.
 */
export function verifyLedger(table: Table, records?: readonly LedgerRecord[]): string[] {
  const told = recordsOfTable(table);
  const problems: string[] = [];
  told.forEach((record, i) => {
    const {sequence, date} = record;
    const kept = records?.[sequence - 1];
    const before = i === 0 ? undefined : told[i - 1];
    const where = `live_ledger/${date}`;
    if (sequence !== (before?.sequence ?? 0) + 1)
      problems.push(`${where}: the rows of record ${sequence - 1}, before it, are missing`);
    else if (record.previous_hash !== (before?.hash ?? NO_HASH))
      problems.push(`${where}: it was not written after the record before it`);
    if (kept) problems.push(...differences(record, kept));
    else if (records) problems.push(`${where}: the ledger has no record ${sequence}`);
    else if (hashOfRecord(record) !== record.hash) problems.push(`${where}: a row was changed`);
  });
  const unpublished = records?.slice(told.at(-1)?.sequence ?? 0) ?? [];
  return [...problems, ...unpublished.map(({date}) => `live_ledger/${date}: its rows are missing`)];
}

function differences(found: LedgerRecord, kept: LedgerRecord): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(kept)) {
    const other = found[name as keyof LedgerRecord];
    if (name !== "forecasts" && other !== value)
      problems.push(`live_ledger/${kept.date}: ${name} is ${other}, record ${kept.sequence} says ${value}`);
  }
  for (const forecast of kept.forecasts) {
    const row = found.forecasts.find(({horizon}) => horizon === forecast.horizon);
    const where = `live_ledger/${kept.date}/${forecast.horizon}`;
    if (!row) problems.push(`${where}: the row is missing`);
    for (const [name, value] of Object.entries(row ? forecast : {})) {
      const other = row![name as keyof LiveForecast];
      if (other !== value)
        problems.push(`${where}: ${name} is ${other}, record ${kept.sequence} says ${value}`);
    }
  }
  const foreign = found.forecasts.length > kept.forecasts.length && problems.length === 0;
  return foreign ? [`live_ledger/${kept.date}: it has rows that were never recorded`] : problems;
}

function forecastOf(table: Table, row: number): LiveForecast {
  const known = (name: string): number | null => {
    const value = numbers(table, name)[row]!;
    return Number.isNaN(value) ? null : value;
  };
  return inOrder({
    horizon: integers(table, "horizon")[row]!,
    model: texts(table, "model")[row]!,
    model_version: texts(table, "model_version")[row]!,
    rv_hat: numbers(table, "rv_hat")[row]!,
    var_hat: numbers(table, "var_hat")[row]!,
    lo: known("lo"),
    hi: known("hi"),
    coverage: known("coverage"),
  });
}

function scoreOf(volatility: number, variance: number): number {
  return qlike(Float64Array.of(volatility ** 2), Float64Array.of(variance))[0]!;
}
