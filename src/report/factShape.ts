// What is a fact of the pages, and what is said of where it comes from?

import type {ReportSummary} from "./summaryShape.ts";

/** What pages say is made of: the summary's fields, and beside them those of the other files under their names. */
export type Facts = ReportSummary & Readonly<Record<string, unknown>>;

export interface FactSource {
  /** What the number is, in words. */
  readonly title: string;
  /** Names of datasets, in docs/data.md. */
  readonly datasets: readonly string[];
  /** The function that made it. */
  readonly by: string;
  /** One SELECT over the lake's datasets whose only value is the number; where SQL can say it. */
  readonly sql?: string;
}

export interface SourceRule {
  readonly path: RegExp;
  /** Nothing where the path matches but is of another kind. */
  readonly source: (match: readonly string[], facts: Facts) => FactSource;
}
