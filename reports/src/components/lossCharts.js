// Where did a model earn its record, and is it still earning it? Losses as they accumulate, and over the last year.

import * as Plot from "@observablehq/plot";
import {eventMarks} from "./events.js";
import {fixed, shortDate} from "./format.js";
import {logTicks} from "./logTicks.js";
import {CHART_STYLE, modelColor, modelDash, TIP_STYLE} from "./palette.js";

const MARGINS = 144; // left and right of the frame

/**
 * Cumulative QLIKE less the reference's: falling where the model did better.
 * rows: {date, model, value}, dates as Date, in order of date.
 */
export function cumulativeLossChart(rows, {width = 800, reference, document} = {}) {
  return seriesChart(rows, {
    width,
    document,
    ariaLabel: `Cumulative QLIKE less ${reference}'s`,
    label: `↑ cumulative QLIKE less ${reference}'s (below 0 is better)`,
    marks: [Plot.ruleY([0], {stroke: "var(--theme-foreground-muted)"})],
    digits: 1,
  });
}

/** Mean QLIKE of the last `window` forecasts, on a log axis. rows as above. */
export function rollingLossChart(rows, {width = 800, window, document} = {}) {
  return seriesChart(rows, {
    width,
    document,
    ariaLabel: `Mean QLIKE of the last ${window} forecasts`,
    label: `↑ mean QLIKE of the last ${window} forecasts (lower is better)`,
    type: "log",
    digits: 3,
  });
}

/** In words, for those who cannot see the chart. */
export function describeLosses(rows, digits = 2) {
  const parts = lastOfEach(rows).map(({model, value}) => `${model} ${fixed(value, digits)}`);
  if (parts.length === 0) return "Line chart without data.";
  return `Line chart from ${shortDate(rows[0].date)} to ${shortDate(rows.at(-1).date)}; at the end ${parts.join(", ")}.`;
}

function seriesChart(rows, {width, document, ariaLabel, label, type = "linear", marks = [], digits}) {
  const last = lastOfEach(rows);
  const [start, end] = [rows[0].date, rows.at(-1).date];
  const height = Math.min(420, Math.max(320, width * 0.45));
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height,
    marginLeft: 48,
    marginRight: 96,
    marginTop: 44,
    marginBottom: 38,
    ariaLabel,
    x: {type: "utc", label: null, domain: [start, end]},
    y: {
      type,
      label,
      grid: true,
      ticks: type === "log" ? logTicks(...extent(rows), 6) : 6,
      tickFormat: (value) => fixed(value, type === "log" ? 2 : 0),
    },
    marks: [
      ...eventMarks(start, end, {width: width - MARGINS}),
      ...marks,
      [...new Set(rows.map(({model}) => model))].map((model) =>
        Plot.lineY(
          rows.filter((row) => row.model === model),
          {
            x: "date",
            y: "value",
            stroke: modelColor(model),
            strokeDasharray: modelDash(model),
            strokeWidth: 1.6,
          },
        ),
      ),
      Plot.text(spread(last, {rows, type, height}), {
        x: () => end,
        y: "place",
        text: "model",
        fill: (d) => modelColor(d.model),
        textAnchor: "start",
        dx: 6,
        fontWeight: 600,
      }),
      Plot.tip(
        rows,
        Plot.pointer({
          x: "date",
          y: "value",
          title: (d) => `${d.model}\n${shortDate(d.date)}\n${fixed(d.value, digits)}`,
          ...TIP_STYLE,
        }),
      ),
    ],
  });
}

function extent(rows) {
  return rows.reduce(
    ([low, high], {value}) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

function lastOfEach(rows) {
  return [...new Map(rows.map((row) => [row.model, row])).values()];
}

// Labels at the right end, no closer to one another than a line of text.
function spread(labels, {rows, type, height}) {
  const [to, from] = type === "log" ? [Math.log, Math.exp] : [(v) => v, (v) => v];
  const sorted = labels.map((row) => ({...row, at: to(row.value)})).sort((a, b) => a.at - b.at);
  const [least, most] = extent(rows).map(to);
  const gap = ((most - least) * 15) / (height - 70);
  for (let i = 1; i < sorted.length; i++) sorted[i].at = Math.max(sorted[i].at, sorted[i - 1].at + gap);
  return sorted.map((row) => ({...row, place: from(row.at)}));
}
