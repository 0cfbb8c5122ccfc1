// What does a person see of the registry? Tables for a terminal.
import type {HistoryRecord} from "../src/registry/history.ts";
import type {ListedVersion} from "./models.ts";

/** Versions, a line each. */
export function versionsTable(versions: readonly ListedVersion[]): string {
  if (versions.length === 0) return "No model is registered: run make train";
  return table(
    ["name", "version", "stage", "model", "trained through", "registered", "QLIKE"],
    versions.map(({name, version, stage, model, trained_through, created_at, metrics}) => [
      name,
      version,
      stage,
      model,
      trained_through,
      minute(created_at),
      figure(metrics.qlike),
    ]),
  );
}

/** All that is recorded of a version. */
export function versionText(shown: ListedVersion & {readonly decisions: readonly HistoryRecord[]}): string {
  const {name, version, stage, model, symbol, horizon, parents, metrics, gates, hashes, decisions} = shown;
  const facts = [
    ["model", `${model} of ${symbol} at ${horizon} sessions`],
    ["trained", `${shown.trained_from} to ${shown.trained_through}`],
    ["registered", `${minute(shown.created_at)} by ${shown.by}, run ${shown.run}`],
    ...parents.map((part) => [
      "parent",
      `${part.model} trained through ${part.trained_through}, weight ${part.weight}`,
    ]),
    ...Object.entries(hashes).map(([what, hash]) => [`hash ${what}`, hash]),
  ];
  return [
    `${name} ${version}: ${stage}`,
    "",
    columns(facts),
    "",
    table(
      ["metric", "value"],
      Object.entries(metrics).map(([metric, value]) => [metric, figure(value)]),
    ),
    "",
    table(
      ["gate", "value", "asked", ""],
      gates.map((gate) => [gate.name, figure(gate.value), String(gate.threshold), verdict(gate)]),
    ),
    ...(decisions.length > 0 ? ["", historyTable(decisions)] : []),
  ].join("\n");
}

/** Records, a line each, the oldest first. */
export function historyTable(records: readonly HistoryRecord[]): string {
  return table(
    ["", "when", "what", "version", "by", "why"],
    records.map((record) => [
      String(record.sequence),
      minute(record.created_at),
      record.event.replace("_", " "),
      record.version,
      record.by,
      record.event === "registered" ? `run ${record.run}` : record.reason,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = columns([head, ...rows]).split("\n");
  return [lines[0]!, lines[0]!.replace(/./g, "-"), ...lines.slice(1)].join("\n");
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, j) => cell.padEnd(widths[j]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function verdict({passed, blocking, judged = true}: ListedVersion["gates"][number]): string {
  if (!judged) return "not judged";
  return `${passed ? "passed" : "not passed"}${blocking ? "" : ", informs"}`;
}

function figure(value: number | null | undefined): string {
  if (typeof value !== "number") return "";
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`;
}
