// The one graph: which stages there are, what each needs, what each leaves.
import type {MarketProvider} from "../src/market/provider.ts";
import {evaluateStage} from "./evaluate.ts";
import {explainStage} from "./explain.ts";
import {featuresStage} from "./features.ts";
import {inferStage} from "./infer.ts";
import {ingestStage} from "./ingest.ts";
import {intervalsStage} from "./intervals.ts";
import {labelsStage} from "./labels.ts";
import {ledgerStage} from "./ledger.ts";
import {multiverseStage} from "./multiverse.ts";
import {oracleStage} from "./oracle.ts";
import {proveStage} from "./prove.ts";
import {siteStage} from "./publishSite.ts";
import type {Stage} from "./stage.ts";
import {trainStage} from "./train.ts";
import {walkforwardStage} from "./walkforward.ts";

/** Every stage, each after those it needs. */
export function graph(provider: MarketProvider): readonly Stage[] {
  const stages = [
    ingestStage(provider),
    featuresStage,
    labelsStage,
    walkforwardStage,
    intervalsStage,
    oracleStage,
    evaluateStage,
    trainStage,
    ledgerStage,
    inferStage,
    explainStage,
    multiverseStage,
  ];
  const prove = proveStage(stages);
  return [...stages, siteStage(prove), prove];
}

/**
 * A stage and all it needs, in the graph's order.
 *
 * @throws {RangeError} if there is no such stage
 */
export function upTo(stages: readonly Stage[], name: string): Stage[] {
  const needed = new Set<string>();
  const add = (wanted: string): void => {
    const stage = stages.find((candidate) => candidate.name === wanted);
    if (!stage)
      throw new RangeError(`Cannot run ${wanted}: the stages are ${stages.map((s) => s.name).join(", ")}`);
    if (needed.has(wanted)) return;
    needed.add(wanted);
    for (const upstream of stage.after) add(upstream);
  };
  add(name);
  return stages.filter((stage) => needed.has(stage.name));
}
