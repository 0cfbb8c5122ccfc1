// All parts, each in a process of its own, into one table: node bench/run.ts [PART …] [--small] [--out FOLDER]
//
// Parts that are named are measured again, and the others keep what the last run found: the table says when each was.
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {cpus, loadavg, tmpdir, totalmem} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {$} from "zx";
import {type Part, tableOf} from "./report.ts";

/** In this order: the last ones use the lake and the site that `pipeline` leaves. */
const PARTS = [
  "boosting",
  "million",
  "agreement",
  "shap",
  "walkforward",
  "garch",
  "lake",
  "pipeline",
  "dashboard",
];
/** Not in the small run. SOAK_MINUTES says for how long the server is loaded at last. */
const OTHERS = ["statistics", "server"];

interface Measured extends Partial<Part> {
  readonly at: string; // ISO time
  readonly machine: string;
  readonly seconds: number;
  /** Processes that wanted a processor at the end, the mean of a minute; quiet is as many as the part has threads. */
  readonly load: number;
  readonly command: string;
  readonly text?: string; // of a part without a table
}

const {values, positionals} = parseArgs({
  options: {small: {type: "boolean", default: false}, out: {type: "string", default: "bench"}},
  allowPositionals: true,
});
const known = [...PARTS, ...(values.small ? [] : OTHERS)];
const chosen = positionals.length > 0 ? positionals : known;
const unknown = chosen.find((part) => !known.includes(part));
if (unknown) throw new Error(`Cannot measure ${unknown}: the parts are ${known.join(", ")}`);

mkdirSync(values.out, {recursive: true});
const file = join(values.out, "results.json");
let results = readResults();
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
try {
  for (const part of chosen) {
    console.log(`bench/${part}.ts …`);
    const measured = await measure(part);
    results = {...readResults(), [part]: measured}; // another run may have written meanwhile
    writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}
const page = pageOf(known.filter((part) => results[part]));
writeFileSync(join(values.out, "results.md"), page);
console.log(page);

function readResults(): Record<string, Measured> {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

async function measure(part: string): Promise<Measured> {
  const started = performance.now();
  const [script, json] = [`bench/${part}.ts`, join(folder, `${part}.json`)];
  const arguments_ = OTHERS.includes(part)
    ? part === "server"
      ? ["--seconds", "16", "--json", json]
      : []
    : ["--json", json, ...(values.small ? ["--small"] : [])];
  const lake = join(folder, "lake");
  const {stdout} = await $({
    env: {
      ...process.env,
      BENCH_FOLDER: folder,
      ...(existsSync(join(folder, "site")) && {SITE_DIR: join(folder, "site")}),
      ...(part === "server" && existsSync(lake) && {DATA_DIR: lake}),
    },
  })`${process.execPath} ${script} ${arguments_}`;
  const found = existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as Part) : {text: stdout.trim()};
  return {
    at: new Date().toISOString(),
    machine,
    seconds: Math.round((performance.now() - started) / 1000),
    load: loadavg()[0]!,
    command: `node ${script}${values.small ? " --small" : ""}`,
    ...found,
  };
}

function pageOf(parts: readonly string[]): string {
  const tables = parts.filter((part) => results[part]!.rows);
  const rows = tables.flatMap((part) => results[part]!.rows!);
  const missed = rows.filter(({met}) => met === false).length;
  const sections = parts.flatMap((part) => {
    const {command, notes = [], text, at, seconds, load, machine: on} = results[part]!;
    return [
      `## ${part}`,
      `\`${command}\`, ${at.slice(0, 16)}Z, ${seconds} s, load ${load.toFixed(1)}, on ${on}.`,
      ...notes,
      ...(text ? [text] : []),
    ];
  });
  return `${[
    "# Benchmarks",
    `Made by \`make bench\`. Where there is a peer, both ran in turn on the same machine: quote the ratio, the median of the rounds. \`SOAK_MINUTES=10 DATA_DIR=… make bench\` loads the server of a lake for ten minutes. Goals of ${rows.filter(({goal}) => goal).length} rows; not met: ${missed}.`,
    tableOf(rows),
    ...sections,
  ].join("\n\n")}\n`;
}
