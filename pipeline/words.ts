// What does a stage's report say to a person?
import type {StageReport} from "./stage.ts";

/** One line: what changed and how long it took. */
export function wordsOf({skipped, seconds, written, facts}: StageReport): string {
  if (skipped) return "up to date";
  const changes = written.map(
    ({dataset, rows, added, revised}) =>
      `${dataset} ${rows.toLocaleString("en-US")} rows${added + revised > 0 ? ` (${added} new, ${revised} revised)` : ""}`,
  );
  const own = typeof facts.summary === "string" ? [facts.summary] : [];
  return `${[...own, ...changes].join("; ") || "done"} in ${seconds.toFixed(1)} s`;
}
