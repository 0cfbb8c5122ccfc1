// When the model says 2 %, what comes? Forecasts in ten groups of equal size, against what followed.

import {count, fixed, percent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {ACCENT, CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

/**
 * groups: rows of the dataset reliability of one model. Means of variance, shown as the volatility in % over the horizon
 * that they stand for, on log axes; the bar is the 95 % interval of the outcome given the forecast.
 */
export function calibrationChart(groups, {width = 640, document} = {}) {
  const points = groups.map(inPercent);
  const values = points.flatMap(({forecast, outcome, low, high}) => [forecast, outcome, low, high]);
  const known = values.filter((value) => value > 0);
  const domain = [Math.min(...known) / 1.15, Math.max(...known) * 1.15];
  const size = Math.min(width, 560);
  const axis = {type: "log", domain, tickFormat: plain, ticks: logTicks(...domain, 6), grid: true};
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width: size,
    height: size,
    marginLeft: 48,
    marginRight: 16,
    marginBottom: 42,
    ariaLabel: "Mean outcome by decile of the forecast",
    x: {...axis, label: "forecast, % over the horizon →"},
    y: {...axis, label: "↑ realized, % over the horizon"},
    marks: [
      Plot.line(
        domain.map((end) => [end, end]),
        {stroke: "var(--theme-foreground-muted)", strokeDasharray: "4,3"},
      ),
      Plot.ruleX(points, {x: "forecast", y1: "low", y2: "high", stroke: ACCENT, strokeWidth: 1.8}),
      Plot.dot(points, {
        x: "forecast",
        y: "outcome",
        r: 4.5,
        fill: ACCENT,
        stroke: "var(--theme-background)",
        title: tipText,
        tip: TIP_STYLE,
      }),
    ],
  });
}

/** In words, for those who cannot see the chart. */
export function describeCalibration(groups) {
  const parts = groups
    .map(inPercent)
    .map(({forecast, outcome}) => `${fixed(forecast)} % forecast, ${fixed(outcome)} % realized`);
  return `Ten groups of forecasts from low to high: ${parts.join("; ")}.`;
}

// The interval is of forecast / outcome: the outcome it allows is the forecast over its ends.
function inPercent({decile, n, var_hat: forecast, var: outcome, bias_lo: lo, bias_hi: hi}) {
  const show = (variance) => 100 * Math.sqrt(variance);
  return {
    decile,
    n,
    forecast: show(forecast),
    outcome: show(outcome),
    low: show(forecast / hi),
    high: show(forecast / lo),
  };
}

function plain(value) {
  return `${Number(value.toPrecision(2))}`;
}

function tipText({decile, n, forecast, outcome, low, high}) {
  return `Group ${decile} of 10, n = ${count(n)}\nforecast ${percent(forecast / 100, 2)}\nrealized ${percent(outcome / 100, 2)} (${fixed(low)} to ${percent(high / 100, 2)})`;
}
