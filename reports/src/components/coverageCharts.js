// Did intervals hold as many outcomes as promised, at what width, and when not?

import {dotRows} from "./dotRows.js";
import {count, fixed, percent, shortDate, wholePercent} from "./format.js";
import {CHART_STYLE, inkOf, REALIZED, TIP_STYLE} from "./palette.js";
import {periodName} from "./periods.js";
import * as Plot from "./plot.js";
import {seriesChart} from "./seriesChart.js";

// Points of methods that coincide are told apart by their shape.
const SYMBOLS = {adaptive: "circle", rolling: "diamond", split: "triangle"};
const SIGNS = {adaptive: "●", rolling: "◆", split: "▲"};
const METHODS = {adaptive: "accent", rolling: "orange", split: "green"};

export function methodColor(method) {
  return `var(--series-${METHODS[method] ?? "neutral"})`;
}

/** rows: of the dataset coverage, one period, every method and level: how wide, and how often they held. */
export function widthChart(rows, {width = 640, document} = {}) {
  const levels = [...new Set(rows.map(({level}) => level))];
  const methods = [...new Set(rows.map(({method}) => method))];
  const ordered = rows.toSorted((a, b) => a.level - b.level);
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width: Math.min(width, 760),
    height: Math.min(430, Math.max(330, width * 0.5)),
    marginLeft: 48,
    marginRight: 78,
    marginBottom: 42,
    ariaLabel: "Coverage against width by method and level",
    x: {label: "mean width, times the forecast →", grid: true, nice: true, inset: 10},
    y: {
      label: "↑ outcomes inside, %",
      grid: true,
      tickFormat: (value) => fixed(100 * value, 0),
      ticks: 6,
      inset: 14,
    },
    marks: [
      Plot.ruleY(levels, {stroke: REALIZED, strokeDasharray: "5,3"}),
      Plot.text(levels, {
        y: (level) => level,
        frameAnchor: "right",
        textAnchor: "start",
        dx: 6,
        text: (level) => `${wholePercent(level)} promised`,
        fontSize: 11,
        fill: "var(--theme-foreground-muted)",
      }),
      Plot.line(ordered, {
        x: "mean_width",
        y: "rate",
        z: "method",
        stroke: ({method}) => methodColor(method),
        strokeWidth: 1.5,
      }),
      Plot.dot(ordered, {
        x: "mean_width",
        y: "rate",
        r: 4.5,
        symbol: ({method}) => SYMBOLS[method] ?? "square",
        fill: ({method}) => methodColor(method),
        stroke: "var(--theme-background)",
        title: ({method, level, rate, mean_width, n, interval_score_pct: score}) =>
          `${method}, ${wholePercent(level)} promised\n${percent(rate)} inside, n = ${count(n)}\nwidth ${fixed(mean_width)} times the forecast\ninterval score ${fixed(score, 3)} %`,
        tip: TIP_STYLE,
      }),
      ...methodNames(methods.map((method) => ordered.findLast((row) => row.method === method))),
    ],
  });
}

// Curves rise to the upper right and often coincide: names stand in the free corner below them, in the order of their ends.
function methodNames(ends) {
  const upwards = ends.toSorted((a, b) => a.rate - b.rate);
  return upwards.map(({method}, k) =>
    Plot.text([method], {
      frameAnchor: "bottom-right",
      textAnchor: "start",
      dx: -70,
      dy: -12 - 17 * k,
      text: () => `${SIGNS[method] ?? "■"} ${method}`,
      fill: inkOf(methodColor(method)),
      fontWeight: 600,
      stroke: "var(--theme-background)",
      strokeWidth: 3,
    }),
  );
}

/** rows: of one method and level, a period each: the share of outcomes inside, against the promise. */
export function coverageByPeriodChart(rows, {width = 640, level, method, document} = {}) {
  const least = rows.reduce((low, {rate}) => Math.min(low, rate), level);
  return dotRows(
    rows.map(({period, rate, n, covered, below, worst_rate: worst}) => ({
      name: periodName(period),
      value: rate,
      lo: Number.isFinite(worst) ? worst : Number.NaN,
      hi: Number.isFinite(worst) ? rate : Number.NaN,
      title: `${periodName(period)}\n${percent(rate)} inside: ${count(covered)} of ${count(n)}\n${percent(below)} below\n${Number.isFinite(worst) ? `worst 63 sessions ${percent(worst)}` : "no 63 consecutive sessions"}`,
    })),
    {
      width,
      style: () => ({color: methodColor(method)}),
      label: "outcomes inside, % →",
      rules: [level],
      tickFormat: (value) => fixed(100 * value, 0),
      domain: [
        Math.max(
          0,
          Math.min(least, ...rows.map(({worst_rate: worst}) => (Number.isFinite(worst) ? worst : 1))) - 0.02,
        ),
        1,
      ],
      ariaLabel: "Coverage by period",
      document,
    },
  );
}

/** path: the share of outcomes inside over the sessions before each day. */
export function coveragePathChart(path, {width = 800, level, method, document} = {}) {
  const values = Array.from(path.values, (value) => 100 * value);
  return seriesChart([{...path, values}], {
    width,
    style: () => ({color: methodColor(method), width: 1.4, other: false}),
    ariaLabel: "Share of outcomes inside their interval",
    label: "↑ outcomes inside, %",
    domain: [Math.max(0, values.reduce((low, value) => Math.min(low, value), 100 * level) - 3), 100],
    marks: [Plot.ruleY([100 * level], {stroke: REALIZED, strokeDasharray: "5,3", strokeWidth: 1.5})],
    digits: 1,
    document,
  });
}

/** In words, for those who cannot see the chart. */
export function describeWidths(rows) {
  const parts = rows.map(
    ({method, level, rate, mean_width}) =>
      `${method} at ${wholePercent(level)}: ${percent(rate)} inside, width ${fixed(mean_width)}`,
  );
  return `Share of outcomes inside against mean width. ${parts.join("; ")}.`;
}

/** In words, for those who cannot see the chart. */
export function describeCoverage(rows, {level}) {
  const parts = rows.map(({period, rate}) => `${periodName(period)} ${percent(rate)}`);
  return `Dots, a period a row, ${wholePercent(level)} promised: ${parts.join("; ")}.`;
}

/** In words, for those who cannot see the chart. */
export function describeCoveragePath({dates, values}, {level}) {
  if (values.length === 0) return "Line chart without data.";
  let at = 0;
  values.forEach((value, i) => {
    if (value < values[at]) at = i;
  });
  return `Line chart around the promised ${wholePercent(level)}; lowest ${percent(values[at])} on ${shortDate(dates[at])}, last ${percent(values.at(-1))}.`;
}
