// How do some series run beside many others? Those that matter in colour with their names, the others grey behind them.

import {eventMarks} from "./events.js";
import {fixed, shortDate} from "./format.js";
import {logTicks} from "./logTicks.js";
import {CHART_STYLE, inkOf, REALIZED, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

const MARGIN_LEFT = 48;
const CHARACTER = 8.4; // pixels of a bold letter of a name
const LINE = 15; // pixels of a line of text

/**
 * series: [{name, dates, values}], dates increasing milliseconds, values NaN where unknown; style: as `modelStyles()`.
 * options: type "linear" or "log", label of the axis, digits of the tip, marks behind the lines, domain of the axis;
 * simulated: no events of the real world are marked.
 */
export function seriesChart(
  series,
  {
    width = 800,
    style = () => ({color: REALIZED, width: 1.6}),
    ariaLabel,
    label,
    type = "linear",
    marks = [],
    digits = 2,
    domain,
    clip = false,
    simulated = false,
    document,
  },
) {
  const rows = series.flatMap(({name, dates, values}) =>
    Array.from(dates, (date, t) => ({name, date: new Date(date), value: values[t]})).filter(({value}) =>
      type === "log" ? value > 0 : Number.isFinite(value),
    ),
  );
  const [least, most] = domain ?? extent(rows.map(({value}) => value));
  const [start, end] = extent(rows.map(({date}) => +date)).map((time) => new Date(time));
  const height = Math.min(420, Math.max(320, width * 0.45));
  const byName = Map.groupBy(rows, ({name}) => name);
  const ordered = [...byName.keys()].sort((a, b) => Number(style(b).other) - Number(style(a).other));
  const named = ordered
    .filter((name) => !style(name).other)
    .map((name) => byName.get(name).at(-1))
    .filter(({value}) => !clip || (value >= least && value <= most));
  const frame = {least, most, type, height};
  const marginRight = Math.max(24, ...named.map(({name}) => 10 + CHARACTER * name.length));
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height,
    marginLeft: MARGIN_LEFT,
    marginRight,
    marginTop: 44,
    marginBottom: 38,
    ariaLabel,
    x: {type: "utc", label: null, domain: [start, end]},
    y: {
      type,
      label,
      grid: true,
      domain: [least, most],
      ticks: type === "log" ? logTicks(least, most, 6) : 6,
      tickFormat: (value) => tickText(value, {least, most, type}),
    },
    marks: [
      ...(simulated ? [] : eventMarks(start, end, {width: width - MARGIN_LEFT - marginRight})),
      ...marks,
      ...ordered.map((name) => {
        const {color, dash, width: strokeWidth, other} = style(name);
        return Plot.lineY(byName.get(name), {
          x: "date",
          y: "value",
          stroke: color,
          strokeDasharray: dash,
          strokeWidth,
          strokeOpacity: other ? 0.45 : 1,
          clip,
          ariaDescription: name,
        });
      }),
      Plot.text(spread(named, frame), {
        x: () => end,
        y: "place",
        text: "name",
        fill: ({name}) => inkOf(style(name).color),
        textAnchor: "start",
        dx: 6,
        fontWeight: 600,
      }),
      Plot.tip(
        clip ? rows.filter(({value}) => value >= least && value <= most) : rows,
        Plot.pointer({
          x: "date",
          y: "value",
          title: ({name, date, value}) => `${name}\n${shortDate(date)}\n${fixed(value, digits)}`,
          ...TIP_STYLE,
        }),
      ),
    ],
  });
}

/** In a browser: the line of the series under the pointer stands out. Returns the chart. */
export function raiseOnPointer(chart) {
  const lines = new Map(
    Array.from(chart.querySelectorAll("g[aria-description]"), (line) => [
      line.getAttribute("aria-description"),
      line,
    ]),
  );
  let raised;
  chart.addEventListener("input", () => {
    raised?.removeAttribute("class");
    raised = chart.value && lines.get(chart.value.name);
    raised?.setAttribute("class", "raised");
  });
  return chart;
}

/** In words, for those who cannot see the chart: where the series that matter end. */
export function describeSeries(series, {style = () => ({}), digits = 2} = {}) {
  const shown = series.filter(({name, values}) => !style(name).other && values.some(Number.isFinite));
  if (shown.length === 0) return "Line chart without data.";
  const {dates} = shown[0];
  const ends = shown.map(({name, values}) => `${name} ${fixed(values.findLast(Number.isFinite), digits)}`);
  const others = series.length - shown.length;
  const behind = others > 0 ? `; ${others} other models are drawn grey behind them` : "";
  return `Line chart from ${shortDate(dates[0])} to ${shortDate(dates.at(-1))}; at the end ${ends.join(", ")}${behind}.`;
}

/** The rows of a download: {date, name: value, …}, a column a series; series of the same dates. */
export function seriesRows(series) {
  const {dates} = series[0] ?? {dates: []};
  return Array.from(dates, (date, t) => ({
    date: new Date(date),
    ...Object.fromEntries(series.map(({name, values}) => [name, values[t]])),
  }));
}

function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function tickText(value, {least, most, type}) {
  if (type === "log") return fixed(value, 2);
  return fixed(value, most - least > 8 ? 0 : most - least > 0.8 ? 1 : 2);
}

// Names at the right end, no closer to one another than a line of text, and inside the frame.
function spread(ends, {least, most, type, height}) {
  const [to, from] = type === "log" ? [Math.log, Math.exp] : [(v) => v, (v) => v];
  const [low, high] = [to(least), to(most)];
  const sorted = ends.map((row) => ({...row, at: to(row.value)})).sort((a, b) => a.at - b.at);
  const gap = ((high - low) * LINE) / (height - 82);
  for (let i = 1; i < sorted.length; i++) sorted[i].at = Math.max(sorted[i].at, sorted[i - 1].at + gap);
  let top = high;
  for (let i = sorted.length - 1; i >= 0; i--) {
    sorted[i].at = Math.min(sorted[i].at, top);
    top = sorted[i].at - gap;
  }
  return sorted.map((row) => ({...row, place: from(row.at)}));
}
