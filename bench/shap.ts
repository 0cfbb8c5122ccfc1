// How long does an explanation take, beside XGBoost's, and do both say the same? node bench/shap.ts [rounds] [--small]
import {sampleTable} from "../src/evaluation/marketTable.fixture.ts";
import {prepareExplanation} from "../src/explain/explainForecast.ts";
import {shapInteractions} from "../src/explain/shapInteractions.ts";
import {treeShap} from "../src/explain/treeShap.ts";
import type {Frame} from "../src/frame.ts";
import {createMatrix} from "../src/math/matrix.ts";
import {anchored} from "../src/models/anchored.ts";
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import {encodeXgboostJson} from "../src/models/gbdt/codec.ts";
import {predictMargin} from "../src/models/gbdt/predict.ts";
import {simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {prepareForecast} from "../src/models/logFit.ts";
import {horizon} from "../src/units.ts";
import {usualOptions} from "./boostOptions.ts";
import {inTurn, median, type Outcome, timed} from "./inTurn.ts";
import {finish, type Row, readArguments} from "./report.ts";
import {ABSENT, openXgboost} from "./xgboost.ts";

const WIDTH = 18;
const {small, json, words} = readArguments();
const size = small ? {rows: 200, trees: 20, pairs: 20} : {rows: 5000, trees: 300, pairs: 500};
const rounds = Number(words[0] ?? (small ? 1 : 3));
const {features, target} = simulate(size.rows, {width: WIDTH, seed: 1});
const few = createMatrix(features.values.slice(0, size.pairs * WIDTH), WIDTH);
const models = {four: grow(4), six: grow(6)};

const xgboost = await openXgboost();
await xgboost?.load("rows", features, target);
for (const [name, model] of Object.entries(models)) await xgboost?.readModel(name, encodeXgboostJson(model));
const contributions = (model: string) =>
  xgboost && (() => xgboost.predict(model, {data: "rows", kind: "contributions"}));
const outcomes = await inTurn(
  {
    four: {ours: () => treeShap(models.four, features), theirs: contributions("four")},
    six: {ours: () => treeShap(models.six, features), theirs: contributions("six")},
  },
  {rounds, warmUp: 0},
);
const pairs = await inTurn(
  {
    pairs: {
      ours: () => shapInteractions(models.four, few),
      theirs:
        xgboost && (() => xgboost.predict("four", {data: "rows", kind: "interactions", rows: size.pairs})),
    },
  },
  {rounds: Math.min(2, rounds), warmUp: 0},
);
const differences = await compareValues();
xgboost?.close();
const alone = onePrediction();

const rows: Row[] = [
  row(`TreeSHAP, ${size.rows} rows x ${size.trees} trees, depth 4`, outcomes.four, {
    most: 0.25,
    of: "pred_contribs",
  }),
  row(`TreeSHAP, ${size.rows} rows x ${size.trees} trees, depth 6`, outcomes.six, {
    most: 0.25,
    of: "pred_contribs",
  }),
  row(`SHAP interaction values, ${size.pairs} rows x ${size.trees} trees, depth 4`, pairs.pairs, {
    ...{most: 0.3, of: "pred_interactions"},
  }),
  agreement("largest difference of a SHAP value from XGBoost's (float32)", differences?.shap, 5e-6),
  agreement("largest difference of an interaction value from XGBoost's (float32)", differences?.pairs, 5e-6),
  {
    what: "additivity: largest |base + values − prediction|",
    ours: additivity().toExponential(1),
    ...{goal: "<= 1e-10", met: additivity() <= 1e-10, correctness: true},
  },
  {
    what: "one prediction of the anchored model with its SHAP values, processor time",
    ours: `${alone.toFixed(1)} us`,
    ...{goal: "<= 50 us", met: alone <= 50},
  },
];
finish({rows, notes: [xgboost ? `${xgboost.about}. ${rounds} rounds in turn, one thread.` : ABSENT]}, json);

function grow(depth: number) {
  return fitBoostedTrees(features, target, {...usualOptions, trees: size.trees, depth});
}

// XGBoost appends the base to a row's values, and a row and a column to its pairs.
async function compareValues(): Promise<{shap: number; pairs: number} | undefined> {
  if (!xgboost) return undefined;
  let shap = 0;
  for (const [name, model] of Object.entries(models)) {
    const {values, base} = treeShap(model, features);
    const theirs = (await xgboost.predict(name, {data: "rows", kind: "contributions"})).values();
    for (let i = 0; i < size.rows; i++) {
      for (let j = 0; j < WIDTH; j++)
        shap = Math.max(shap, Math.abs(values[i * WIDTH + j]! - theirs[i * (WIDTH + 1) + j]!));
      shap = Math.max(shap, Math.abs(base - theirs[i * (WIDTH + 1) + WIDTH]!));
    }
  }
  const {values} = shapInteractions(models.four, few);
  const task = {data: "rows", kind: "interactions", rows: Math.min(100, size.pairs)} as const;
  const theirs = (await xgboost.predict("four", task)).values();
  let most = 0;
  for (let i = 0; i < task.rows; i++)
    for (let j = 0; j < WIDTH; j++)
      for (let k = 0; k < WIDTH; k++) {
        const other = theirs[(i * (WIDTH + 1) + j) * (WIDTH + 1) + k]!;
        most = Math.max(most, Math.abs(values[(i * WIDTH + j) * WIDTH + k]! - other));
      }
  return {shap, pairs: most};
}

function additivity(): number {
  let most = 0;
  for (const model of Object.values(models)) {
    const {values, base} = treeShap(model, features);
    predictMargin(model, features).forEach((margin, i) => {
      const sum = values.subarray(i * WIDTH, (i + 1) * WIDTH).reduce((total, value) => total + value, base);
      most = Math.max(most, Math.abs(sum - margin));
    });
  }
  return most;
}

// As the server answers: a row of features in, the forecast and its contributions out, one at a time.
function onePrediction(): number {
  const {
    features: all,
    variance,
    rangeVariance,
  } = sampleTable({seed: 1, first: "2008-01-02", last: "2023-12-29"});
  const last = all.sessions.length;
  const rows = {start: 0, end: last - 5};
  const fitted = anchored.fit({
    ...{horizon: horizon(5), features: all, rows, seed: 1},
    ...{variance: variance[5]!, rangeVariance: rangeVariance[5]!},
  });
  const [forecastOf, explain] = [prepareForecast(fitted), prepareExplanation(fitted)];
  const frames = Array.from({length: 1000}, (_, k) => rowOf(all, last - 1000 + k));
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const {cpu} = timed(() => {
      for (const frame of frames) {
        const request = {features: frame, rows: {start: 0, end: 1}};
        forecastOf(request);
        explain(request);
      }
    });
    times.push((1000 * cpu) / frames.length);
  }
  return median(times);
}

function rowOf({sessions, columns}: Frame, row: number): Frame {
  const own = Object.entries(columns).map(([name, values]) => [name, values.slice(row, row + 1)] as const);
  return {sessions: sessions.slice(row, row + 1), columns: Object.fromEntries(own)};
}

function row(what: string, {ours, theirs, ...ratios}: Outcome, {most, of}: {most: number; of: string}): Row {
  return {
    what,
    ours: `${ours.wall.toFixed(0)} ms`,
    goal: `<= ${most} x ${of}' time`,
    ...(theirs && {peer: `${theirs.wall.toFixed(0)} ms ${of}`, ...ratios, met: ratios.ratio <= most}),
  };
}

function agreement(what: string, difference: number | undefined, most: number): Row {
  const goal = `<= ${most}`;
  if (difference === undefined) return {what, ours: "-", goal};
  return {what, ours: difference.toExponential(1), goal, met: difference <= most, correctness: true};
}
