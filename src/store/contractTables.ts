// What do the contracts say, as pages? The documentation's tables are made of them.
import {datasets} from "./datasets.ts";

/** One section a dataset: what it holds, its key, its columns with types and ranges, as Markdown. */
export function contractsMarkdown(): string {
  return datasets
    .map(({dataset, description, key, partition, mode, schemaVersion, columns}) => {
      const files = partition === "date" ? "one file a day, `date=YYYY-MM-DD/`" : "one file a commit";
      const rows = columns.map((column) => {
        const range = rangeText(column.minimum, column.maximum);
        const nulls = column.optional ? "or absent" : column.nullable ? "or NULL" : "";
        return `| ${column.name} | ${[column.type, nulls].filter(Boolean).join(" ")} | ${range} | ${column.description.replaceAll("|", "\\|")} |`;
      });
      return [
        `### ${dataset}`,
        "",
        `${description}. Key: ${key.join(", ")}. ${mode === "append" ? "Rows accumulate" : "Each commit is the whole dataset"}; ${files}; schema version ${schemaVersion}.`,
        "",
        "| column | type | range | meaning |",
        "|---|---|---|---|",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}

function rangeText(minimum = -Infinity, maximum = Infinity): string {
  if (minimum === Number.MIN_VALUE) return maximum === Infinity ? "above 0" : `above 0, at most ${maximum}`;
  if (minimum === -Infinity && maximum === Infinity) return "";
  if (maximum === Infinity) return `${minimum} or more`;
  return minimum === -Infinity ? `at most ${maximum}` : `${minimum} to ${maximum}`;
}
