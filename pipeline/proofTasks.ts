// What does the prover ask of its threads? Derivations of features, labels, training sets and forecasts from changed bars.
import type {Config} from "../src/config.ts";
import type {FoldTask} from "../src/evaluation/walkForward.ts";
import type {Model} from "../src/models/model.ts";
import type {Baseline, Change, Derivation} from "../src/proof/derivation.ts";
import {type Evidence, mergeEvidence} from "../src/proof/evidence.ts";
import {changeTable, forecastOnce, proveForecast} from "../src/proof/forecasts.ts";
import {proveFuture} from "../src/proof/future.ts";
import {proveLabelWindow} from "../src/proof/labelWindow.ts";
import {featuresOf} from "./features.ts";
import {labelsOf} from "./labels.ts";
import {marketTable, planTasks} from "./walkforward.ts";

/** A fold with its published fit, as JSON. */
export interface FittedFold {
  readonly task: FoldTask;
  readonly fit: string;
}

export type ProofTask =
  | {readonly kind: "futures"; readonly changes: readonly Change[]}
  | {readonly kind: "label windows"; readonly rows: readonly number[]}
  | {
      readonly kind: "forecasts";
      readonly changes: readonly Change[];
      readonly folds: readonly FittedFold[];
    };

/** The pipeline's own functions. */
export function pipelineDerivation(config: Config): Derivation {
  return {
    features: (bars) => featuresOf(bars, config),
    labels: (bars) => labelsOf(bars, config),
    table: (features, labels) => marketTable(features, {labels, config}),
    plan: (sessions) => planTasks(sessions, config),
  };
}

/** The evidence of a task. */
export function runProofTask(
  task: ProofTask,
  {
    derivation,
    baseline,
    modelOf,
  }: {
    readonly derivation: Derivation;
    readonly baseline: Baseline;
    readonly modelOf: (name: string) => Model;
  },
): Evidence[] {
  switch (task.kind) {
    case "futures":
      return mergeEvidence(task.changes.flatMap((change) => proveFuture(derivation, baseline, change)));
    case "label windows":
      return mergeEvidence(task.rows.flatMap((row) => proveLabelWindow(derivation, baseline, row)));
    case "forecasts": {
      const {table} = baseline;
      const folds = task.folds.map(({task: fold, fit}) =>
        forecastOnce(fold, {model: modelOf(fold.model), table, fit: JSON.parse(fit)}),
      );
      return mergeEvidence(
        task.changes.flatMap((change) => {
          const changed = changeTable(table, change);
          return folds.flatMap((fold) => proveForecast(fold, {table, changed, ...change}));
        }),
      );
    }
  }
}
