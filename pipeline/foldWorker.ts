// One fold on a worker thread: the market's table is shared memory, the task and its result are messages.
import {workerData} from "node:worker_threads";
import {
  type FoldForecast,
  type FoldTask,
  forecastFold,
  type MarketTable,
} from "../src/evaluation/walkForward.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";

const table = workerData as MarketTable;

export default function runFold(task: FoldTask): FoldForecast {
  return forecastFold(task, {model: catalogueEntry(task.model).model, table});
}
