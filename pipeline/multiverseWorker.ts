// One universe on a worker thread: the market's table is shared memory.
import {workerData} from "node:worker_threads";
import {type MultiverseCell, scoreUniverse, type UniverseTask} from "../src/evaluation/multiverseCells.ts";
import {BASELINE, REFERENCE} from "../src/evaluation/scorecard.ts";
import type {MarketTable} from "../src/evaluation/walkForward.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";

const {table, models} = workerData as {readonly table: MarketTable; readonly models: readonly string[]};
const model = (name: string) => catalogueEntry(name).model;

export default function score(task: UniverseTask): MultiverseCell[] {
  return scoreUniverse(task, {
    models: models.map(model),
    baseline: model(BASELINE),
    reference: model(REFERENCE),
    table,
  });
}
