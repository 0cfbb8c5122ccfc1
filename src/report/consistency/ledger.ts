// Which relations between published numbers were looked at, and which do not hold?

import {isoDate} from "../../units.ts";

/** Two published numbers that cannot both be right. */
export interface Inconsistency {
  readonly dataset: string;
  /** The row's key, or what stands for it. */
  readonly row: string;
  /** What is published and what it would have to be. */
  readonly text: string;
}

/** A relation: `what` is `found`, but should be `expected`; `because` says of what it follows. */
export interface Relation {
  readonly row: string;
  readonly what: string;
  readonly found: number;
  readonly expected: number;
  readonly because: string;
  /** Relative to the larger of the two and 1e-3 of 1: sums of doubles in another order differ by less than 1e-9. */
  readonly tolerance?: number;
}

export interface Ledger {
  readonly inconsistencies: readonly Inconsistency[];
  /** Relations looked at. */
  readonly checked: number;
  /** Two numbers that must be one. Nothing is known where the expected one is not. */
  equal(relation: Relation): void;
  /** A number that must not exceed another; nothing is known where either is missing. */
  atMost(relation: Relation): void;
  /** Anything else that is true or not. */
  hold(row: string, holds: boolean, text: string): void;
}

const TOLERANCE = 1e-9;
const SMALLEST_SCALE = 1e-3;

/** A ledger of one dataset's relations. */
export function openLedger(dataset: string): Ledger {
  const inconsistencies: Inconsistency[] = [];
  let checked = 0;
  const judge = (row: string, holds: boolean, text: () => string): void => {
    checked++;
    if (!holds) inconsistencies.push({dataset, row, text: text()});
  };
  const slack = ({found, expected, tolerance = TOLERANCE}: Relation): number =>
    tolerance * Math.max(Math.abs(found), Math.abs(expected), SMALLEST_SCALE);
  return {
    inconsistencies,
    get checked() {
      return checked;
    },
    equal(relation) {
      const {row, what, found, expected, because} = relation;
      if (Number.isNaN(expected)) return;
      const holds = found === expected || Math.abs(found - expected) <= slack(relation);
      judge(row, holds, () => `${what} is ${found}, but ${because} is ${expected}`);
    },
    atMost(relation) {
      const {row, what, found, expected, because} = relation;
      if (Number.isNaN(expected) || Number.isNaN(found)) return;
      judge(
        row,
        found <= expected + slack(relation),
        () => `${what} is ${found}, above ${because}, ${expected}`,
      );
    },
    hold: (row, holds, text) => judge(row, holds, () => text),
  };
}

/** The key of a row in words: dates as YYYY-MM-DD, what is missing left out. */
export function rowName(row: Readonly<Record<string, unknown>>, key: readonly string[]): string {
  return key
    .map((name) => (name === "date" ? isoDate(row[name] as number) : row[name]))
    .filter((value) => value !== null && value !== undefined && value !== "")
    .join(" ");
}
