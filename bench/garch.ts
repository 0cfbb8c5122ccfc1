// How long does a GARCH fit take, beside fGarch, and how long a thousand warm refits? node bench/garch.ts [rounds] [--small]
//
// Both fit the same simulated returns. A fit includes its standard errors on both sides: fGarch always computes them.

import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fitGarch, type GarchFit} from "../src/models/garch/fitGarch.ts";
import {simulateGarch} from "../src/models/garch/simulateGarch.ts";
import {garchStandardErrors} from "../src/models/garch/standardErrors.ts";
import {createRandom} from "../src/random.ts";
import {median, outcomeOf, type Times, timed} from "./inTurn.ts";
import {finish, type Row, readArguments} from "./report.ts";

const {small, json, words} = readArguments();
const LENGTH = 5000;
const REFITS = small ? 10 : 1000;
const FITS = small ? 1 : 21; // a round: one alone is shorter than an interruption
const rounds = Number(words[0] ?? (small ? 1 : 3));
const parameters = {mu: 0.05, omega: 0.02, alpha: 0.03, gamma: 0.12, beta: 0.89, nu: 8};
const {returns: all} = simulateGarch({variance: "gjr"}, parameters, {
  length: LENGTH + REFITS,
  random: createRandom(1),
});
const returns = all.slice(0, LENGTH);

/** Names as bench/garch.R has them, where fGarch has the model and fits it in less than half a minute. */
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
type Peer = Partial<Record<Name, Times & {readonly logLikelihood: number}>>;

const hasFGarch = spawnSync("Rscript", ["-e", "library(fGarch)"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const file = join(folder, "returns.txt");
const fits = new Map(names.map((name) => [name, [] as Times[]]));
const refits = new Map(names.map((name) => [name, [] as Times[]]));
const peers: Peer[] = [];
try {
  writeFileSync(file, returns.join("\n"));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const own = Array.from({length: FITS}, () =>
        timed(() => garchStandardErrors(fitGarch(returns, models[name]), returns)),
      );
      const refitted = timed(() => refit(name));
      if (round < 0) continue; // the first warms the compiler up
      fits.get(name)!.push({wall: median(own.map((t) => t.wall)), cpu: median(own.map((t) => t.cpu))});
      refits.get(name)!.push(refitted);
    }
    if (hasFGarch && round >= 0) peers.push(askFGarch());
  }
} finally {
  rmSync(folder, {recursive: true});
}
const rows = names.flatMap((name) => rowsOf(name));
finish(
  {
    rows,
    notes: [
      `${rounds} rounds in turn, one thread. ` +
        (hasFGarch
          ? "fGarch has no EGARCH, takes half a minute for GJR with Student's t, and begins the recursion of its asymmetric model otherwise, so that the likelihoods of GJR are of different data."
          : "fGarch was not measured: Rscript cannot load it (Debian: r-cran-fgarch)."),
    ],
  },
  json,
);

function rowsOf(name: Name): Row[] {
  const theirs = peers.flatMap((peer) => (peer[name] ? [peer[name]] : []));
  const {ours, theirs: other, ...ratios} = outcomeOf(fits.get(name)!, theirs);
  const seconds = median(refits.get(name)!.map(({cpu}) => cpu)) / 1000;
  const rows: Row[] = [
    {
      what: `${name}: ${REFITS} warm refits, ${LENGTH} returns, processor time`,
      ours: `${seconds.toFixed(2)} s`,
      goal: "<= 0.5 s",
      met: seconds <= 0.5,
    },
    {
      what: `${name}: fit with standard errors`,
      ours: `${ours.wall.toFixed(1)} ms`,
      ...(other && {peer: `${other.wall.toFixed(0)} ms fGarch`, ...ratios}),
    },
  ];
  if (name === "garch" || name === "garch, Student t") rows.push(likelihood(name, theirs[0]?.logLikelihood));
  return rows;
}

function likelihood(name: Name, theirs: number | undefined): Row {
  const ours = fitGarch(returns, models[name]).logLikelihood;
  const row = {what: `${name}: log-likelihood`, ours: ours.toFixed(4), goal: "at most 1e-3 below fGarch's"};
  if (theirs === undefined) return row;
  return {...row, peer: `${theirs.toFixed(4)} fGarch`, met: ours >= theirs - 1e-3, correctness: true};
}

// The window moves on by a session a refit; each starts from the one before.
function refit(name: Name): void {
  let start: GarchFit = fitGarch(returns, models[name]);
  for (let first = 1; first <= REFITS; first++) {
    start = fitGarch(all.subarray(first, first + LENGTH), {...models[name], start});
    if (!start.convergence.converged) throw new Error(`Refit ${first} of ${name} did not converge`);
  }
}

function askFGarch(): Peer {
  const script = new URL("garch.R", import.meta.url).pathname;
  const {status, stdout, stderr} = spawnSync("Rscript", [script, file], {encoding: "utf8"});
  if (status !== 0) throw new Error(`Cannot time fGarch: ${stderr}`);
  return JSON.parse(stdout) as Peer;
}
