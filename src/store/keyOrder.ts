// Which rows have the same key, and which key comes first? Keys as numbers, which sort and compare faster than texts.
import type {ColumnValues, Table} from "./table.ts";

/**
 * A number for each row's key, a column for each table: equal where the keys are equal, in whichever of the tables,
 * and in the order of the contract's key.
 *
 * @returns whole numbers below 2^53 / n², n being the rows of all tables, down to n
 */
export function keyCodes(
  {key}: {readonly key: readonly string[]},
  tables: readonly Pick<Table, "rows" | "columns">[],
): Float64Array[] {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const codes = tables.map((table) => new Float64Array(table.rows));
  const largest = Number.MAX_SAFE_INTEGER / Math.max(rows, 1);
  let size = 1; // codes are below it
  for (const name of key) {
    const ranks = rankValues(tables.map(({columns}) => columns[name]!));
    if (size * ranks.size > largest) size = condense(codes);
    codes.forEach((own, i) => {
      const rank = ranks.of[i]!;
      for (let row = 0; row < own.length; row++) own[row] = own[row]! * ranks.size + rank[row]!;
    });
    size *= ranks.size;
    if (size > largest) size = condense(codes);
  }
  return codes;
}

/** The rows in the order of their codes; among equal ones the later row is later. */
export function orderOf(codes: Float64Array): Uint32Array {
  const rows = codes.length;
  const packed = codes.map((code, row) => code * rows + row);
  packed.sort();
  return Uint32Array.from(packed, (value) => value % rows);
}

/** For each of the asked codes the last row of the known ones that has it, or -1. */
export function matchCodes(asked: Float64Array, known: Float64Array): Int32Array {
  const matches = new Int32Array(asked.length).fill(-1);
  const knownOrder = orderOf(known);
  let at = 0;
  for (const row of orderOf(asked)) {
    const code = asked[row]!;
    while (at < knownOrder.length && known[knownOrder[at]!]! <= code) at++;
    const last = knownOrder[at - 1];
    if (last !== undefined && known[last] === code) matches[row] = last;
  }
  return matches;
}

interface Ranks {
  readonly of: readonly ArrayLike<number>[];
  readonly size: number;
}

function rankValues(columns: readonly ColumnValues[]): Ranks {
  const distinct = new Set<unknown>();
  for (const values of columns) for (let row = 0; row < values.length; row++) distinct.add(values[row]);
  const isNumeric = columns.every((values) => ArrayBuffer.isView(values));
  const sorted = isNumeric ? Float64Array.from(distinct as Set<number>).sort() : [...distinct].sort();
  const rankOf = new Map<unknown, number>();
  for (const value of sorted) rankOf.set(value, rankOf.size);
  return {
    of: columns.map((values) => {
      const ranks = new Uint32Array(values.length);
      for (let row = 0; row < ranks.length; row++) ranks[row] = rankOf.get(values[row])!;
      return ranks;
    }),
    size: Math.max(rankOf.size, 1),
  };
}

/** Codes as ranks among all of them. */
function condense(codes: readonly Float64Array[]): number {
  const ranks = rankValues(codes);
  codes.forEach((own, i) => {
    own.set(ranks.of[i]!);
  });
  return ranks.size;
}
