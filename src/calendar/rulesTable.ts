// What does the calendar's documentation say? The rules themselves, as Markdown, so that page and code cannot differ.

import {isoDate} from "../units.ts";
import {EARLY_CLOSES, SPECIAL_EARLY_CLOSES} from "./earlyCloses.ts";
import {HOLIDAYS, SPECIAL_CLOSURES} from "./holidays.ts";

const OBSERVED = {
  nearest: "Saturday: Friday before; Sunday: Monday after",
  monday: "Saturday: not kept; Sunday: Monday after",
  fixed: "always a weekday",
};

/** Holidays, special closures and half days as three Markdown tables. */
export function rulesTable(): string {
  return [
    "| closed | when | since | on a weekend | source |",
    "|---|---|---|---|---|",
    ...HOLIDAYS.map((rule) =>
      row(rule.name, rule.when, String(rule.from), OBSERVED[rule.observed], rule.source),
    ),
    "",
    "| closed once | days | source |",
    "|---|---|---|",
    ...SPECIAL_CLOSURES.map(({name, days, source}) => row(name, days.map(isoDate).join(", "), source)),
    "",
    "| closes at 13:00 | when | years | source |",
    "|---|---|---|---|",
    ...EARLY_CLOSES.map((rule) =>
      row(rule.name, rule.when, `${rule.from}-${rule.until ?? "2030"}`, rule.source),
    ),
    ...SPECIAL_EARLY_CLOSES.map(({name, day, source}) =>
      row(name, isoDate(day), isoDate(day).slice(0, 4), source),
    ),
  ].join("\n");
}

function row(...cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}
