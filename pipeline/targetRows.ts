// What does a target's lake say of every model, in one line each?

import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {commonRows} from "../src/evaluation/scoredForecasts.ts";
import {openLake} from "../src/store/lake.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";
import {tableRows} from "../src/store/tableRows.ts";
import type {Environment} from "./environment.ts";
import {readForecasts} from "./forecasts.ts";
import {forecastNames} from "./universe.ts";

const PERIOD = "all";

/** One line of the dataset `targets`. */
export interface TargetRow
  extends Pick<
    LeaderboardRow,
    | "horizon"
    | "model"
    | "n"
    | "n_effective"
    | "qlike"
    | "rmse_pct"
    | "gain_qlike_rv20"
    | "gain_rmse_rv20"
    | "dm_t_rv20"
    | "dm_t_har_vix"
    | "bias"
    | "mcs_p"
  > {
  readonly symbol: string;
  readonly implied: string; // empty where there is none
  readonly first: number; // days since 1970-01-01
  readonly last: number;
  readonly in_set: number; // 1 or 0
}

/** The rows of a target, over all its forecasts, and the hash of the leaderboard they are from. */
export async function targetRows(
  store: ObjectStore,
  {config}: Pick<Environment, "config">,
): Promise<{readonly rows: TargetRow[]; readonly hash: string}> {
  const lake = openLake({store});
  const {target, vix} = config.universe;
  const names = forecastNames(config);
  const forecasts = readForecasts(await lake.read("walkforward_daily"), await lake.read("labels_daily"));
  const span = new Map(
    config.horizons.map((horizon) => {
      const {forecasts: all, ...scored} = forecasts(horizon);
      const own = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
      const days = commonRows({...scored, forecasts: own}).map((row) => scored.sessions[row]!);
      return [horizon as number, {first: days[0]!, last: days.at(-1)!}];
    }),
  );
  const leaderboard = tableRows(await lake.read("leaderboard")) as unknown as LeaderboardRow[];
  const rows = leaderboard
    .filter(({period}) => period === PERIOD)
    .map((row) => ({
      ...row,
      ...span.get(row.horizon)!,
      symbol: target,
      implied: vix ?? "",
      in_set: row.mcs_p >= config.gates.confidence_set_p ? 1 : 0,
    }));
  return {rows, hash: (await lake.manifest("leaderboard"))?.snapshot.sha256 ?? "none"};
}
