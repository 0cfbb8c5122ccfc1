// One horizon's evaluation over some periods, on a worker thread.
import {evaluateForecasts} from "../src/evaluation/evaluateForecasts.ts";
import type {Evaluation} from "../src/evaluation/evaluationRows.ts";
import type {Period} from "../src/evaluation/periods.ts";
import type {ScoredForecasts} from "../src/evaluation/scoredForecasts.ts";

export interface ScoreTask {
  readonly scored: ScoredForecasts;
  readonly periods: readonly Period[];
  readonly seed: number;
  readonly overTime: boolean;
}

export default function score({scored, ...options}: ScoreTask): Evaluation {
  return evaluateForecasts(scored, options);
}
