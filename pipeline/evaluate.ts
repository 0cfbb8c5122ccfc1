// How good is each model, and is it better than the baselines?
import {planPeriods} from "../src/evaluation/periods.ts";
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {columnTypes} from "../src/store/contract.ts";
import {integers, type Table, tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {type ForecastColumns, readForecasts} from "./forecasts.ts";
import {runOnThreads} from "./pool.ts";
import type {ScoreTask} from "./scoreWorker.ts";
import type {Stage} from "./stage.ts";
import {configuredModels} from "./universe.ts";

export const evaluateStage: Stage = {
  name: "evaluate",
  does: "score every model on common sessions: losses, tests, confidence set",
  after: ["walkforward"],
  reads: ["walkforward_daily", "labels_daily"],
  writes: ["leaderboard"],
  config: ["features", "horizons", "seed", "universe", "walk_forward"],
  async run({read, write, config, progress, lake}) {
    const {name, first, last} = config.walk_forward.reference_period;
    const models = configuredModels(config);
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const tasks = config.horizons.map((horizon): ScoreTask => {
      const {trainedThrough: _, ...scored} = onlyModels(forecasts(horizon), models);
      const periods = planPeriods(scored.sessions, {
        name,
        first: sessionDate(first),
        last: sessionDate(last),
      });
      return {scored, periods, seed: config.seed};
    });
    const scores = await runOnThreads<ScoreTask, LeaderboardRow[]>(
      new URL("./scoreWorker.ts", import.meta.url),
      tasks,
      {
        progress: (done) => progress(`${done} of ${tasks.length} horizons scored`),
      },
    );
    const rows = scores.flat();
    const table: Table = tableFromRows(
      columnTypes(lake.contract("leaderboard")),
      rows.map((row) => ({...row})),
    );
    await write("leaderboard", table);
    return {rows: rows.length, sessions: integers(table, "n").reduce((a, b) => Math.max(a, b), 0)};
  },
};

function onlyModels(scored: ForecastColumns, models: readonly string[]): ForecastColumns {
  const kept = Object.entries(scored.forecasts).filter(([model]) => models.includes(model));
  return {...scored, forecasts: Object.fromEntries(kept)};
}
