// Which Parquet files do the pages read? Each when it is first asked for, and once.

import {FileAttachment} from "observablehq:stdlib";
import {orMessage} from "./failure.js";
import {decodeTable} from "./parquet.js";

const FILES = {
  calibration: () => FileAttachment("../data/calibration.parquet").arrayBuffer(),
  coverage: () => FileAttachment("../data/coverage.parquet").arrayBuffer(),
  fluctuation_1: () => FileAttachment("../data/fluctuation_1.parquet").arrayBuffer(),
  fluctuation_5: () => FileAttachment("../data/fluctuation_5.parquet").arrayBuffer(),
  fluctuation_22: () => FileAttachment("../data/fluctuation_22.parquet").arrayBuffer(),
  intervals_1: () => FileAttachment("../data/intervals_1.parquet").arrayBuffer(),
  intervals_5: () => FileAttachment("../data/intervals_5.parquet").arrayBuffer(),
  intervals_22: () => FileAttachment("../data/intervals_22.parquet").arrayBuffer(),
  leaderboard: () => FileAttachment("../data/leaderboard.parquet").arrayBuffer(),
  model_tests_1: () => FileAttachment("../data/model_tests_1.parquet").arrayBuffer(),
  model_tests_5: () => FileAttachment("../data/model_tests_5.parquet").arrayBuffer(),
  model_tests_22: () => FileAttachment("../data/model_tests_22.parquet").arrayBuffer(),
  multiverse: () => FileAttachment("../data/multiverse.parquet").arrayBuffer(),
  predictions: () => FileAttachment("../data/predictions.parquet").arrayBuffer(),
  outcomes: () => FileAttachment("../data/outcomes.parquet").arrayBuffer(),
  reliability_1: () => FileAttachment("../data/reliability_1.parquet").arrayBuffer(),
  reliability_5: () => FileAttachment("../data/reliability_5.parquet").arrayBuffer(),
  reliability_22: () => FileAttachment("../data/reliability_22.parquet").arrayBuffer(),
  superior_ability: () => FileAttachment("../data/superior_ability.parquet").arrayBuffer(),
  targets: () => FileAttachment("../data/targets.parquet").arrayBuffer(),
  trials: () => FileAttachment("../data/trials.parquet").arrayBuffer(),
  variance_1: () => FileAttachment("../data/variance_1.parquet").arrayBuffer(),
  variance_5: () => FileAttachment("../data/variance_5.parquet").arrayBuffer(),
  variance_22: () => FileAttachment("../data/variance_22.parquet").arrayBuffer(),
  volatility_1: () => FileAttachment("../data/volatility_1.parquet").arrayBuffer(),
  volatility_5: () => FileAttachment("../data/volatility_5.parquet").arrayBuffer(),
  volatility_22: () => FileAttachment("../data/volatility_22.parquet").arrayBuffer(),
};

/** Names of the files, for queries. */
export const FILE_NAMES = Object.keys(FILES);

/** A file as it was published. */
export function fileBytes(name) {
  return FILES[name]();
}

const tables = new Map();

/** A file's columns, such as table("variance_5"). What cannot be loaded is said once on the page. */
export function table(name) {
  if (!tables.has(name)) tables.set(name, orMessage(load(name), "the data files behind the charts"));
  return tables.get(name);
}

async function load(name) {
  return decodeTable(await FILES[name]());
}
