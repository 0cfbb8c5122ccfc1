// One horizon's scorecard on a worker thread.
import type {Period} from "../src/evaluation/periods.ts";
import {type LeaderboardRow, type ScoredForecasts, scorecard} from "../src/evaluation/scorecard.ts";

export interface ScoreTask {
  readonly scored: ScoredForecasts;
  readonly periods: readonly Period[];
  readonly seed: number;
}

export default function score({scored, ...options}: ScoreTask): LeaderboardRow[] {
  return scorecard(scored, options);
}
