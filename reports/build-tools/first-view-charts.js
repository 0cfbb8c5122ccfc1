// Which charts do the pages beside the record show first? The same functions on the same data, for figures/ of the site.

import {coveragePath} from "../../src/report/coveragePath.ts";
import {anatomyChart} from "../src/components/anatomyChart.js";
import {beeswarmChart} from "../src/components/beeswarmChart.js";
import {bridgeChart} from "../src/components/bridgeChart.js";
import {coverageByPeriodChart, coveragePathChart} from "../src/components/coverageCharts.js";
import {dependenceChart, dependencePoints} from "../src/components/dependenceChart.js";
import {driversChart} from "../src/components/driversChart.js";
import {label, percent, shortDate, wholePercent} from "../src/components/format.js";
import {coverageTitle, historyChart} from "../src/components/historyChart.js";
import {importanceByYearChart, importanceChart} from "../src/components/importanceChart.js";
import {intervalsChart} from "../src/components/intervalsChart.js";
import {inOrderOfRegimes, isRegime, isYear} from "../src/components/periods.js";
import {effectsChart} from "../src/components/robustnessTables.js";
import {explainedFeatures, strongestInteraction, swarmPoints} from "../src/components/swarm.js";
import {waterfallChart} from "../src/components/waterfallChart.js";
import {rowsOf} from "../src/lib/parquet.js";

const HORIZON = 5;
const WINDOW = 252;
const SWARM = 12; // features

/** Of Today, from the summary alone. */
export function todayCharts({summary}, options) {
  const {drivers, intervals, history, symbol, asOf} = summary;
  const known = history.map((row) => ({...row, date: new Date(row.date)}));
  return [
    {
      name: "intervals",
      title: `Where the outcome after ${shortDate(asOf)} is expected, for each horizon`,
      subtitle: `Realized volatility of ${symbol}, % a year, log axis; bands hold 80, 90 and 95 % of outcomes, the line is the forecast.`,
      chart: intervals.length > 0 && intervalsChart(summary, options),
    },
    {
      name: "change-since-the-session-before",
      title: `From the forecast of ${shortDate(drivers.previousDate)} to that of ${shortDate(drivers.date)}`,
      subtitle: "Forecast of five sessions, points of volatility in % a year; the steps sum to the change.",
      chart: drivers.steps.length > 0 && bridgeChart(drivers, options),
    },
    {
      name: "drivers",
      title: `What sets the forecast of ${shortDate(drivers.date)} apart from the average of ${percent(drivers.base, 2)}`,
      subtitle:
        "Effect of each feature on the five-session volatility; the effects multiply to the forecast.",
      chart: drivers.contributions.length > 0 && driversChart(drivers.contributions, options),
    },
    {
      name: "forecast-and-outcome",
      title: history.length > 0 && coverageTitle(known),
      subtitle: `Five-session volatility of ${symbol}, % a year, log axis, n = ${history.length} forecasts; grey: realized.`,
      chart: history.length > 0 && historyChart(known, {...options, unit: "annual"}),
    },
  ];
}

/** Of Why. */
export async function whyCharts(read, {summary}, options) {
  const {drivers, explanation} = summary;
  if (explanation.sessions === 0) return [];
  const table = await read("shap_5");
  const ranked = explainedFeatures(table);
  const words = new Map(explanation.importance.map((row) => [row.feature, row.words]));
  const nameOf = (feature) => words.get(feature) ?? feature;
  const swarm = swarmPoints(table, {features: ranked.slice(0, SWARM)});
  const [feature] = ranked;
  const other = strongestInteraction(table, feature, ranked);
  const groups = rowsOf(await read("anatomy")).filter(
    ({horizon, period}) => horizon === HORIZON && period === "all",
  );
  const names = {feature: nameOf(feature), other: nameOf(other)};
  return [
    {
      name: "waterfall",
      title: `From the model's average to the forecast of ${shortDate(drivers.date)}`,
      subtitle: "Each feature multiplies the five-session volatility; % a year, log axis.",
      chart: drivers.contributions.length > 0 && waterfallChart(drivers, options),
    },
    {
      name: "importance",
      title: "Which features move forecasts",
      subtitle: "Mean effect up or down on the five-session volatility, exp(mean |SHAP|) - 1.",
      chart: importanceChart(explanation.importance, options),
    },
    {
      name: "importance-by-year",
      title: "What the forecasts leaned on, year by year",
      subtitle: "Mean effect up or down, on a square-root scale.",
      chart: importanceByYearChart(explanation.importanceByYear, {
        ...options,
        importance: explanation.importance,
      }),
    },
    {
      name: "every-forecast",
      title: "What each feature did to each forecast",
      subtitle: "A dot a forecast of five sessions; blue low values of the feature, orange high ones.",
      chart:
        swarm.length > 0 &&
        beeswarmChart(swarm, {
          ...options,
          names: ranked.slice(0, SWARM).map((name) => ({feature: name, words: nameOf(name)})),
        }),
    },
    {
      name: "dependence",
      title: `What ${names.feature} does to forecasts`,
      subtitle: `A dot a forecast of five sessions; blue where ${label(names.other)} is low, orange where it is high.`,
      chart: dependenceChart(dependencePoints(table, {feature, other}), {...options, names, feature, other}),
    },
    {
      name: "loss-anatomy",
      title: "Which groups of features earned the gain",
      subtitle: "QLIKE that each group takes away, five sessions ahead, all dates.",
      chart: groups.length > 0 && anatomyChart(groups, options),
    },
  ];
}

/** Of Coverage, beside the widths. */
export async function coverageCharts(read, {coverage}, options) {
  const {champion, method, level} = coverage;
  const own = rowsOf(await read("coverage")).filter(
    (row) =>
      row.horizon === HORIZON && row.model === champion && row.method === method && row.level === level,
  );
  if (own.length === 0) return [];
  const promise = `${method} intervals of ${wholePercent(level)} around ${champion}, five sessions ahead`;
  const path = coveragePath(await read(`intervals_${HORIZON}`), {
    outcomes: await read("outcomes"),
    horizon: HORIZON,
    interval: `${method}_${Math.round(100 * level)}`,
    window: WINDOW,
  });
  const chosen = {...options, level, method};
  const byPeriod = (rows) => rows.length > 0 && coverageByPeriodChart(rows, chosen);
  return [
    {
      name: "coverage-path",
      title: `The share of outcomes inside, over the ${WINDOW} sessions before each day`,
      subtitle: promise,
      chart: path.values.length > 0 && coveragePathChart({...path, name: method}, chosen),
    },
    {
      name: "coverage-by-regime",
      title: "Outcomes inside, by what was known of the VIX, and on the worst days",
      subtitle: promise,
      chart: byPeriod(inOrderOfRegimes(own.filter(({period}) => isRegime(period)))),
    },
    {
      name: "coverage-by-year",
      title: "Outcomes inside, year by year, with the worst quarter of each",
      subtitle: promise,
      chart: byPeriod(own.filter(({period}) => isYear(period))),
    },
  ];
}

/** Of Robustness, beside the curve. */
export function effectCharts({robustness}, options) {
  const model = robustness.models[0] ?? robustness.champion;
  const effects = robustness.effects.filter((effect) => effect.model === model);
  return [
    {
      name: "effects-of-choices",
      title: `What each other option does to the loss of ${model}, all else held`,
      subtitle:
        "Loss over that of the leaderboard's option, less one, %: median and range over pairs of cells.",
      chart: effects.length > 0 && effectsChart(effects, options),
    },
  ];
}
