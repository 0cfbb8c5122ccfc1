// How good is each model, and is it better than the baselines?
import {createHash} from "node:crypto";
import type {Evaluation} from "../src/evaluation/evaluationRows.ts";
import {planPeriods} from "../src/evaluation/periods.ts";
import {planRegimes} from "../src/evaluation/regimes.ts";
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {periodLosses} from "../src/evaluation/scoredForecasts.ts";
import {lowerBound, sliceFrame} from "../src/frame.ts";
import {columnTypes} from "../src/store/contract.ts";
import {EVALUATED} from "../src/store/evaluationDatasets.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {mergeTables} from "../src/store/merge.ts";
import {integers, type Table, tableFromRows, takeRows} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {sessionDate} from "../src/units.ts";
import {type ForecastColumns, readForecasts} from "./forecasts.ts";
import {runOnThreads} from "./pool.ts";
import type {ScoreTask} from "./scoreWorker.ts";
import type {Stage, StageContext} from "./stage.ts";
import {leaderboardTrials, recordTrials} from "./trials.ts";
import {forecastNames} from "./universe.ts";

export const evaluateStage: Stage = {
  name: "evaluate",
  does: "score every model on common sessions: losses, tests, calibration, over periods and regimes",
  after: ["walkforward"],
  reads: ["walkforward_daily", "labels_daily", "features_daily"],
  writes: [...EVALUATED, "trials"],
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
    // Most periods are over: a new day leaves what was said of them as it was.
    const {stale, keeps, memory} = comparePeriods(tasks, context);
    const evaluations = await runOnThreads<ScoreTask, Evaluation>(
      new URL("./scoreWorker.ts", import.meta.url),
      stale,
      {progress: (done) => progress(`${done} of ${stale.length} periods scored`)},
    );
    let scores: LeaderboardRow[] = [];
    for (const dataset of EVALUATED) {
      const contract = lake.contract(dataset);
      const own = evaluations.flatMap((evaluation) => evaluation[dataset].map((row) => ({...row})));
      const known = rowsOfPeriods(await read(dataset), keeps);
      const made = tableFromRows(columnTypes(contract), own);
      const table = mergeTables(contract, known.rows > 0 ? [known, made] : [made]);
      await write(dataset, table);
      if (dataset === "leaderboard") scores = tableRows(table) as unknown as LeaderboardRow[];
    }
    await recordTrials(context, leaderboardTrials(scores, config));
    return {
      rows: scores.length,
      sessions: scores.reduce((most, {n}) => Math.max(most, n), 0),
      scored: stale.length,
      memory,
    };
  },
};

type PeriodTest = (horizon: number, period: string | undefined) => boolean;

/** Which periods must be scored, and which have in the lake what would be said of them again. */
function comparePeriods(
  tasks: readonly ScoreTask[],
  {memory, codeHash}: StageContext,
): {stale: ScoreTask[]; keeps: PeriodTest; memory: Record<string, string>} {
  const before = (memory ?? {}) as Record<string, string>;
  const hashes = tasks.map((task) => hashOfScored(task, codeHash));
  const keyOf = ({scored, periods: [period]}: ScoreTask) => `${scored.horizon} ${period!.name}`;
  const stands = (task: ScoreTask, i: number) => before[keyOf(task)] === hashes[i];
  const standing = tasks.filter(stands);
  const names = new Set(standing.map(keyOf));
  const overTime = new Set(standing.filter((task) => task.overTime).map(({scored}) => scored.horizon));
  return {
    stale: tasks.filter((task, i) => !stands(task, i)),
    keeps: (horizon, period) =>
      period === undefined ? overTime.has(horizon) : names.has(`${horizon} ${period}`),
    memory: Object.fromEntries(tasks.map((task, i) => [keyOf(task), hashes[i]!])),
  };
}

/** SHA-256 over all that a period's evaluation follows from. */
function hashOfScored({scored, periods: [period], seed, overTime}: ScoreTask, codeHash: string): string {
  const losses = periodLosses(scored, period!);
  const hash = createHash("sha256").update(JSON.stringify([codeHash, period!.name, seed, overTime]));
  if (!losses) return hash.digest("hex");
  const {horizon, tested, sessions, variance, models} = losses;
  hash.update(JSON.stringify([horizon, tested, models.map(({model}) => model)]));
  hash.update(sessions).update(variance);
  for (const own of models) hash.update(own.variance).update(own.volatility);
  return hash.digest("hex");
}

// The rows over time are of the horizon's first period and do not name it.
function rowsOfPeriods(table: Table, keeps: PeriodTest): Table {
  const horizons = integers(table, "horizon");
  const periods = table.columns.period as readonly string[] | undefined;
  const rows = Uint32Array.from(horizons.keys());
  return takeRows(
    table,
    rows.filter((row) => keeps(horizons[row]!, periods?.[row])),
  );
}

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
