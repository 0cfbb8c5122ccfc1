// The prover's tasks on a worker thread: the bars come with it, the tables it derives once.
import {workerData} from "node:worker_threads";
import type {Config} from "../src/config.ts";
import type {Bars} from "../src/market/bars.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";
import {deriveBaseline} from "../src/proof/derivation.ts";
import type {Evidence} from "../src/proof/evidence.ts";
import {type ProofTask, pipelineDerivation, runProofTask} from "./proofTasks.ts";

const {bars, config} = workerData as {readonly bars: ReadonlyMap<string, Bars>; readonly config: Config};
const derivation = pipelineDerivation(config);
const baseline = deriveBaseline(derivation, bars);

export default function run(task: ProofTask): Evidence[] {
  return runProofTask(task, {derivation, baseline, modelOf: (name) => catalogueEntry(name).model});
}
