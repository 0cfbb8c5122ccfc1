// Which forecasts does the lake keep, a page at a time, the newest first?

import {lowerBound} from "../frame.ts";
import {integers, numbers, type Table, texts} from "../store/table.ts";
import {isoDate, sessionDate} from "../units.ts";
import {Problem} from "./problem.ts";
import {PageQuery, type StoredPrediction} from "./schemas.ts";
import {shapeOf} from "./shape.ts";

export interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly from?: string;
  readonly to?: string;
}

export interface PredictionsPage {
  readonly total: number; // in the span, whatever the page
  readonly predictions: readonly StoredPrediction[];
}

const requirePage: (value: unknown) => asserts value is Page = shapeOf<Page>(PageQuery);
const DEFAULTS = {limit: 100, offset: 0};

/**
 * The page that a query string asks for.
 *
 * @throws {Problem} naming the parameter
 */
export function parsePage(query: Readonly<Record<string, unknown>>): Page {
  const page: unknown = {
    ...DEFAULTS,
    ...Object.fromEntries(Object.entries(query).map(([name, value]) => [name, wholeNumber(value)])),
  };
  requirePage(page);
  for (const name of ["from", "to"] as const) {
    try {
      if (page[name] !== undefined) sessionDate(page[name]);
    } catch (error) {
      throw new Problem("invalid-request", {
        field: name,
        detail: (error as Error).message,
        remedy: "Send a day such as 2023-12-29",
      });
    }
  }
  if (page.from !== undefined && page.to !== undefined && page.from > page.to) {
    throw new Problem("invalid-request", {
      field: "from",
      detail: `from must not lie after to, current values are ${page.from} and ${page.to}`,
      remedy: "Exchange the two",
    });
  }
  return page;
}

/** Rows of predictions_daily from the newest back. */
export function predictionsPage(table: Table, {limit, offset, from, to}: Page): PredictionsPage {
  const dates = integers(table, "date");
  const start = from === undefined ? 0 : lowerBound(dates, sessionDate(from));
  const end = to === undefined ? dates.length : lowerBound(dates, sessionDate(to) + 1);
  const total = Math.max(0, end - start);
  const count = Math.max(0, Math.min(limit, total - offset));
  return {
    total,
    predictions: Array.from({length: count}, (_, i) => storedPrediction(table, end - 1 - offset - i)),
  };
}

function storedPrediction(table: Table, row: number): StoredPrediction {
  const known = (name: string): number | null => {
    const value = numbers(table, name)[row]!;
    return Number.isNaN(value) ? null : value;
  };
  const drivers = table.columns.top_drivers as readonly (readonly string[])[];
  return {
    date: isoDate(integers(table, "date")[row]!),
    rv_5d_hat: known("rv_5d_hat")!,
    top_drivers: [...drivers[row]!],
    rv_1d_hat: known("rv_1d_hat"),
    rv_22d_hat: known("rv_22d_hat"),
    rv_5d_lo: known("rv_5d_lo"),
    rv_5d_hi: known("rv_5d_hi"),
    rv_1d_lo: known("rv_1d_lo"),
    rv_1d_hi: known("rv_1d_hi"),
    rv_22d_lo: known("rv_22d_lo"),
    rv_22d_hi: known("rv_22d_hi"),
    interval_coverage: known("interval_coverage"),
    model_version: texts(table, "model_version")[row]!,
    trained_through: isoDate(integers(table, "trained_through")[row]!),
    kind: texts(table, "kind")[row]!,
  };
}

// A query string holds texts: digits alone become a number, anything else is for the schema to refuse.
function wholeNumber(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
}
