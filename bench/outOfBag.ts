// How flattered is a boosted fit's own error, and how far off is its error out of bag? The table of docs/boosting.md:
// node bench/outOfBag.ts [seeds]
//
// Features that last for weeks, as a market's do, so that neighbours resemble one another; a label's noise is the sum of
// `overlap` days', so that neighbours share it too.

import {createMatrix, type Matrix} from "../src/math/matrix.ts";
import {fitBoostedTrees, outOfBagMargin} from "../src/models/gbdt/boost.ts";
import type {BoostOptions} from "../src/models/gbdt/options.ts";
import {predictMargin} from "../src/models/gbdt/predict.ts";
import {createRandom} from "../src/random.ts";
import {usualOptions} from "./boostOptions.ts";

const [ROWS, WIDTH, BLOCK] = [5000, 8, 25];
const PERSISTENCE = 0.95; // of a feature, from one row to the next
const NOISE = 1; // its deviation; the signal's is about as large
const seeds = Number(process.argv[2] ?? 4);
const FITS = [
  {...usualOptions, trees: 80, depth: 3, learningRate: 0.03, minLeafWeight: 100},
  {...usualOptions, trees: 300, minLeafWeight: 20},
];

console.log("| labels | trees | in sample | out of bag, rows | out of bag, blocks |");
console.log("|---|---|---:|---:|---:|");
for (const overlap of [1, 5, 22]) {
  for (const fit of FITS) {
    const options = {...fit, rowShare: 0.5};
    const runs = Array.from({length: seeds}, (_, seed) => ratios(options, {overlap, seed}));
    const means = [0, 1, 2].map((k) => runs.reduce((sum, run) => sum + run[k]!, 0) / seeds);
    const labels = overlap === 1 ? "apart" : `overlapping, h = ${overlap}`;
    const trees = `${fit.trees} of depth ${fit.depth}, rate ${fit.learningRate}, leaves ≥ ${fit.minLeafWeight}`;
    console.log(`| ${[labels, trees, ...means.map((x) => x.toFixed(2))].join(" | ")} |`);
  }
}

/** Mean squared residuals in sample and out of bag, over those of new rows by the same fit. */
function ratios(options: BoostOptions, {overlap, seed}: {overlap: number; seed: number}): number[] {
  const train = series({overlap, seed});
  const fresh = series({overlap, seed: seed + 1000});
  const model = fitBoostedTrees(train.features, train.target, {...options, seed});
  const truth = meanSquare(predictMargin(model, fresh.features), fresh.target);
  const outOfBag = [1, BLOCK].map((rowBlock) => {
    const drawn = {...options, seed, rowBlock};
    const fitted = rowBlock === 1 ? model : fitBoostedTrees(train.features, train.target, drawn);
    const unseen = meanSquare(predictMargin(fitted, fresh.features), fresh.target);
    return meanSquare(outOfBagMargin(fitted, train.features, drawn), train.target) / unseen;
  });
  return [meanSquare(predictMargin(model, train.features), train.target) / truth, ...outOfBag];
}

function series({overlap, seed}: {overlap: number; seed: number}): {features: Matrix; target: Float64Array} {
  const random = createRandom(seed);
  const values = new Float64Array(ROWS * WIDTH);
  const state = Float64Array.from({length: WIDTH}, () => random.normal());
  const days = Float64Array.from({length: ROWS + overlap - 1}, () => random.normal());
  const target = new Float64Array(ROWS);
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < WIDTH; j++) {
      state[j] = PERSISTENCE * state[j]! + Math.sqrt(1 - PERSISTENCE ** 2) * random.normal();
      values[i * WIDTH + j] = state[j]!;
    }
    const noise = days.subarray(i, i + overlap).reduce((sum, day) => sum + day, 0) / Math.sqrt(overlap);
    target[i] = Math.sin(2 * state[0]!) + 0.5 * state[1]! + (state[2]! > 0 ? state[3]! : 0) + NOISE * noise;
  }
  return {features: createMatrix(values, WIDTH), target};
}

function meanSquare(forecast: Float64Array, target: Float64Array): number {
  return forecast.reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0) / forecast.length;
}
