// How long do boosting and its explanation take, beside XGBoost on one thread? node bench/boosting.ts [rounds]
//
// Both do the same work on the same simulated rows, in turn, so that a busy machine slows both; the medians'
// ratio is the figure to quote. Times of XGBoost include its own binning (DMatrix), as ours do.

import {spawnSync} from "node:child_process";
import {treeShap} from "../src/explain/treeShap.ts";
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import type {BoostOptions} from "../src/models/gbdt/options.ts";
import {predictMargin} from "../src/models/gbdt/predict.ts";
import {simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {hasXgboost} from "../src/models/gbdt/xgboost.fixture.ts";

const ROWS = 5000;
const {features, target, positive} = simulate(ROWS, {width: 18, seed: 1});
const gappy = simulate(ROWS, {width: 18, seed: 1, missing: 0.1}).features;

const usual: BoostOptions = {
  loss: "squared",
  trees: 300,
  depth: 4,
  learningRate: 0.05,
  minLeafWeight: 1,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  seed: 1,
};
const anchored: BoostOptions = {
  ...usual,
  trees: 80,
  depth: 3,
  learningRate: 0.03,
  minLeafWeight: 100,
  rowShare: 0.5,
  columnShare: 0.7,
};
const model = fitBoostedTrees(features, target, usual);

/** Names as bench/boosting.py has them. */
const tasks: Record<string, () => unknown> = {
  "fit, 300 trees of depth 4": () => fitBoostedTrees(features, target, usual),
  "fit, depth 6": () => fitBoostedTrees(features, target, {...usual, depth: 6}),
  "fit, a tenth of the values missing": () => fitBoostedTrees(gappy, target, usual),
  "fit, gamma loss": () => fitBoostedTrees(features, positive, {...usual, loss: "gamma"}),
  "fit, 80 trees of depth 3, half the rows": () => fitBoostedTrees(features, target, anchored),
  "predict, 300 trees of depth 4": () => predictMargin(model, features),
  "SHAP, 300 trees of depth 4": () => treeShap(model, features),
};

const rounds = Number(process.argv[2] ?? 7);
const ours = new Map(Object.keys(tasks).map((name) => [name, [] as number[]]));
const theirs = new Map(Object.keys(tasks).map((name) => [name, [] as number[]]));
for (let round = -1; round < rounds; round++) {
  for (const [name, run] of Object.entries(tasks)) {
    const started = performance.now();
    run();
    if (round >= 0) ours.get(name)!.push(performance.now() - started); // the first warms the compiler up
  }
  if (!hasXgboost || round < 0) continue;
  for (const [name, time] of Object.entries(timeXgboost())) theirs.get(name)!.push(time);
}

console.log(
  `${ROWS} rows x 18 features, 255 bins, medians of ${rounds} rounds in turn, one thread, Node ${process.version}\n`,
);
console.log("| task | ms | XGBoost ms | ratio |\n|---|---:|---:|---:|");
for (const name of Object.keys(tasks)) {
  const mine = median(ours.get(name)!);
  const other = hasXgboost ? median(theirs.get(name)!) : Number.NaN;
  const cells = [
    mine.toFixed(1),
    hasXgboost ? other.toFixed(1) : "-",
    hasXgboost ? (mine / other).toFixed(2) : "-",
  ];
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
if (!hasXgboost)
  console.log(
    "\nXGBoost was not measured: /usr/bin/python3 cannot import xgboost (Debian: python3-xgboost).",
  );

function timeXgboost(): Record<string, number> {
  const script = new URL("boosting.py", import.meta.url).pathname;
  const input = JSON.stringify({
    width: 18,
    features: Array.from(features.values),
    gappy: Array.from(gappy.values),
    target: Array.from(target),
    positive: Array.from(positive),
  });
  const {status, stdout, stderr} = spawnSync("/usr/bin/python3", [script], {input, encoding: "utf8"});
  if (status !== 0) throw new Error(`Cannot time XGBoost: ${stderr}`);
  return JSON.parse(stdout) as Record<string, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
