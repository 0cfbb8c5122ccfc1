// What was proved not to look ahead, and is the proof of these data and this code?

import type {Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {isoDate} from "../units.ts";

/** A subject of the certificate: a row of the dataset of that name. */
export interface CertificateRow {
  readonly kind: string;
  readonly name: string;
  readonly horizon: number | null;
  readonly claim: string;
  readonly passed: number;
  readonly futures: readonly string[];
  readonly changes: number;
  readonly rows: number;
  readonly cells: number;
  readonly moved: number;
  readonly violations: number;
  readonly first_violation: string;
  readonly first_date: string;
  readonly sha256: string;
}

export interface KindSummary {
  readonly kind: string;
  readonly claim: string;
  readonly subjects: number;
  readonly passed: number;
  readonly changes: number;
  readonly cells: number;
  readonly moved: number;
  readonly violations: number;
}

export interface CertificateSummary {
  readonly sentences: readonly string[];
  readonly present: boolean;
  /** Whether it is of the data, code and configuration of this site. */
  readonly current: boolean;
  /** What it was made of that is now another: names of datasets, code, configuration, as_of. */
  readonly outdated: readonly string[];
  readonly made: string; // ISO time
  readonly subjects: number;
  readonly passed: number;
  readonly changes: number;
  readonly cells: number;
  readonly futures: readonly string[];
  readonly kinds: readonly KindSummary[];
  readonly rows: readonly CertificateRow[];
}

/**
 * The certificate for readers.
 *
 * @param options.inputs what it was made of, by name, and what it would be made of now
 */
export function summarizeCertificate(
  certificate: Table,
  {
    inputs: {before, now},
    made,
  }: {
    readonly inputs: {
      readonly before: Readonly<Record<string, string>>;
      readonly now: Readonly<Record<string, string>>;
    };
    readonly made: string; // ISO time
  },
): CertificateSummary {
  const rows = tableRows(certificate).map((row) => ({
    ...(row as unknown as CertificateRow),
    horizon: (row.horizon as number) > 0 ? (row.horizon as number) : null,
    first_date: (row.first_date as number) > 0 ? isoDate(row.first_date as number) : "",
  }));
  const present = rows.length > 0;
  const outdated = present ? Object.keys(now).filter((name) => before[name] !== now[name]) : [];
  const passed = rows.filter((row) => row.passed === 1).length;
  const total = (name: "changes" | "cells" | "moved" | "violations", own = rows) =>
    own.reduce((sum, row) => sum + row[name], 0);
  return {
    sentences: sentencesOf({present, outdated, failed: rows.length - passed}),
    present,
    current: present && outdated.length === 0,
    outdated,
    made,
    subjects: rows.length,
    passed,
    changes: rows.reduce((most, {changes}) => Math.max(most, changes), 0),
    cells: total("cells"),
    futures: [...new Set(rows.flatMap(({futures}) => futures))].sort(),
    kinds: [...Map.groupBy(rows, ({kind}) => kind)].map(([kind, own]) => ({
      kind,
      claim: own[0]!.claim,
      subjects: own.length,
      passed: own.filter((row) => row.passed === 1).length,
      changes: total("changes", own),
      cells: total("cells", own),
      moved: total("moved", own),
      violations: total("violations", own),
    })),
    rows,
  };
}

function sentencesOf({
  present,
  outdated,
  failed,
}: {
  readonly present: boolean;
  readonly outdated: readonly string[];
  readonly failed: number;
}): string[] {
  if (!present)
    return [
      "This site has no certificate: nothing on it was tried on changed futures. Run `make prove`, then `make report`.",
    ];
  const verdict =
    failed === 0
      ? "Nothing looks ahead: {{certificate.subjects|count}} features, labels, folds, fits, forecasts and datasets stayed the same to the last bit while the bars after them were replaced, up to {{certificate.changes|count}} times each."
      : `${failed === 1 ? "One subject looks" : "Some subjects look"} ahead: {{certificate.passed|count}} of {{certificate.subjects|count}} stayed the same while the bars after them were replaced.`;
  const age =
    outdated.length === 0
      ? "The certificate is of the data, the code and the configuration that made this site."
      : `The certificate is older than this site: since it was made, ${listed(outdated)} changed; \`make prove\` renews it.`;
  return [verdict, age];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
