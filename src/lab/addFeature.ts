// May this formula stand beside the catalogue's, or does it know what it cannot know?

import {findBeyondWindow, findLookAhead, firstDifference} from "../features/lookAhead.ts";
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

/** Sessions after which the future is changed, unless rows are named: so many spread over the table, and the extreme ones. */
const SESSIONS_SPREAD = 24;
const SESSIONS_EXTREME = 2;

/**
 * The table with one more feature, once nothing speaks against it: it comes out the same twice, `findLookAhead` finds
 * nothing, and every value comes out again from the rows of its look-back alone (`findBeyondWindow`), which a leak of
 * rare days does not pass either. A derived feature (`inputs`, `of`) may take the columns of the table, own ones included.
 *
 * A recursion (`lookback: null`) that reads, beside the market, a table or variable from outside by row number is not
 * found out; with a look-back it is.
 *
 * @param options.rows rows to look at in place of all; the future is changed after each but the last. Default: the
 *   future after 24 rows spread over the table and those of extreme VIX, return and volume, the look-back at all. "all"
 *   changes the future after every row, in a time that grows with their square
 * @throws {RangeError} if the feature knows what came later, looks back further than it says, reads something else
 *   than the market, is known nowhere, or has a name that is taken
 * @throws {TypeError} if compute gives anything but a Float64Array
 */
export function addFeature(
  table: LabTable,
  feature: OwnFeature,
  {rows}: {readonly rows?: readonly number[] | "all"} = {},
): LabTable {
  const {name} = feature;
  if (name in table.features.columns) {
    throw new RangeError(`Cannot add ${name}: the table has a column of that name; call it otherwise`);
  }
  const {sessions, columns} = table.features;
  const values = "of" in feature ? derive(table, feature) : requireValues(feature, table.market);
  requireKnown(name, values, sessions);
  if ("compute" in feature) prove(feature, {market: table.market, values, rows});
  return {...table, features: createFrame(sessions, {...columns, [name]: values})};
}

interface Computed extends Told {
  readonly compute: (market: Market) => Float64Array;
}

interface Proof {
  readonly market: Market;
  readonly values: Float64Array;
  readonly rows: readonly number[] | "all" | undefined;
}

function prove(feature: Computed, {market, values, rows}: Proof): void {
  requireRepeatable(feature, market, values);
  requireReading(feature, market, values);
  const last = market.sessions.length - 1;
  requireNoLookAhead(
    feature,
    market,
    rows === "all" ? rows : (rows ?? usualRows(market)).filter((row) => row !== last),
  );
  requireLookback(feature, market, rows === "all" ? undefined : rows);
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

function requireValues({name, compute}: Computed, market: Market): Float64Array {
  const values: unknown = compute(market);
  const count = market.sessions.length;
  if (Object.prototype.toString.call(values) !== "[object Float64Array]") {
    const given = Array.isArray(values) ? "a plain array" : values === undefined ? "nothing" : String(values);
    throw new TypeError(
      `Cannot add ${name}: compute gives ${given.slice(0, 60)}; give a Float64Array, as Float64Array.from(…) or the map of a column does`,
    );
  }
  const {length} = values as Float64Array;
  if (length === count) return values as Float64Array;
  throw new RangeError(
    `Cannot add ${name}: compute gives ${length} values for ${count} sessions; give one a session, NaN where unknown`,
  );
}

function requireRepeatable({name, compute}: Computed, market: Market, values: Float64Array): void {
  const row = firstDifference(values, compute(market), values.length);
  if (row < 0) return;
  throw new RangeError(
    `Cannot add ${name}: it is not the same when computed twice. Its value of ${isoDate(market.sessions[row]!)} changes from ` +
      `${values[row]}; take chance from createRandom(seed) inside compute, and keep nothing from one call to the next`,
  );
}

// Other prices must make other values, or the values are not made of prices.
function requireReading({name, lookback, compute}: Computed, market: Market, values: Float64Array): void {
  const others = [
    mapMarket(market, (prices) => prices.toReversed()),
    mapMarket(market, (prices) => prices.map(() => Number.NaN)),
  ];
  const moved = others.some((other) => firstDifference(values, compute(other), values.length) >= 0);
  if (moved === (lookback !== 0)) return;
  throw new RangeError(
    moved
      ? `Cannot add ${name}: a lookback of 0 says that the date is all it needs, but other prices change it; say how many sessions it reads, its own included`
      : `Cannot add ${name}: it does not read the market it is given, other prices leave it as it is; compute it from the argument ` +
          "({close, vix, …}) and from no table outside, or say lookback: 0 where the date is all it needs",
  );
}

function requireNoLookAhead(
  {name, compute}: Computed,
  market: Market,
  rows: readonly number[] | "all",
): void {
  const [found] = findLookAhead(compute, market, {rows, atMost: 1});
  if (!found) return;
  const day = (row: number): string => isoDate(market.sessions[row]!);
  throw new RangeError(
    `Cannot add ${name}: it looks ahead. Its value of ${day(found.row)} changes from ${found.before} to ${found.after} ` +
      `when the sessions after ${day(found.known)} are ${found.future}; the value of row t may use rows 0 to t alone`,
  );
}

function requireLookback(
  {name, lookback, compute}: Computed,
  market: Market,
  rows: readonly number[] | undefined,
): void {
  if (lookback !== null && !(Number.isInteger(lookback) && lookback >= 0)) {
    throw new RangeError(
      `Cannot add ${name}: lookback must be a whole number of sessions (its own included), or null for a recursion; current value is ${lookback}`,
    );
  }
  const found = findBeyondWindow(compute, market, {lookback, ...(rows ? {rows} : {})});
  if (!found) return;
  const day = isoDate(market.sessions[found.row]!);
  const changes = `Its value of ${day} is ${found.whole}, and ${found.alone} when computed from`;
  throw new RangeError(
    lookback === null
      ? `Cannot add ${name}: it looks ahead. ${changes} the sessions up to that day alone; the value of row t may use rows 0 to t alone`
      : `Cannot add ${name}: it looks back further than its ${lookback} sessions, looks ahead, or reads what is not in the market ` +
          `it is given. ${changes} these ${lookback} alone; say a longer lookback (null for a recursion), and compute from the argument alone`,
  );
}

// The first sessions, where windows are not full, others spread to the last but one, and the most unusual ones with
// the session before each: a leak of rare days is one of these.
function usualRows({sessions, close, volume, vix}: Market): number[] {
  const last = sessions.length - 2;
  const spread = Array.from({length: SESSIONS_SPREAD}, (_, i) =>
    Math.round((i / (SESSIONS_SPREAD - 1)) * last),
  );
  const moves = close.map((price, t) => Math.log(price / (close[t - 1] ?? Number.NaN)));
  const extremes = [vix, moves, moves.map((move) => -move), volume].flatMap((values) => largestRows(values));
  const rows = [...spread, ...extremes.flatMap((row) => [row - 1, row])];
  return [...new Set(rows)].filter((row) => row >= 0 && row <= last);
}

function largestRows(values: Float64Array): number[] {
  const known = [...values.keys()].filter((row) => !Number.isNaN(values[row]!));
  return known.sort((a, b) => values[b]! - values[a]!).slice(0, SESSIONS_EXTREME);
}
