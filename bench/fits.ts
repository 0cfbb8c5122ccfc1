// What does a fit of each model cost, and all the fits of a run? node bench/fits.ts writes the table of
// docs/performance.md.

import {readFileSync} from "node:fs";
import {cpus} from "node:os";
import {writeMarked} from "../pipeline/markedText.ts";
import {planTasks} from "../pipeline/walkforward.ts";
import {parseConfig} from "../src/config.ts";
import {hasSharedMarket, sampleTable, sharedTable} from "../src/evaluation/marketTable.fixture.ts";
import {forecastFold} from "../src/evaluation/walkForward.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";

const EVERY = 13; // of a model's fits one in so many is made, over all horizons and years

const table = hasSharedMarket
  ? sharedTable()
  : sampleTable({seed: 1, first: "1993-01-29", last: "2023-12-29"});
const tasks = planTasks(table.features.sessions, parseConfig(readFileSync("config/default.yaml", "utf8")));
const costs = [...Map.groupBy(tasks, ({model}) => model)]
  .map(([name, own]) => {
    const {model} = catalogueEntry(name);
    const some = own.filter((_, i) => i % EVERY === EVERY - 1);
    const before = process.cpuUsage();
    for (const task of some) forecastFold(task, {model, table});
    const {user, system} = process.cpuUsage(before);
    const milliseconds = (user + system) / 1000 / some.length;
    return {name, fits: own.length, milliseconds, seconds: (milliseconds * own.length) / 1000};
  })
  .sort((a, b) => b.seconds - a.seconds);
const total = costs.reduce((sum, {seconds}) => sum + seconds, 0);
const text = [
  `Measured by \`node bench/fits.ts\` on ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, ${hasSharedMarket ? "real bars" : "the sample market"} to 2023-12-29: every ${EVERY}th fit was timed; all ${tasks.length} take about ${total.toFixed(0)} s of processor time.`,
  "",
  "| model | fits of a run | ms a fit | s, all of them |",
  "|---|---:|---:|---:|",
  ...costs.map(
    ({name, fits, milliseconds, seconds}) =>
      `| \`${name}\` | ${fits} | ${milliseconds.toFixed(1)} | ${seconds.toFixed(1)} |`,
  ),
].join("\n");
writeMarked("docs/performance.md", {marker: "fits", text});
console.log(text);
