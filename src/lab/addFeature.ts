// May this formula stand beside the catalogue's, or does it know what it cannot know?

import {findLookAhead} from "../features/lookAhead.ts";
import {column, createFrame} from "../frame.ts";
import {type Market, mapMarket} from "../market/align.ts";
import {isoDate} from "../units.ts";
import type {LabTable} from "./labTable.ts";

interface Told {
  readonly name: string;
  /** Rows that a value depends on, its own included; 0 where the date says it all, null for a recursion. */
  readonly lookback: number | null;
  readonly formula: string;
}

/**
 * A feature of one's own, told as those of the catalogue are: of the market's columns, one value a session, or of other
 * columns of the same row.
 */
export type OwnFeature =
  | (Told & {readonly compute: (market: Market) => Float64Array})
  | (Told & {readonly inputs: readonly string[]; readonly of: (...values: number[]) => number});

/** Sessions after which the future is changed, unless rows are named: every way of `FUTURES` after each. */
const SESSIONS_TRIED = 24;

/** Rounding may reach a value from rows before its window, through running sums. */
const ROUNDING = 1e-9;

/**
 * The table with one more feature, once `findLookAhead` has found nothing in it and its look-back has been seen to be
 * as long as it says. A derived feature (`inputs`, `of`) may take the columns of the table, own ones included.
 *
 * @param options.rows rows after which to change the future. Default: 24 spread over the table. A leak that shows
 *   only on rare days shows only where such a row is among them: give all rows then
 * @throws {RangeError} if the feature knows what came later, looks back further than it says, is known nowhere, or
 *   has a name that is taken
 */
export function addFeature(
  table: LabTable,
  feature: OwnFeature,
  {rows}: {readonly rows?: readonly number[]} = {},
): LabTable {
  const {name} = feature;
  if (name in table.features.columns) {
    throw new RangeError(`Cannot add ${name}: the table has a column of that name; call it otherwise`);
  }
  const {market} = table;
  const {sessions, columns} = table.features;
  const values = "of" in feature ? derive(table, feature) : feature.compute(market);
  requireKnown(name, values, sessions);
  if ("compute" in feature) {
    const tried = rows ?? spreadRows(sessions.length);
    requireNoLookAhead(name, {compute: feature.compute, market, rows: tried});
    requireLookback(feature, {compute: feature.compute, market, values});
  }
  return {...table, features: createFrame(sessions, {...columns, [name]: values})};
}

// Row by row from columns that are in the table already: it cannot see another row.
function derive(
  {features}: LabTable,
  {inputs, of}: {readonly inputs: readonly string[]; readonly of: (...values: number[]) => number},
): Float64Array {
  const columns = inputs.map((input) => column(features, input));
  return Float64Array.from(features.sessions, (_, t) => of(...columns.map((values) => values[t]!)));
}

function requireKnown(name: string, values: Float64Array, sessions: Int32Array): void {
  const wrong = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot add ${name}: its value of ${isoDate(sessions[wrong]!)} is ${values[wrong]}; a value is finite, or NaN where unknown`,
    );
  }
  if (values.every(Number.isNaN)) {
    throw new RangeError(`Cannot add ${name}: it is NaN on every session; look at its inputs on one day`);
  }
}

function requireNoLookAhead(
  name: string,
  {compute, market, rows}: {compute: (of: Market) => Float64Array; market: Market; rows: readonly number[]},
): void {
  const [found] = findLookAhead(compute, market, {rows});
  if (!found) return;
  const day = (row: number): string => isoDate(market.sessions[row]!);
  throw new RangeError(
    `Cannot add ${name}: it looks ahead. Its value of ${day(found.row)} changes from ${found.before} to ${found.after} ` +
      `when the sessions after ${day(found.known)} are ${found.future}; the value of row t may use rows 0 to t alone`,
  );
}

function requireLookback(
  {name, lookback}: Told,
  {compute, market, values}: {compute: (of: Market) => Float64Array; market: Market; values: Float64Array},
): void {
  if (lookback === null || lookback === 0) return;
  if (!Number.isInteger(lookback) || lookback < 0) {
    throw new RangeError(
      `Cannot add ${name}: lookback must be a whole number of sessions (its own included), or null for a recursion; current value is ${lookback}`,
    );
  }
  for (const row of [0.5, 0.8, 1].map((share) => Math.floor(share * (values.length - 1)))) {
    const oldest = row - lookback + 1;
    if (oldest <= 0) continue;
    const before = (column: Float64Array): Float64Array =>
      column.map((value, t) => (t < oldest ? 1.5 * value : value));
    const again = compute(mapMarket(market, before))[row]!;
    const value = values[row]!;
    const same =
      Object.is(again, value) || Math.abs(again - value) <= ROUNDING * Math.max(1, Math.abs(value));
    if (same) continue;
    throw new RangeError(
      `Cannot add ${name}: it looks back further than its ${lookback} sessions. Its value of ${isoDate(market.sessions[row]!)} ` +
        `changes from ${value} to ${again} with the sessions before ${isoDate(market.sessions[oldest]!)}; say a longer lookback, or null`,
    );
  }
}

// The first sessions, where windows are not full, and others spread to the last but one.
function spreadRows(sessions: number): number[] {
  const last = sessions - 2;
  const rows = Array.from({length: SESSIONS_TRIED}, (_, i) => Math.round((i / (SESSIONS_TRIED - 1)) * last));
  return [...new Set(rows)].filter((row) => row >= 0);
}
