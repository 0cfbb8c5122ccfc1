// How soon does a reader see a number, a chart of stored data, and an answer of the database in the page? node bench/dashboard.ts [rounds] [--small]
//
// Chromium, headless, started anew with an empty profile for each round, on the site of bench/pipeline.ts or `make report`.

import {once} from "node:events";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import type {AddressInfo} from "node:net";
import {availableParallelism, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {chromium} from "playwright-core";
import {createSiteServer} from "../reports/serve.ts";
import {CHROMIUM, FLAGS} from "../test/browser.ts";
import {median} from "./inTurn.ts";
import {finish, readArguments} from "./report.ts";

const SLOWDOWN = 4; // of a processor, as a telephone has
const SLOWED = `processor slowed ${SLOWDOWN} times`;
const {small, json, words} = readArguments();
const rounds = Number(words[0] ?? (small ? 1 : 7));
const goals = {number: "<= 300 ms", chart: "<= 2 s", answer: "<= 2 s"};
const site = [process.env.SITE_DIR, "reports/dist"].find(
  (folder) => folder && existsSync(join(folder, "index.html")),
);
const absent = !existsSync(CHROMIUM)
  ? `The pages were not opened: ${CHROMIUM} is not installed (Debian: chromium).`
  : "The pages were not opened: there is no site; run `make report` first.";

if (!site || !existsSync(CHROMIUM)) {
  const rows = [
    {what: "dashboard: first number, cold", ours: "-", goal: goals.number},
    {what: `dashboard: first number, cold, ${SLOWED}`, ours: "-"},
    {what: "dashboard: first chart of a Parquet file, cold", ours: "-", goal: goals.chart},
    {what: "dashboard: first answer of DuckDB, cold", ours: "-", goal: goals.answer},
  ];
  finish({rows, notes: [absent]}, json);
} else {
  const server = createSiteServer(site).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const number: number[] = [];
  const slowed: number[] = [];
  const chart: number[] = [];
  const answer: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      number.push(await open(`${address}/index.html`, {moment: "numberAt"}));
      slowed.push(await open(`${address}/index.html`, {moment: "numberAt", slowdown: SLOWDOWN}));
      chart.push(await open(`${address}/explanation.html`, {moment: "chartAt"}));
      answer.push(await open(`${address}/data.html`, {moment: "answerAt"}));
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  const [seen, ready, answered] = [median(number), median(chart) / 1000, median(answer) / 1000];
  finish(
    {
      rows: [
        {
          what: "dashboard: first number, cold",
          ours: `${seen.toFixed(0)} ms`,
          ...{goal: goals.number, met: seen <= 300},
        },
        {what: `dashboard: first number, cold, ${SLOWED}`, ours: `${median(slowed).toFixed(0)} ms`},
        {
          what: "dashboard: first chart of a Parquet file (Why page), cold",
          ours: `${ready.toFixed(2)} s`,
          ...{goal: goals.chart, met: ready <= 2},
        },
        {
          what: "dashboard: DuckDB loaded, and its first answer (Data page), cold",
          ours: `${answered.toFixed(2)} s`,
          ...{goal: goals.answer, met: answered <= 2},
        },
      ],
      notes: [
        `Chromium, headless, ${rounds} cold starts, since the navigation began; files from this machine's disk. Charts read Parquet themselves; the database is asked as soon as the page has a button for it. First number: ${Math.min(...number).toFixed(0)} to ${Math.max(...number).toFixed(0)} ms; load of the machine at the end ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors.`,
      ],
    },
    json,
  );
}

/** Opens a page in a new browser, and waits for one of the moments: ms since the navigation began. */
async function open(
  url: string,
  {moment, slowdown = 1}: {moment: "numberAt" | "chartAt" | "answerAt"; slowdown?: number},
): Promise<number> {
  const profile = mkdtempSync(join(tmpdir(), "volbook-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
  });
  try {
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send("Emulation.setCPUThrottlingRate", {rate: slowdown});
    await page.addInitScript({path: new URL("watchPage.js", import.meta.url).pathname});
    await page.goto(url, {waitUntil: "commit"});
    for (let look = 0; look < 600; look++) {
      const at = await page.evaluate((name) => Reflect.get(globalThis, name) as number | undefined, moment);
      if (at !== undefined) return at;
      await wait(100);
    }
    throw new Error(`${url} shows no ${moment} within a minute`);
  } finally {
    await context.close();
    rmSync(profile, {recursive: true, force: true});
  }
}
