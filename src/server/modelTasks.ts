// What is computed away from the requests, in a thread: batches of rows, and fits?

import {parseJsonBody} from "./jsonBody.ts";
import {createPredictor, type Predictor, type PredictorOptions} from "./predictor.ts";
import {parseBatch} from "./predictRequest.ts";
import {type Fault, Problem, type ProblemKind} from "./problem.ts";
import {fitTicker, type TickerFit, type TickerModel} from "./tickerModels.ts";

/** Plain data: it is posted to a thread. */
export type ModelTask =
  | {
      readonly kind: "batch";
      /** The body as it came. */
      readonly text: string;
      /** Which predictor is asked; what it is made of is sent to a thread that does not know it. */
      readonly predictor: number;
      readonly options?: PredictorOptions;
    }
  | {
      readonly kind: "fit";
      readonly returns: Float64Array;
      readonly ticker: string;
      readonly model: TickerModel;
    };

export type ModelAnswer =
  | {readonly kind: "batch"; readonly json: Uint8Array<ArrayBuffer>; readonly rows: number}
  | {readonly kind: "fit"; readonly fit: TickerFit}
  /** The thread does not know the predictor: send the task again, with its options. */
  | {readonly kind: "unknown"}
  /** A Problem does not survive the way between threads as one. */
  | {readonly kind: "problem"; readonly problem: ProblemKind; readonly faults: readonly Fault[]};

/** Carries tasks out, one after the other. It knows the predictor of the latest options it was given. */
export function createModelTasks(): (task: ModelTask) => ModelAnswer {
  let known: {readonly id: number; readonly predictor: Predictor} | undefined;

  function carryOut(task: ModelTask): ModelAnswer {
    if (task.kind === "fit") return {kind: "fit", fit: fitTicker(task.returns, task)};
    if (task.options) known = {id: task.predictor, predictor: createPredictor(task.options)};
    if (known?.id !== task.predictor) return {kind: "unknown"};
    const {predict} = known.predictor;
    const answers = parseBatch(parseJsonBody(task.text)).map((row) => JSON.stringify(predict(row)));
    return {
      kind: "batch",
      json: new TextEncoder().encode(`[${answers.join(",")}]`),
      rows: answers.length,
    };
  }

  return (task) => {
    try {
      return carryOut(task);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return {kind: "problem", problem: error.kind, faults: error.faults};
    }
  };
}
