// How long does a GARCH fit take, beside fGarch, and how long a thousand warm refits? node bench/garch.ts [rounds]
//
// Both fit the same simulated returns, in turn, so that a busy machine slows both; the medians' ratio is the
// figure to quote. A fit includes its standard errors on both sides: fGarch always computes them.

import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fitGarch, type GarchFit} from "../src/models/garch/fitGarch.ts";
import {simulateGarch} from "../src/models/garch/simulateGarch.ts";
import {garchStandardErrors} from "../src/models/garch/standardErrors.ts";
import {createRandom} from "../src/random.ts";

const LENGTH = 5000;
const REFITS = 1000;
const FITS = 21; // a round: one alone is shorter than an interruption
const parameters = {mu: 0.05, omega: 0.02, alpha: 0.03, gamma: 0.12, beta: 0.89, nu: 8};
const {returns: all} = simulateGarch({variance: "gjr"}, parameters, {
  length: LENGTH + REFITS,
  random: createRandom(1),
});
const returns = all.slice(0, LENGTH);

/** Names as bench/garch.R has them; a dash where it has none: fGarch has no egarch. */
const models = {
  garch: {variance: "garch"},
  gjr: {variance: "gjr"},
  egarch: {variance: "egarch"},
  "garch, Student t": {variance: "garch", innovations: "student"},
  "gjr, Student t": {variance: "gjr", innovations: "student"},
  "egarch, Student t": {variance: "egarch", innovations: "student"},
} as const;
type Name = keyof typeof models;
const names = Object.keys(models) as Name[];

const hasFGarch = spawnSync("Rscript", ["-e", "library(fGarch)"]).status === 0;
const rounds = Number(process.argv[2] ?? 5);
const times = {
  fit: new Map(names.map((name) => [name, [] as number[]])),
  refits: new Map(names.map((name) => [name, [] as number[]])),
  fGarch: new Map(names.map((name) => [name, [] as number[]])),
};
const evaluations = new Map<Name, number>();
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
try {
  const file = join(folder, "returns.txt");
  writeFileSync(file, returns.join("\n"));
  for (let round = -1; round < rounds; round++) measure(file, round >= 0); // the first warms the compiler up
} finally {
  rmSync(folder, {recursive: true});
}

console.log(
  `${LENGTH} simulated returns, medians of ${rounds} rounds in turn, one thread, Node ${process.version}\n`,
);
console.log(
  `| model | fit with standard errors, ms | fGarch ms | ratio | ${REFITS} warm refits, s | evaluations a refit |\n|---|---:|---:|---:|---:|---:|`,
);
for (const name of names) {
  const mine = median(times.fit.get(name)!);
  const other = median(times.fGarch.get(name)!);
  const cells = [
    mine.toFixed(2),
    Number.isNaN(other) ? "-" : other.toFixed(0),
    Number.isNaN(other) ? "-" : (mine / other).toFixed(4),
    (median(times.refits.get(name)!) / 1000).toFixed(2),
    (evaluations.get(name)! / REFITS).toFixed(1),
  ];
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
console.log(
  hasFGarch
    ? "\nfGarch has no EGARCH, and takes half a minute for GJR with Student's t."
    : "\nfGarch was not measured: Rscript cannot load it (Debian: r-cran-fgarch).",
);

function measure(file: string, counts: boolean): void {
  for (const name of names) {
    const fits = Array.from({length: FITS}, () =>
      timed(() => garchStandardErrors(fitGarch(returns, models[name]), returns)),
    );
    const refitted = timed(() => refit(name));
    if (!counts) continue;
    times.fit.get(name)!.push(median(fits));
    times.refits.get(name)!.push(refitted);
  }
  if (!hasFGarch || !counts) return;
  for (const [name, time] of Object.entries(timeFGarch(file))) times.fGarch.get(name as Name)!.push(time);
}

// The window moves on by a session a refit; each starts from the one before.
function refit(name: Name): void {
  let start: GarchFit = fitGarch(returns, models[name]);
  let count = 0;
  for (let first = 1; first <= REFITS; first++) {
    start = fitGarch(all.subarray(first, first + LENGTH), {...models[name], start});
    count += start.convergence.evaluations;
    if (!start.convergence.converged) throw new Error(`Refit ${first} of ${name} did not converge`);
  }
  evaluations.set(name, count);
}

function timeFGarch(file: string): Record<string, number> {
  const script = new URL("garch.R", import.meta.url).pathname;
  const {status, stdout, stderr} = spawnSync("Rscript", [script, file], {encoding: "utf8"});
  if (status !== 0) throw new Error(`Cannot time fGarch: ${stderr}`);
  return JSON.parse(stdout) as Record<string, number>;
}

function timed(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
