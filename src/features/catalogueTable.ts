// How is the catalogue read by a person?

import {catalogue} from "./catalogue.ts";
import {type Feature, isDerived} from "./feature.ts";

const GROUPS: Readonly<Record<Feature["group"], string>> = {
  documents: "The features the requirements name",
  session: "The session and its predecessors",
  variance: "Variances of the past, by estimator",
  regression: "What the regression takes",
  ratios: "Ratios, which stay in range in a crisis",
  calendar: "The calendar ahead",
};

/** The catalogue as Markdown: a heading and a table for each group, in the catalogue's order. */
export function catalogueMarkdown(entries: readonly Feature[] = catalogue): string {
  return (Object.keys(GROUPS) as Feature["group"][])
    .map((group) =>
      section(
        GROUPS[group],
        entries.filter((entry) => entry.group === group),
      ),
    )
    .join("\n");
}

function section(title: string, entries: readonly Feature[]): string {
  const lines = entries.map(
    ({name, unit, lookback, formula, source, ...entry}) =>
      `| \`${name}\` | ${unit} | ${lookback ?? "all"} | \`${formula}\` | ${
        isDerived(entry as Feature) ? "row" : "market"
      } | ${source}${entry.optional ? `; optional: ${entry.optional}` : ""} |`,
  );
  return `### ${title}

| name | unit | look-back | formula | from | source |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}
