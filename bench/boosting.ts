// How long does boosting take, beside XGBoost on one thread? node bench/boosting.ts [rounds] [--small]
//
// Both do the same work on the same simulated rows. Times of XGBoost include its own binning (DMatrix), as ours do.

import {createRequire} from "node:module";
import {DecisionTreeRegression} from "ml-cart";
import type {Matrix} from "../src/math/matrix.ts";
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import type {BoostOptions} from "../src/models/gbdt/options.ts";
import {predictMargin} from "../src/models/gbdt/predict.ts";
import {simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {usualOptions} from "./boostOptions.ts";
import {type Contest, inTurn, type Outcome} from "./inTurn.ts";
import {finish, type Row, readArguments} from "./report.ts";
import {ABSENT, openXgboost} from "./xgboost.ts";

const {small, json, words} = readArguments();
const size = small
  ? {rows: 400, trees: 20, large: 2000, cart: 100}
  : {rows: 5000, trees: 300, large: 50_000, cart: 2000};
const rounds = Number(words[0] ?? (small ? 1 : 7));

const usual: BoostOptions = {...usualOptions, trees: size.trees};
const {features, target, positive} = simulate(size.rows, {width: 18, seed: 1});
const gappy = simulate(size.rows, {width: 18, seed: 1, missing: 0.1}).features;
const large = simulate(size.large, {width: 50, seed: 1});
const few = simulate(size.cart, {width: 18, seed: 1});
const model = fitBoostedTrees(features, target, usual);

const xgboost = await openXgboost();
await xgboost?.load("usual", features, target);
await xgboost?.load("gappy", gappy, target);
await xgboost?.load("positive", features, positive);
await xgboost?.load("large", large.features, large.target);
await xgboost?.fit("usual", {data: "usual", trees: size.trees, settings: {max_depth: 4}});

function fitting(
  [matrix, values]: readonly [Matrix, Float64Array],
  changes: Partial<BoostOptions>,
  {data, settings}: {data: string; settings: Readonly<Record<string, unknown>>},
): Contest {
  const options = {...usual, ...changes};
  const theirs = xgboost && (() => xgboost.fit("other", {data, trees: options.trees, settings}));
  return {ours: () => fitBoostedTrees(matrix, values, options), theirs};
}

const shape = `${size.rows} x 18, ${size.trees} trees`;
const contests = {
  four: fitting([features, target], {}, {data: "usual", settings: {max_depth: 4}}),
  six: fitting([features, target], {depth: 6}, {data: "usual", settings: {max_depth: 6}}),
  gappy: fitting([gappy, target], {}, {data: "gappy", settings: {max_depth: 4}}),
  gamma: fitting(
    [features, positive],
    {loss: "gamma"},
    {data: "positive", settings: {max_depth: 4, objective: "reg:gamma"}},
  ),
  anchored: fitting(
    [features, target],
    {trees: 80, depth: 3, learningRate: 0.03, minLeafWeight: 100, rowShare: 0.5, columnShare: 0.7},
    {
      data: "usual",
      settings: {max_depth: 3, eta: 0.03, min_child_weight: 100, subsample: 0.5, colsample_bytree: 0.7},
    },
  ),
  predict: {
    ours: () => predictMargin(model, features),
    theirs: xgboost && (() => xgboost.predict("usual", {data: "usual", kind: "margin"})),
  },
  sklearn: {
    ours: () => fitBoostedTrees(features, target, {...usual, minLeafWeight: 20, l2: 0}),
    theirs: xgboost?.sklearn
      ? () =>
          xgboost.fitSklearn({
            data: "usual",
            settings: {
              max_iter: size.trees,
              max_depth: 4,
              max_leaf_nodes: null,
              learning_rate: 0.05,
              early_stopping: false,
            },
          })
      : undefined,
  },
} satisfies Record<string, Contest>;
const outcomes = await inTurn(contests, {rounds});
const larger = await inTurn(
  {large: fitting([large.features, large.target], {}, {data: "large", settings: {max_depth: 4}})},
  {rounds: Math.min(3, rounds), warmUp: 0},
);
xgboost?.close();

const cart = await inTurn(
  {
    cart: {
      ours: () => fitBoostedTrees(few.features, few.target, {...usual, trees: 1}),
      theirs: async () => {
        const rows = Array.from({length: size.cart}, (_, i) =>
          Array.from(few.features.values.subarray(18 * i, 18 * (i + 1))),
        );
        const before = process.cpuUsage();
        const started = performance.now();
        new DecisionTreeRegression({maxDepth: 4}).train(rows, Array.from(few.target));
        const {user, system} = process.cpuUsage(before);
        return {wall: performance.now() - started, cpu: (user + system) / 1000};
      },
    },
  },
  {rounds: Math.min(3, rounds)},
);

const rows: Row[] = [
  row(`boosting fit, ${shape}, depth 4, 255 bins`, outcomes.four, {most: 0.6}),
  row(`boosting fit, ${shape}, depth 6`, outcomes.six, {most: 0.45}),
  row(`boosting fit, ${size.large} x 50, ${size.trees} trees, depth 4`, larger.large, {most: 0.85}),
  row(`boosting fit, ${shape}, depth 4, a tenth of the values missing`, outcomes.gappy),
  row(`boosting fit, ${shape}, depth 4, gamma loss`, outcomes.gamma),
  row(`boosting fit, ${size.rows} x 18, 80 trees, depth 3, half the rows`, outcomes.anchored),
  row(`predict, ${shape}, depth 4`, outcomes.predict),
  row(`boosting fit, ${shape}, depth 4, 20 rows a leaf, no penalty`, outcomes.sklearn, {
    peer: "HistGradientBoosting",
  }),
  row(`one tree, ${size.cart} x 18, depth 4`, cart.cart, {peer: "ml-cart"}),
];
const {version} = createRequire(import.meta.url)("ml-cart/package.json") as {version: string};
finish(
  {
    rows,
    notes: [
      xgboost
        ? `${xgboost.about}; ml-cart ${version}; medians of ${rounds} rounds in turn (3 of the larger sizes), one thread, learning rate .05, penalty 1.`
        : ABSENT,
      xgboost?.sklearn
        ? `HistGradientBoosting: scikit-learn ${xgboost.sklearn}, OMP_NUM_THREADS=1, max_iter ${size.trees}.`
        : "HistGradientBoosting was not measured: scikit-learn is not installed (Debian: python3-sklearn).",
    ],
  },
  json,
);

function row(
  what: string,
  {ours, theirs, ...ratios}: Outcome,
  {most, peer = "XGBoost"}: {most?: number; peer?: string} = {},
): Row {
  return {
    what,
    ours: `${ours.wall.toFixed(0)} ms`,
    ...(theirs && {peer: `${theirs.wall.toFixed(0)} ms ${peer}`, ...ratios}),
    ...(most !== undefined && {goal: `<= ${most} x XGBoost's time`}),
    ...(most !== undefined && theirs && {met: ratios.ratio <= most}),
  };
}
