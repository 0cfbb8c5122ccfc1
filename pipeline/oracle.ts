// How far are the forecasts from the best there can be? Only the simulated market knows.
import {type OracleRow, oracleRows} from "../src/evaluation/oracle.ts";
import {planPeriods} from "../src/evaluation/periods.ts";
import {column} from "../src/frame.ts";
import {simulateMarket} from "../src/market/sample.ts";
import {columnTypes} from "../src/store/contract.ts";
import {tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {readForecasts} from "./forecasts.ts";
import type {Stage, StageContext} from "./stage.ts";
import {forecastNames} from "./universe.ts";

const MAIN_HORIZON = 5;
const SIMULATED = "SPY"; // the simulation knows the true variance of this target

export const oracleStage: Stage = {
  name: "oracle",
  does: "compare every forecast with the true variance, where the market is simulated",
  after: ["walkforward"],
  reads: ["walkforward_daily", "labels_daily"],
  writes: ["oracle"],
  config: ["champion", "features", "horizons", "sample", "universe", "walk_forward"],
  async run(context) {
    const {source, config, lake, write, log} = context;
    if (source !== "sample" || config.universe.target !== SIMULATED) {
      return {summary: `nobody knows the true variance of ${config.universe.target} from ${source}`, rows: 0};
    }
    const rows = await compare(context);
    const types = columnTypes(lake.contract("oracle"));
    await write(
      "oracle",
      tableFromRows(
        types,
        rows.map((row) => ({...row})),
      ),
    );
    const champion = rows.find(
      ({model, horizon, period}) => model === config.champion && horizon === MAIN_HORIZON && period === "all",
    );
    if (!champion) throw new Error(`Cannot compare ${config.champion}: it has no forecast with an outcome`);
    const {model, n, qlike, qlike_oracle, excess, excess_t, distance} = champion;
    const summary = `QLIKE of ${model} at ${MAIN_HORIZON} sessions is ${qlike.toFixed(4)}, of the true variance ${qlike_oracle.toFixed(4)}`;
    log.info({stage: "oracle", model, n, excess, excess_t, distance}, summary);
    return {
      summary,
      rows: rows.length,
      champion: model,
      qlike_5d: qlike,
      qlike_oracle_5d: qlike_oracle,
      excess_qlike_5d: excess,
      distance_5d: distance,
    };
  },
};

async function compare({read, config}: StageContext): Promise<OracleRow[]> {
  const {seed, first} = config.sample;
  const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
  const names = forecastNames(config);
  const last = config.horizons.reduce(
    (day, horizon) => Math.max(day, forecasts(horizon).sessions.at(-1) ?? 0),
    0,
  );
  const {trueVariance} = simulateMarket({seed, first: sessionDate(first), last});
  const row = new Map(Array.from(trueVariance.sessions, (day, t) => [day, t]));
  const {reference_period: reference} = config.walk_forward;
  return config.horizons.flatMap((horizon) => {
    const scored = forecasts(horizon);
    const kept = Object.entries(scored.forecasts).filter(([model]) => names.includes(model));
    const known = column(trueVariance, `expected_${horizon}d`);
    return oracleRows(
      {...scored, forecasts: Object.fromEntries(kept)},
      {
        expected: Float64Array.from(scored.sessions, (day) => known[row.get(day) ?? -1] ?? Number.NaN),
        periods: planPeriods(scored.sessions, {
          name: reference.name,
          first: sessionDate(reference.first),
          last: sessionDate(reference.last),
        }),
      },
    );
  });
}
