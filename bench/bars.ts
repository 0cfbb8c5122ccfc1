// What do the checks make of real files of bars, and how large are the labels that follow? The table of docs/sources.md and
// the figures of docs/labels.md: node bench/bars.ts <folder of CSV files> [last day]
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {computeLabels} from "../src/labels/realizedVolatility.ts";
import {type Bar, toBars} from "../src/market/bars.ts";
import {checkBars} from "../src/market/checkBars.ts";
import {parseCsvBars} from "../src/market/csvBars.ts";
import {annualizedVolatility, isoDate, sessionDate} from "../src/units.ts";

const [folder = "../shared/market", lastDay = "2023-12-29"] = process.argv.slice(2);
const last = sessionDate(lastDay);
console.log("| symbol | bars read | refused | open left blank | median of rv_5d | a year | most |");
console.log("|---|---:|---:|---:|---:|---:|---:|");
const totals = [0, 0, 0];
for (const file of readdirSync(folder).filter((name) => /\.csv$/i.test(name))) {
  for (const [symbol, read] of seriesOf(file)) {
    const {accepted, quarantined, repaired} = checkBars(read, {lastClosed: last});
    const counts = [read.length, quarantined.length, repaired.length];
    counts.forEach((count, k) => {
      totals[k]! += count;
    });
    const labels = computeLabels(toBars(symbol, accepted)).columns.rv_5d!.filter(Number.isFinite).sort();
    const median = labels[Math.floor(labels.length / 2)]!;
    const year = annualizedVolatility(median, 5);
    console.log(
      `| ${[symbol, ...counts, median.toFixed(4), `${(100 * year).toFixed(1)} %`, labels.at(-1)!.toFixed(3)].join(" | ")} |`,
    );
    for (const {bar, reason} of quarantined) console.error(`${symbol} ${isoDate(bar.session)}: ${reason}`);
  }
}
console.log(`| all | ${totals.join(" | ")} | | | |`);

function seriesOf(file: string): Map<string, Bar[]> {
  const text = readFileSync(join(folder, file), "utf8");
  const {symbols} = parseCsvBars(text, {file, symbols: new Set()});
  const {bars} = parseCsvBars(text, {file, symbols: new Set(symbols)});
  return Map.groupBy(
    bars.filter(({session}) => session <= last),
    ({symbol}) => symbol,
  );
}
