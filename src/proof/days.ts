// After which days are the bars changed? Every edge where a leak would hide, and a sample of the rest.

import {createRandom} from "../random.ts";
import {civilFromDays} from "../units.ts";

/** A row whose future is changed: in every way there is, or in a few. */
export interface ProofDay {
  readonly row: number;
  readonly thorough: boolean;
}

/**
 * The rows after which bars are changed. Thoroughly: the first and last rows, `edges` with the row before each,
 * and a seeded sample. Otherwise: the last session of each month, `refits`, and the sessions that `isHalfDay`
 * says close early.
 *
 * @param sessions days since 1970-01-01
 * @param options.edges rows where something begins: a series, a feature's first value
 * @param options.refits rows after whose close a model is fitted
 * @param options.sample how many other rows are drawn
 * @returns rows that others follow, increasing, each once
 */
export function proofDays(
  sessions: Int32Array,
  {
    edges,
    refits,
    isHalfDay,
    sample,
    seed,
  }: {
    readonly edges: readonly number[];
    readonly refits: readonly number[];
    readonly isHalfDay: (session: number) => boolean;
    readonly sample: number;
    readonly seed: number;
  },
): ProofDay[] {
  const last = sessions.length - 2; // the last row that another follows
  const random = createRandom(seed);
  const drawn = Array.from({length: sample}, () => random.integer(Math.max(1, last + 1)));
  const thorough = new Set([
    0,
    1,
    2,
    last - 2,
    last - 1,
    last,
    ...edges.flatMap((row) => [row - 1, row]),
    ...drawn,
  ]);
  const rows = Array.from(sessions.keys());
  const brief = [...refits, ...rows.filter((row) => endsMonth(sessions, row) || isHalfDay(sessions[row]!))];
  return [...new Set([...thorough, ...brief])]
    .filter((row) => row >= 0 && row <= last)
    .sort((a, b) => a - b)
    .map((row) => ({row, thorough: thorough.has(row)}));
}

function endsMonth(sessions: Int32Array, row: number): boolean {
  const next = sessions[row + 1];
  return next !== undefined && civilFromDays(sessions[row]!).month !== civilFromDays(next).month;
}
