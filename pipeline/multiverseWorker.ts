// One universe on a worker thread: the market's table is shared memory.
import {workerData} from "node:worker_threads";
import {type MultiverseCell, scoreUniverse, type UniverseTask} from "../src/evaluation/multiverseCells.ts";
import {BASELINE, REFERENCE} from "../src/evaluation/scorecard.ts";
import type {MarketTable} from "../src/evaluation/walkForward.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";
import {type Combination, createCombination} from "../src/models/combination.ts";

/** Whom to score, and all that it takes. */
export interface Judged {
  readonly judged: readonly string[];
  /** Models to fit, by name. */
  readonly models: readonly string[];
  /** Each after those it is made of. */
  readonly combinations: readonly Pick<Combination, "name" | "kind" | "members">[];
}

const {table, judged, models, combinations} = workerData as Judged & {readonly table: MarketTable};
const model = (name: string) => catalogueEntry(name).model;

export default function score(task: UniverseTask): MultiverseCell[] {
  return scoreUniverse(task, {
    models: models.map(model),
    combinations: combinations.map(createCombination),
    judged,
    baseline: model(BASELINE),
    reference: model(REFERENCE),
    table,
  });
}
