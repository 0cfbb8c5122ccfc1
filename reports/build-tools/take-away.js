// What may be taken away without a browser? The comparison tables as CSV and the record's charts as SVG, of the data the
// pages read: figures/ and tables/ of the site.

import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import {cumulativeDifferences, lossColumns, rollingMeans} from "../../src/report/lossPaths.ts";
import {calibrationChart} from "../src/components/calibrationChart.js";
import {widthChart} from "../src/components/coverageCharts.js";
import {toCsv} from "../src/components/download.js";
import {sourceName} from "../src/components/format.js";
import {cumulativeLossChart, fluctuationChart, rollingLossChart} from "../src/components/lossCharts.js";
import {modelStyles} from "../src/components/palette.js";
import {isRegime, isYear} from "../src/components/periods.js";
import {bothWays, gainsByPeriodChart, gainsChart, testsMatrix} from "../src/components/recordCharts.js";
import {
  specificationChoices,
  specificationCurve,
  specificationTitle,
} from "../src/components/specificationCurve.js";
import {standAlone} from "../src/components/standAlone.js";
import {decodeTable, rowsOf} from "../src/lib/parquet.js";
import {coverageCharts, effectCharts, todayCharts, whyCharts} from "./first-view-charts.js";

const TABLES = [
  "leaderboard",
  "superior_ability",
  "model_tests_1",
  "model_tests_5",
  "model_tests_22",
  "calibration",
  "reliability_1",
  "reliability_5",
  "reliability_22",
  "coverage",
  "multiverse",
  "targets",
  "trials",
];
const VIEWS = ["summary", "record", "coverage", "robustness", "market", "certificate", "models"];
const HORIZON = 5;
const WIDTH = 960;
const GAIN = "gain_qlike_har_vix";

/** Writes tables/*.csv and figures/*.svg beside the built pages. Charts without data are left out. */
export async function writeTakeaways({data, output}) {
  const read = async (name) => {
    const bytes = readFileSync(join(data, `${name}.parquet`));
    return decodeTable(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const json = (name) => JSON.parse(readFileSync(join(data, `${name}.json`), "utf8"));
  for (const folder of ["tables", "figures"]) mkdirSync(join(output, folder), {recursive: true});
  const put = (folder, name, text) => writeFileSync(join(output, folder, name), text);
  const views = Object.fromEntries(VIEWS.map((name) => [name, json(name)]));
  const tables = Object.entries(viewTables(views));
  for (const name of TABLES) tables.push([name, rowsOf(await read(name))]);
  for (const [name, rows] of tables) if (rows.length > 0) put("tables", `${name}.csv`, toCsv(rows));
  const {document} = new JSDOM("").window;
  const simulated = views.summary.source === "sample";
  const options = {document, width: WIDTH, simulated};
  const figures = [
    ...todayCharts(views, options),
    ...(await charts(read, views)),
    ...(await whyCharts(read, views, options)),
    ...(await coverageCharts(read, views, options)),
    ...effectCharts(views, options),
  ];
  const source = `Source: ${sourceName(views.summary.source)}, computed by volbook; run ${views.summary.runId}.`;
  for (const {name, title, subtitle, chart} of figures) {
    if (chart) put("figures", `${name}.svg`, standAlone([chart].flat(), {title, subtitle, source}));
  }
}

// Tables that pages show of the first views; what is an object in a cell is left out.
function viewTables({summary, record, robustness, market, certificate, models}) {
  return {
    forecasts: summary.forecasts,
    forecast_intervals: summary.intervals,
    change_since_the_session_before: summary.drivers.steps,
    drivers: summary.drivers.contributions,
    importance: summary.explanation.importance,
    importance_by_year: summary.explanation.importanceByYear,
    gates: Object.entries(record.gates).flatMap(([horizon, gates]) =>
      gates.map((gate) => ({horizon: Number(horizon), ...gate})),
    ),
    oracle: record.oracle,
    live_forecasts: record.live.forecasts,
    live_forecasts_by_horizon: record.live.horizons,
    multiverse_claims: robustness.claims,
    multiverse_effects: robustness.effects,
    searches: robustness.searches,
    series: market.series.map((row) => ({...row, missing: row.missing.length})),
    refused_bars: market.refused,
    vintages: market.vintages.map(({rewrote, ...row}) => ({...row, ...rewrote})),
    revisions: market.revisions,
    features_known: market.features,
    certificate_kinds: certificate.kinds,
    certificate: certificate.rows,
    published_models: models.served.map(({features, ...row}) => ({...row, features: features.length})),
    model_cards: models.cards.flatMap(({name, metrics}) => metrics.map((row) => ({model: name, ...row}))),
  };
}

async function charts(read, {summary, record, robustness}) {
  const {document} = new JSDOM("").window;
  const {champion, reference, baseline} = record;
  const simulated = summary.source === "sample";
  const options = {document, width: WIDTH, simulated, style: modelStyles({champion, reference, baseline})};
  const board = rowsOf(await read("leaderboard")).filter((row) => row.horizon === HORIZON);
  const all = board.filter(({period}) => period === "all").toSorted((a, b) => a.qlike - b.qlike);
  const models = all.map(({model}) => model);
  const others = models.filter((model) => model !== reference);
  const pairs = bothWays(rowsOf(await read(`model_tests_${HORIZON}`)).filter(({period}) => period === "all"));
  const losses = lossColumns(await read(`variance_${HORIZON}`), {
    outcomes: await read("outcomes"),
    horizon: HORIZON,
  });
  const windows = rowsOf(await read(`fluctuation_${HORIZON}`));
  const groups = rowsOf(await read(`reliability_${HORIZON}`)).filter(
    (row) => row.period === "all" && row.model === champion,
  );
  const coverage = rowsOf(await read("coverage")).filter(
    (row) => row.horizon === HORIZON && row.model === champion && row.period === "all",
  );
  const cells = rowsOf(await read("multiverse"))
    .filter((cell) => cell.model === champion && cell.reference === reference)
    .map((cell) => ({...cell, train_from: cell.train_from.toISOString().slice(0, 10), span: cell.window}));
  const byPeriod = (kind) => {
    const rows = board.filter(({period}) => kind(period));
    const periods = [...new Set(rows.map(({period}) => period))].sort();
    return (
      rows.length > 0 &&
      gainsByPeriodChart(rows, {...options, models: others, periods, gain: GAIN, other: reference})
    );
  };
  const scored = losses.sessions.length > 0 && losses.losses.has(reference);
  const rolling = scored ? rollingMeans(losses, {window: 250, every: 5}) : [];
  const paths = Array.from(
    Map.groupBy(windows, ({model}) => model),
    ([name, own]) => ({
      name,
      dates: own.map(({date}) => +date),
      values: own.map(({statistic}) => statistic),
    }),
  );
  return [
    {
      name: "gains",
      title: `QLIKE less than ${reference}'s, %, with 95 % intervals, five sessions ahead`,
      chart: models.includes(reference) && gainsChart(all, {...options, gain: GAIN, other: reference}),
    },
    {
      name: "model-tests",
      title: "Diebold-Mariano t of every pair, five sessions ahead",
      chart: pairs.length > 0 && testsMatrix(pairs, {...options, models}),
    },
    {
      name: "cumulative-loss",
      title: `Cumulative QLIKE less ${reference}'s, five sessions ahead`,
      chart:
        scored &&
        cumulativeLossChart(cumulativeDifferences(losses, {reference, every: 5}), {
          ...options,
          reference,
          framed: champion,
        }),
    },
    {
      name: "rolling-loss",
      title: "Mean QLIKE of the last 250 forecasts, five sessions ahead",
      chart: rolling.length > 0 && rollingLossChart(rolling, {...options, window: 250}),
    },
    {
      name: "fluctuation",
      title: `Fluctuation test against ${reference}, five sessions ahead`,
      chart:
        paths.length > 0 && fluctuationChart(paths, {...options, critical: windows[0].critical, reference}),
    },
    {
      name: "gains-by-year",
      title: `Gain on ${reference} by year, % of its QLIKE, five sessions ahead`,
      chart: byPeriod(isYear),
    },
    {
      name: "gains-by-regime",
      title: `Gain on ${reference} by third of the VIX and on the worst days, five sessions ahead`,
      chart: byPeriod(isRegime),
    },
    {
      name: "calibration",
      title: `Forecasts of ${champion} in ten groups and what came, five sessions ahead`,
      chart: groups.length > 0 && calibrationChart(groups, options),
    },
    {
      name: "coverage-width",
      title: `Coverage against width, intervals around ${champion}, five sessions ahead`,
      chart: coverage.length > 0 && widthChart(coverage, options),
    },
    {
      name: "specification-curve",
      title: cells.length > 0 && specificationTitle(cells, {model: champion, reference}),
      chart: cells.length > 0 && [
        specificationCurve(cells, {...options, reference, main: robustness.main}),
        specificationChoices(cells, options),
      ],
    },
  ];
}
