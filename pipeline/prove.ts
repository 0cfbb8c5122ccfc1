// Does anything published look ahead? Every step is tried on futures that did not happen; the certificate says what held.
import {deriveBaseline} from "../src/proof/derivation.ts";
import {type Evidence, isCleared, mergeEvidence} from "../src/proof/evidence.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {certificateTable, failuresInWords} from "./certificate.ts";
import {comparePublished} from "./compareRuns.ts";
import {runInMemory, type Tables} from "./otherFutures.ts";
import {runOnThreads} from "./pool.ts";
import {planProof} from "./proofPlan.ts";
import {type ProofTask, pipelineDerivation} from "./proofTasks.ts";
import {proveRuns} from "./proveRuns.ts";
import {type KnownAt, proveVintages} from "./proveVintages.ts";
import type {Stage, StageContext} from "./stage.ts";

const FORECASTS = "infer"; // the stage whose output people act on

/**
 * The proof over the stages that a forecast passes through: the producers of whatever the forecasting stage reads,
 * found by what each reads and writes, so that a new one is proved without being named here.
 *
 * @param options.knownAt how a run under VINTAGE gets its bars
 */
export function proveStage(stages: readonly Stage[], {knownAt}: {readonly knownAt?: KnownAt} = {}): Stage {
  const proven = producersOf(stages, FORECASTS);
  const published = proven.filter(({name}) => name !== FORECASTS);
  const datasets = new Set(published.flatMap(({reads, writes}) => [...reads, ...writes]));
  return {
    name: "prove",
    does: "show that no feature, label, fold, fit or forecast looks ahead",
    after: published.map(({name}) => name),
    reads: ["raw.market", ...datasets],
    writes: ["certificate"],
    config: [...new Set(proven.flatMap(({config}) => config))],
    fingerprint: async () => undefined, // a proof that is asked for is made
    async run(context) {
      const {read, write, progress, lake, config} = context;
      const bars = barsBySymbol(await read("curated.market_daily"));
      const fits = await read("fits");
      progress("derive everything once more");
      const tables = await runInMemory(published, context, new Map([["fits", fits]]));
      const baseline = deriveBaseline(pipelineDerivation(config), bars);
      const tasks = planProof(baseline, {fits, seed: config.seed});
      const derived = await runOnThreads<ProofTask, Evidence[]>(
        new URL("./proofWorker.ts", import.meta.url),
        tasks,
        {
          shared: {bars, config},
          progress: (done) => progress(`${done} of ${tasks.length} groups of changed futures`),
        },
      );
      const runs = await proveRuns(proven, {baseline, fits, context});
      const found = mergeEvidence([
        ...(await provePublished(tables, {stages: published, context})),
        ...derived.flat(),
        ...runs.found,
        ...(await proveVintages(context, {bars, ...(knownAt ? {knownAt} : {})})),
      ]);
      const raw = (await lake.manifest("raw.market"))?.snapshot.sha256 ?? "none";
      const compared = {tables: new Map([...tables, ["fits", fits]]), raw, runs: runs.hashes, ...baseline};
      const table = certificateTable(lake.contract("certificate"), found, compared);
      const {sha256} = await write("certificate", table);
      if (!found.every(isCleared)) throw new Error(`Cannot certify the forecasts: ${failuresInWords(found)}`);
      const changes = Math.max(...found.map((entry) => entry.changes));
      return {
        summary: `nothing looks ahead: ${found.length} subjects, up to ${changes.toLocaleString("en-US")} changed futures each`,
        subjects: found.length,
        changes,
        certificate: sha256,
      };
    },
  };
}

/** The stages whose output a stage reads, directly or not, and itself, without those that fetch bars. */
export function producersOf(stages: readonly Stage[], name: string): Stage[] {
  const needed = new Set<Stage>();
  const add = (stage: Stage): void => {
    if (needed.has(stage) || stage.writes.includes("raw.market")) return;
    needed.add(stage);
    for (const other of stages) {
      if (other.writes.some((dataset) => stage.reads.includes(dataset))) add(other);
    }
  };
  for (const stage of stages) if (stage.name === name) add(stage);
  return stages.filter((stage) => needed.has(stage));
}

async function provePublished(
  tables: Tables,
  {stages, context: {read, lake}}: {readonly stages: readonly Stage[]; readonly context: StageContext},
): Promise<Evidence[]> {
  const names = stages.flatMap(({writes}) => writes).filter((name) => name !== "fits" && tables.has(name));
  return Promise.all(
    [...new Set(names)].map(async (name) =>
      comparePublished({contract: lake.contract(name), before: await read(name), after: tables.get(name)!}),
    ),
  );
}
