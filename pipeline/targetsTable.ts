// The comparison of targets in docs/targets.md, from the main lake of the given variables; `--write` puts it there.
import {argv} from "zx";
import {BASELINE, REFERENCE} from "../src/evaluation/scorecard.ts";
import {openLake} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {isoDate} from "../src/units.ts";
import {readEnvironment} from "./environment.ts";
import {writeMarked} from "./markedText.ts";
import type {TargetRow} from "./targetRows.ts";

const PAGE = "docs/targets.md";
const HORIZON = 5;

const {source, config, dataDir} = readEnvironment({SOURCE: "csv", CSV_DIR: ".", ...process.env});
const storeOf = (name: string) => storeAt(rootBelow(dataDir, name));
const lake = openLake({store: storeOf(await lakeName({source, target: config.universe.target}, storeOf))});
const rows = (tableRows(await lake.read("targets")) as unknown as TargetRow[]).filter(
  ({horizon}) => horizon === HORIZON,
);
if (rows.length === 0) throw new Error("Cannot show the targets: the lake has none; run make targets");

const shown = (value: number, digits: number): string => (Number.isNaN(value) ? "" : value.toFixed(digits));
const models = [...new Set([BASELINE, REFERENCE, "anchored", config.champion])];
const lines = [...new Set(rows.map(({symbol}) => symbol))].flatMap((symbol) =>
  models.flatMap((name) => {
    const row = rows.find((one) => one.symbol === symbol && one.model === name);
    if (!row) return [];
    const gain = `${shown(100 * row.gain_qlike_rv20, 1)} % | ${shown(100 * row.gain_rmse_rv20, 1)} %`;
    return [
      `| ${symbol} | ${row.implied || "none"} | ${isoDate(row.first)} .. ${isoDate(row.last)} | ${row.n} | ${name} | ${row.qlike.toFixed(4)} | ${gain} | ${shown(row.dm_t_har_vix, 2)} | ${row.bias.toFixed(2)} |`,
    ];
  }),
);
const table = [
  "| target | implied index | scored | n | model | QLIKE | less than rv20 by | RMSE less by | t | bias |",
  "|---|---|---|---:|---|---:|---:|---:|---:|---:|",
  ...lines,
].join("\n");

if (argv.write) writeMarked(PAGE, {marker: "targets", text: table});
else console.log(table);
