// Are the trees as good as XGBoost's, and the same once they have travelled? node bench/agreement.ts [seeds] [--small]
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import {decodeXgboostJson, encodeXgboostJson} from "../src/models/gbdt/codec.ts";
import {predictMarginFloat32} from "../src/models/gbdt/predict.ts";
import {simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {usualOptions} from "./boostOptions.ts";
import {finish, type Row, readArguments} from "./report.ts";
import {ABSENT, openXgboost, type Xgboost} from "./xgboost.ts";

const {small, json, words} = readArguments();
const size = small ? {rows: 1500, trees: 40} : {rows: 5000, trees: 300};
const seeds = Number(words[0] ?? (small ? 4 : 16));
const xgboost = await openXgboost();
const goals = {error: "within [.98, 1.02] of XGBoost's", bits: "bit-equal both ways"};
const rows: Row[] = [];
if (xgboost) {
  rows.push(await errors(xgboost), await roundTrip(xgboost));
  xgboost.close();
} else {
  rows.push({what: "held-out RMSE", ours: "-", goal: goals.error});
  rows.push({what: "XGBoost JSON round trip", ours: "-", goal: goals.bits});
}
finish({rows, notes: [xgboost ? `${xgboost.about}.` : ABSENT]}, json);

function optionsOf(seed: number) {
  return {...usualOptions, trees: size.trees, seed};
}

async function errors(peer: Xgboost): Promise<Row> {
  const ratios: number[] = [];
  const own: number[] = [];
  const other: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const {features, target} = simulate(size.rows, {width: 18, seed});
    const unseen = simulate(size.rows, {width: 18, seed: seed + 1000});
    const model = fitBoostedTrees(features, target, optionsOf(seed));
    await peer.load("train", features, target);
    await peer.load("unseen", unseen.features, unseen.target);
    await peer.fit("model", {data: "train", trees: size.trees, settings: {max_depth: 4}});
    const theirs = (await peer.predict("model", {data: "unseen", kind: "margin"})).values();
    own.push(rmse(predictMarginFloat32(model, unseen.features), unseen.target));
    other.push(rmse(theirs, unseen.target));
    ratios.push(own.at(-1)! / other.at(-1)!);
  }
  const ratio = mean(ratios);
  return {
    what: `held-out RMSE, ${size.rows} x 18, ${size.trees} trees, depth 4, mean of ${seeds} seeds`,
    ours: mean(own).toFixed(4),
    peer: `${mean(other).toFixed(4)} XGBoost`,
    ratio,
    range: [Math.min(...ratios), Math.max(...ratios)],
    goal: goals.error,
    met: ratio >= 0.98 && ratio <= 1.02,
    correctness: true,
  };
}

// Ours asked in XGBoost, and XGBoost's asked here, on rows of which a fifth of the values are missing.
async function roundTrip(peer: Xgboost): Promise<Row> {
  let differing = 0;
  let compared = 0;
  for (const loss of ["squared", "gamma"] as const) {
    const {features, target, positive} = simulate(size.rows, {width: 18, seed: 2, missing: 0.1});
    const unseen = simulate(size.rows, {width: 18, seed: 3, missing: 0.2});
    const labels = loss === "gamma" ? positive : target;
    const objective = loss === "gamma" ? "reg:gamma" : "reg:squarederror";
    await peer.load("train", features, labels);
    await peer.load("unseen", unseen.features, unseen.target);
    const margins = async () => (await peer.predict("model", {data: "unseen", kind: "margin"})).values();
    const model = fitBoostedTrees(features, labels, {...optionsOf(2), loss});
    await peer.readModel("model", encodeXgboostJson(model));
    differing += different(predictMarginFloat32(model, unseen.features), await margins());
    await peer.fit("model", {data: "train", trees: size.trees, settings: {max_depth: 4, objective}});
    const theirs = decodeXgboostJson(await peer.modelJson("model"));
    differing += different(predictMarginFloat32(theirs, unseen.features), await margins());
    compared += 2 * size.rows;
  }
  return {
    what: "XGBoost JSON round trip both ways, both losses, missing values",
    ours: `${differing} of ${compared} margins differ`,
    goal: goals.bits,
    met: differing === 0,
    correctness: true,
  };
}

function different(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return one.length;
  return one.reduce((count, value, i) => count + (Object.is(value, other[i]) ? 0 : 1), 0);
}

function rmse(forecast: Float32Array, target: Float64Array): number {
  return Math.sqrt(mean(Array.from(target, (value, i) => (value - forecast[i]!) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
