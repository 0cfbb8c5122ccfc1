// What was forecast, and what came? Realized volatility in grey, the forecast over it, its interval as a band.

import {eventMarks} from "./events.js";
import {annualized, count, percent, shortDate, wholePercent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {ACCENT, CHART_STYLE, inkOf, REALIZED, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

const SESSIONS = 5;
const MARGINS = 110; // left and right of the frame

/** The forecasts of predictions.parquet since a day, each with what came of it; from: YYYY-MM-DD. */
export function historyRows({rows, columns}, {outcomes, from}) {
  const known = new Map(Array.from(outcomes.columns.date, (day, t) => [day, t]));
  const first = Date.parse(from) / 86_400_000;
  return Array.from({length: rows}, (_, t) => t)
    .filter((t) => columns.date[t] >= first && columns.rv_5d_hat[t] > 0)
    .map((t) => ({
      date: new Date(86_400_000 * columns.date[t]),
      forecast: columns.rv_5d_hat[t],
      low: columns.rv_5d_lo[t],
      high: columns.rv_5d_hi[t],
      outcome: outcomes.columns.rv_5d[known.get(columns.date[t])] ?? Number.NaN,
    }));
}

/**
 * Five-session volatility on a log axis.
 * rows: {date, forecast, low, high, outcome}, date as a Date, volatilities over five sessions as fractions.
 * unit: "annual" or "sessions"; simulated: no events of the real world are marked.
 */
export function historyChart(rows, {width = 800, unit = "annual", simulated = false, document} = {}) {
  const data = rows.map((row) => inUnit(row, unit));
  const [first, last] = [data[0].date, data.at(-1).date];
  const digits = unit === "annual" ? 1 : 2;
  const values = data
    .flatMap(({forecast, outcome, low, high}) => [forecast, outcome, low, high])
    .filter((v) => v > 0);
  const floor = Math.max(Math.min(...values), unit === "annual" ? 1 : 0.15); // a flat week would stretch the log axis
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: Math.min(420, Math.max(300, width * 0.45)),
    marginLeft: 44,
    marginRight: 66,
    marginTop: 44,
    marginBottom: 38,
    ariaLabel: "Forecast and realized five-session volatility",
    x: {type: "utc", label: null, domain: [first, last]},
    y: {
      type: "log",
      label: unit === "annual" ? "↑ % a year" : "↑ % over five sessions",
      domain: [floor, Math.max(...values)],
      clamp: true,
      grid: true,
      tickFormat: (value) => `${value}`,
      ticks: logTicks(floor, Math.max(...values), width < 500 ? 4 : 7),
    },
    marks: [
      ...(simulated ? [] : eventMarks(first, last, {width: width - MARGINS})),
      Plot.areaY(data, {x: "date", y1: "low", y2: "high", fill: ACCENT, fillOpacity: 0.16, curve: "linear"}),
      Plot.lineY(data, {
        x: "date",
        y: "outcome",
        stroke: REALIZED,
        strokeWidth: data.length > 1500 ? 0.8 : 1.3,
      }),
      Plot.lineY(data, {x: "date", y: "forecast", stroke: ACCENT, strokeWidth: data.length > 1500 ? 1.1 : 2}),
      Plot.text(directLabels(data, floor), {
        x: "date",
        y: "y",
        text: "label",
        fill: ({color}) => inkOf(color),
        textAnchor: "start",
        dx: 6,
        fontWeight: 600,
      }),
      Plot.ruleX(data, Plot.pointerX({x: "date", stroke: "var(--theme-foreground-faint)"})),
      Plot.tip(
        data,
        Plot.pointerX({
          x: "date",
          y: "forecast",
          title: (d) => tipText(d, digits),
          ...TIP_STYLE,
        }),
      ),
    ],
  });
}

/** What the chart shows, as its title: how often the outcome lay inside the interval. */
export function coverageTitle(rows) {
  const known = rows.filter(({low, high, outcome}) => outcome > 0 && low > 0 && low <= high);
  if (known.length === 0) return "Forecast and interval; no outcome is known yet";
  const inside = known.filter(({low, high, outcome}) => outcome >= low && outcome <= high).length;
  return `${wholePercent(inside / known.length)} of ${count(known.length)} outcomes fell inside the interval forecast for them`;
}

/** In words, for those who cannot see the chart; in the unit that it shows. */
export function describeHistory(rows, {unit = "annual"} = {}) {
  const [first, last] = [rows[0], rows.at(-1)];
  const known = rows.filter(({outcome}) => outcome > 0);
  const peak = known.reduce((a, b) => (b.outcome > a.outcome ? b : a), known[0]);
  const show = (volatility) =>
    unit === "annual" ? percent(annualized(volatility, SESSIONS)) : percent(volatility, 2);
  const peakText = peak
    ? ` The largest outcome was ${show(peak.outcome)}, after ${shortDate(peak.date)}, when ${show(peak.forecast)} was forecast.`
    : "";
  const span = unit === "annual" ? "a year" : "over five sessions";
  return `Line chart of volatility ${span} from ${shortDate(first.date)} to ${shortDate(last.date)}. The latest forecast is ${show(last.forecast)}.${peakText}`;
}

function inUnit({date, ...volatilities}, unit) {
  const factor = 100 * (unit === "annual" ? annualized(1, SESSIONS) : 1);
  const scaled = Object.entries(volatilities).map(([name, value]) => [
    name,
    value > 0 ? value * factor : Number.NaN,
  ]);
  return {date, ...Object.fromEntries(scaled)};
}

// At the right end; pushed apart where they would overlap on the log axis.
function directLabels(data, floor) {
  const last = data.at(-1);
  const realized = data.findLast(({outcome}) => outcome > 0);
  const labels = [{date: last.date, y: last.forecast, label: "Forecast", color: ACCENT}];
  if (!realized) return labels;
  const near = Math.abs(Math.log(realized.outcome / last.forecast)) < 0.25;
  const shifted = last.forecast * (realized.outcome >= last.forecast ? 1.28 : 1 / 1.28);
  const y = Math.max(near ? shifted : realized.outcome, floor);
  return [...labels, {date: last.date, y, label: "Realized", color: REALIZED}];
}

function tipText({date, forecast, low, high, outcome}, digits) {
  const show = (value) => percent(value / 100, digits);
  return [
    shortDate(date),
    `Forecast ${show(forecast)}`,
    `Interval ${show(low)} to ${show(high)}`,
    outcome > 0 ? `Realized ${show(outcome)}` : "Realized: not yet known",
  ].join("\n");
}
