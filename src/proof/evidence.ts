// What was compared with what, and what moved that should not have?

export const SUBJECT_KINDS = ["dataset", "feature", "label", "fold", "fit", "forecast", "vintage"] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Something moved that must not, or stayed that must move. */
export interface Violation {
  /** The session of the value (days since 1970-01-01). */
  readonly session: number;
  /** What was changed and what became of the value. */
  readonly text: string;
}

/** What is known of one subject after some of its values were derived again from changed bars. */
export interface Evidence {
  readonly kind: SubjectKind;
  readonly name: string;
  /** Sessions ahead; null for what is tied to no horizon. */
  readonly horizon: number | null;
  /** How the bars were changed, in words. */
  readonly futures: readonly string[];
  /** Changes tried: pairs of a day and a way to change what came after it. */
  readonly changes: number;
  /** The largest number of rows that one change left to be compared. */
  readonly rows: number;
  /** Values compared, over all changes. */
  readonly cells: number;
  /** Values that may depend on the changed bars and moved: the change was a change. */
  readonly moved: number;
  readonly violations: number;
  /** The earliest violation. */
  readonly first: Violation | null;
}

/** Evidence of one change to the future. */
export function evidence(
  subject: Pick<Evidence, "kind" | "name" | "horizon">,
  {
    future,
    rows,
    cells,
    moved,
    violation,
  }: {
    readonly future: string;
    readonly rows: number;
    readonly cells: number;
    readonly moved: number;
    readonly violation: Violation | null;
  },
): Evidence {
  const violations = violation ? 1 : 0;
  return {...subject, futures: [future], changes: 1, rows, cells, moved, violations, first: violation};
}

/** All evidence of each subject as one, in the order of kinds, names and horizons. */
export function mergeEvidence(found: readonly Evidence[]): Evidence[] {
  const subjects = Map.groupBy(found, ({kind, name, horizon}) => `${kind} ${name} ${horizon}`);
  return [...subjects.values()].map((parts) => parts.reduce(merge)).sort(bySubject);
}

/** Whether the evidence clears its subject: something was compared, and nothing is amiss. */
export function isCleared({cells, violations}: Evidence): boolean {
  return violations === 0 && cells > 0;
}

function merge(a: Evidence, b: Evidence): Evidence {
  return {
    ...a,
    futures: [...new Set([...a.futures, ...b.futures])].sort(),
    changes: a.changes + b.changes,
    rows: Math.max(a.rows, b.rows),
    cells: a.cells + b.cells,
    moved: a.moved + b.moved,
    violations: a.violations + b.violations,
    first: earlier(a.first, b.first),
  };
}

// Ties go to the text, so that the order of threads is not seen.
function earlier(a: Violation | null, b: Violation | null): Violation | null {
  if (!a || !b) return a ?? b;
  if (a.session !== b.session) return a.session < b.session ? a : b;
  return a.text <= b.text ? a : b;
}

function bySubject(a: Evidence, b: Evidence): number {
  const kinds = SUBJECT_KINDS.indexOf(a.kind) - SUBJECT_KINDS.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return (a.horizon ?? 0) - (b.horizon ?? 0);
}
