// The comparison of models in README.md, from the lake of the given variables; `--write` puts it there.
import {readFileSync, writeFileSync} from "node:fs";
import {argv} from "zx";
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {openLake} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {readEnvironment} from "./environment.ts";

const environment = readEnvironment({SOURCE: "csv", CSV_DIR: ".", ...process.env});
const {source, config, dataDir} = environment;
const storeOf = (name: string) => storeAt(rootBelow(dataDir, name));
const lake = openLake({store: storeOf(await lakeName({source, target: config.universe.target}, storeOf))});
const rows = tableRows(await lake.read("leaderboard")) as unknown as LeaderboardRow[];
const period = environment.config.walk_forward.reference_period.name;
const main = rows
  .filter((row) => row.horizon === 5 && row.period === period)
  .sort((a, b) => a.qlike - b.qlike);
if (main.length === 0)
  throw new Error(`Cannot show the record: the leaderboard has no period ${period}; run make report`);

const champion = (horizon: number): LeaderboardRow =>
  rows.find(
    (row) => row.horizon === horizon && row.model === environment.config.champion && row.period === period,
  )!;
const other = (horizon: number, model: string): string =>
  rows
    .find((row) => row.horizon === horizon && row.model === model && row.period === period)!
    .qlike.toFixed(horizon === 1 ? 3 : 4);
const sign = (value: number, digits: number): string => (Number.isNaN(value) ? "" : value.toFixed(digits));
const table = [
  "| model | QLIKE | less than rv20 by | RMSE | less by | t | bias | QLIKE, 1 session | 22 sessions |",
  "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
  ...main.map(
    (row) =>
      `| ${row.model} | ${row.qlike.toFixed(4)} | ${sign(100 * row.gain_qlike_rv20, 1)} % | ${row.rmse_pct.toFixed(3)} % | ${sign(100 * row.gain_rmse_rv20, 1)} % | ${sign(row.dm_t_har_vix, 2)} | ${row.bias.toFixed(2)} | ${other(1, row.model)} | ${other(22, row.model)} |`,
  ),
  "",
  `Mean forecast over mean outcome, on variance, of ${environment.config.champion}: ${environment.config.horizons.map((horizon) => `${champion(horizon).bias.toFixed(2)} at ${horizon}`).join(", ")} sessions ahead (1 is unbiased); its t against log_har_vix: ${environment.config.horizons.map((horizon) => `${champion(horizon).dm_t_har_vix.toFixed(2)} at ${horizon}`).join(", ")}.`,
].join("\n");

if (argv.write) {
  const text = readFileSync("README.md", "utf8");
  writeFileSync(
    "README.md",
    text.replace(/(<!-- record:start -->\n)[\s\S]*(\n<!-- record:end -->)/, `$1${table}$2`),
  );
} else {
  console.log(table);
}
