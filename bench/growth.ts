// How does the cost of boosting grow with rows, features, trees, depth, bins and threads, and where does the time go?
// node bench/growth.ts writes docs/performance.svg and the tables of docs/performance.md.
//
// Processor time of this process, so that a busy machine distorts little; the least of the rounds.

import {readFileSync, writeFileSync} from "node:fs";
import {availableParallelism, cpus} from "node:os";
import {runOnThreads} from "../pipeline/pool.ts";
import {sampleTable} from "../src/evaluation/marketTable.fixture.ts";
import {type FoldForecast, type FoldTask, planWalkForward} from "../src/evaluation/walkForward.ts";
import {treeShap} from "../src/explain/treeShap.ts";
import {float32Values} from "../src/math/matrix.ts";
import {binFeatures} from "../src/models/gbdt/binning.ts";
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import {createGradients, createHistogram, fillHistogram, setGradients} from "../src/models/gbdt/histogram.ts";
import {type Simulated, simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {sessionDate} from "../src/units.ts";
import {usualOptions} from "./boostOptions.ts";
import {timed} from "./inTurn.ts";
import {type Panel, panelsSvg} from "./panels.ts";
import {shareByFile} from "./profile.ts";

const ROUNDS = 5;
const PAGE = "docs/performance.md";
const usual = {rows: 5000, width: 18, trees: 100, depth: 4, bins: 255};
type Size = typeof usual;
const VARIED = {
  rows: [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000],
  width: [4, 8, 16, 32, 64],
  trees: [25, 50, 100, 200, 400],
  depth: [1, 2, 3, 4, 5, 6, 7, 8],
  bins: [15, 31, 63, 127, 255],
} as const;

const least = leastMs(
  Object.entries(VARIED).flatMap(([name, values]) => values.map((x) => ({...usual, [name]: x}))),
);
const panels: Panel[] = Object.entries(VARIED).map(([name, values]) => ({
  name: name === "width" ? "features" : name,
  unit: "ms",
  points: values.map((x) => ({x, y: least.get(keyOf({...usual, [name]: x}))!})),
}));
panels.push(await threadsPanel());
writeFileSync("docs/performance.svg", panelsSvg(panels));

const fits = [
  {...usual, trees: 300},
  {...usual, rows: 50_000, width: 50},
  {...usual, trees: 300, depth: 8},
];
const fitShares: string[] = [];
for (const size of fits) {
  const name = `fit, ${size.rows} x ${size.width}, ${size.trees} trees, depth ${size.depth}`;
  fitShares.push(
    await sharesOf(name, fitting(size), [
      "binning",
      "histogram",
      "splitting",
      "partition",
      "(garbage collector)",
    ]),
  );
}
const shapShares: string[] = [];
for (const depth of [4, 6]) {
  const {features} = simulate(usual.rows, {width: usual.width, seed: 1});
  const model = fitting({...usual, trees: 300, depth})();
  const name = `SHAP, ${usual.rows} rows x 300 trees of depth ${depth}`;
  shapShares.push(
    await sharesOf(name, () => treeShap(model, features), [
      "subsetTables",
      "leafMasks+treeShap",
      "(garbage collector)",
    ]),
  );
}
writeBetween("growth", [
  `Measured by \`node bench/growth.ts\` on ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}: ${usual.rows} rows, ${usual.width} features, ${usual.trees} trees, depth ${usual.depth}, ${usual.bins} bins, but for what varies. Milliseconds of processor time, the least of ${ROUNDS} rounds; threads: seconds on the clock.`,
  ...panels.map(({name, unit, points}) =>
    table([
      [name, ...points.map(({x}) => String(x))],
      [unit, ...points.map(({y}) => (y < 10 ? y.toFixed(1) : y.toFixed(0)))],
    ]),
  ),
]);
writeBetween("shares", [
  `${table([["share of samples, %", "binning", "histograms", "splits", "partition", "collector", "the rest"]])}\n${fitShares.join("\n")}`,
  `${table([["share of samples, %", "tables by leaf", "rows to leaves, and their sums", "collector", "the rest"]])}\n${shapShares.join("\n")}`,
  `An addition to a histogram takes ${additionNs(8)} ns where the histogram has 8 features (16 KB), ${additionNs(48)} ns where it has 48 (96 KB), and ${additionNs(48, 500_000)} ns with 48 features of 500,000 rows, whose bins (24 MB) no nearer cache holds.`,
]);

function fitting(
  {rows, width, ...size}: Size,
  {features, target}: Simulated = simulate(rows, {width, seed: 1}),
) {
  return () => fitBoostedTrees(features, target, {...usualOptions, ...size});
}

/** Of each size once, and all in turn: a machine that is slower for a while slows a round and not a table. */
function leastMs(sizes: readonly Size[]): Map<string, number> {
  const fits = new Map(sizes.map((size) => [keyOf(size), fitting(size)]));
  const least = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++)
    for (const [key, fit] of fits) least.set(key, Math.min(least.get(key) ?? Infinity, timed(fit).cpu));
  return least;
}

function keyOf({rows, width, trees, depth, bins}: Size): string {
  return [rows, width, trees, depth, bins].join(" ");
}

/** A walk-forward of the anchored model by threads; as many as there are processors, and one more. */
async function threadsPanel(): Promise<Panel> {
  const table = sampleTable({seed: 1, first: "1998-01-02", last: "2023-12-29"});
  const tasks = planWalkForward(table.features.sessions, {
    ...{model: "anchored", seed: 1, horizon: 5, refitEvery: 63, window: "expanding"},
    ...{firstOrigin: sessionDate("2005-01-03"), trainFrom: sessionDate("1998-06-01"), minTrain: 1000},
  });
  const points: {x: number; y: number}[] = [];
  for (let threads = 1; threads <= availableParallelism() + 1; threads++) {
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await runOnThreads<FoldTask, FoldForecast>(
        new URL("../pipeline/foldWorker.ts", import.meta.url),
        tasks,
        {
          ...{shared: table, threads, progress: () => {}},
        },
      );
      seconds.push((performance.now() - started) / 1000);
    }
    points.push({x: threads, y: Math.min(...seconds)});
  }
  return {name: "threads", unit: "s", points};
}

async function sharesOf(name: string, work: () => unknown, files: readonly string[]): Promise<string> {
  work(); // warms the compiler up
  const share = await shareByFile(work);
  const own = files.map((names) => names.split("+").reduce((sum, file) => sum + (share.get(file) ?? 0), 0));
  const rest = 1 - own.reduce((sum, value) => sum + value, 0);
  return `| ${[name, ...[...own, rest].map((value) => (100 * value).toFixed(0))].join(" | ")} |`;
}

/** Nanoseconds of processor time that a row and feature take in fillHistogram(). */
function additionNs(width: number, rows = usual.rows): string {
  const {features, target} = simulate(rows, {width, seed: 1});
  const binned = binFeatures(float32Values(features), {width, bins: usual.bins});
  const gradients = createGradients(rows, {packed: true});
  setGradients(gradients, target, new Float64Array(rows).fill(1));
  const histogram = createHistogram(binned, gradients);
  const every = Int32Array.from({length: rows}, (_, i) => i);
  const fills = Math.ceil(1e8 / (rows * width));
  const work = () => {
    for (let k = 0; k < fills; k++) fillHistogram(histogram, binned, {gradients, rows: every});
  };
  work();
  const {cpu} = timed(work);
  return ((1e6 * cpu) / (fills * rows * width)).toFixed(2);
}

function table([head, ...lines]: readonly (readonly string[])[]): string {
  const rule = head!.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head!, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function writeBetween(marker: string, paragraphs: readonly string[]): void {
  const [start, end] = [`<!-- ${marker}:start -->\n`, `\n<!-- ${marker}:end -->`];
  const before = readFileSync(PAGE, "utf8");
  const from = before.indexOf(start) + start.length;
  writeFileSync(PAGE, before.slice(0, from) + paragraphs.join("\n\n") + before.slice(before.indexOf(end)));
}
