// What does a part of the benchmark say? Rows of the one table, with their goals, and what else it measured.
import {writeFileSync} from "node:fs";
import {parseArgs} from "node:util";

export interface Row {
  readonly what: string;
  readonly ours: string;
  /** The other's figure and name; "-" where there is none. */
  readonly peer?: string;
  /** Ours over the peer's: the median of the rounds. */
  readonly ratio?: number;
  /** The least and the greatest of the rounds. */
  readonly range?: readonly [number, number];
  /** The same of processor time, which a busy machine distorts less. */
  readonly cpuRatio?: number;
  readonly goal?: string;
  /** Absent where there is no goal, or nothing to hold it against. */
  readonly met?: boolean;
  /** It does not depend on the machine: a test asserts it. */
  readonly correctness?: boolean;
}

export interface Part {
  readonly rows: readonly Row[];
  /** Markdown below the table: versions, what is absent, tables without goals. */
  readonly notes: readonly string[];
}

/** Arguments that every part takes: `--small` for sizes of a test, `--json FILE` for the table of all parts. */
export function readArguments(): {small: boolean; json: string | undefined; words: string[]} {
  const {values, positionals} = parseArgs({
    options: {small: {type: "boolean", default: false}, json: {type: "string"}},
    allowPositionals: true,
  });
  return {small: values.small, json: values.json, words: positionals};
}

/** Prints a part, and writes it where it was asked to. */
export function finish(part: Part, json: string | undefined): void {
  console.log([tableOf(part.rows), ...part.notes].join("\n\n"));
  if (json) writeFileSync(json, JSON.stringify(part));
}

export function tableOf(rows: readonly Row[]): string {
  return [
    "| what | here | beside it | ratio | range of rounds | ratio of processor time | goal | |",
    "|---|---:|---:|---:|---:|---:|---|---|",
    ...rows.map((row) => {
      const {what, ours, peer = "-", ratio, range, cpuRatio, goal = "-", met} = row;
      const cells = [
        what,
        ours,
        peer,
        decimals(ratio),
        range ? `${decimals(range[0])} to ${decimals(range[1])}` : "-",
        decimals(cpuRatio),
        goal,
        met === undefined ? (goal === "-" ? "" : "not measured") : met ? "met" : "**not met**",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

function decimals(ratio: number | undefined): string {
  if (ratio === undefined || Number.isNaN(ratio)) return "-";
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2);
}
