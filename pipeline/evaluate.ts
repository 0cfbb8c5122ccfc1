// How good is each model, and is it better than the baselines?
import type {Evaluation} from "../src/evaluation/evaluationRows.ts";
import {planPeriods} from "../src/evaluation/periods.ts";
import {planRegimes} from "../src/evaluation/regimes.ts";
import {lowerBound, sliceFrame} from "../src/frame.ts";
import {columnTypes} from "../src/store/contract.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {type ForecastColumns, readForecasts} from "./forecasts.ts";
import {runOnThreads} from "./pool.ts";
import type {ScoreTask} from "./scoreWorker.ts";
import type {Stage, StageContext} from "./stage.ts";
import {leaderboardTrials, recordTrials} from "./trials.ts";
import {forecastNames} from "./universe.ts";

const TABLES = [
  "leaderboard",
  "model_tests",
  "superior_ability",
  "fluctuation",
  "calibration",
  "reliability",
] as const;

export const evaluateStage: Stage = {
  name: "evaluate",
  does: "score every model on common sessions: losses, tests, calibration, over periods and regimes",
  after: ["walkforward"],
  reads: ["walkforward_daily", "labels_daily", "features_daily"],
  writes: [...TABLES, "trials"],
  shares: ["trials"],
  config: ["features", "horizons", "seed", "universe", "walk_forward"],
  async run(context) {
    const {read, write, config, progress, lake} = context;
    const {name, first, last} = config.walk_forward.reference_period;
    const models = forecastNames(config);
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const implied = await impliedSinceTraining(context);
    // A task a period, for horizons are not as many as threads may be.
    const tasks = config.horizons.flatMap((horizon): ScoreTask[] => {
      const {trainedThrough: _, ...scored} = onlyModels(forecasts(horizon), models);
      const reference = {name, first: sessionDate(first), last: sessionDate(last)};
      const periods = [...planPeriods(scored.sessions, reference), ...planRegimes(scored, implied)];
      return periods.map((period, i) => ({
        scored,
        periods: [period],
        seed: config.seed,
        overTime: i === 0,
      }));
    });
    const evaluations = await runOnThreads<ScoreTask, Evaluation>(
      new URL("./scoreWorker.ts", import.meta.url),
      tasks,
      {progress: (done) => progress(`${done} of ${tasks.length} periods scored`)},
    );
    for (const dataset of TABLES) {
      const own = evaluations.flatMap((evaluation) => evaluation[dataset].map((row) => ({...row})));
      await write(dataset, tableFromRows(columnTypes(lake.contract(dataset)), own));
    }
    const scores = evaluations.flatMap(({leaderboard}) => leaderboard);
    await recordTrials(context, leaderboardTrials(scores, config));
    return {rows: scores.length, sessions: scores.reduce((most, {n}) => Math.max(most, n), 0)};
  },
};

// Closes of the implied index from the first session that may train a model; all unknown where there is none.
async function impliedSinceTraining({read, config}: StageContext) {
  const features = tableFrame(await read("features_daily"));
  const {sessions, columns} = sliceFrame(
    features,
    lowerBound(features.sessions, sessionDate(config.walk_forward.train_from)),
    features.sessions.length,
  );
  return {sessions, level: columns.vix ?? new Float64Array(sessions.length).fill(Number.NaN)};
}

/** The same with the forecasts of some models alone, in their order. */
export function onlyModels(scored: ForecastColumns, models: readonly string[]): ForecastColumns {
  const kept = Object.entries(scored.forecasts).filter(([model]) => models.includes(model));
  return {...scored, forecasts: Object.fromEntries(kept)};
}
