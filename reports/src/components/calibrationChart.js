// When the model says 2 %, what comes? Forecasts in ten groups of equal size, against what followed.

import * as Plot from "@observablehq/plot";
import {fixed, percent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {ACCENT, CHART_STYLE, REALISED, TIP_STYLE} from "./palette.js";

/**
 * deciles: {decile, n, forecast, outcome, low, high}: means of forecast and outcome, 10 % and 90 % points of the
 * outcome; points: {forecast, outcome}. Volatilities in % over the horizon, on log axes.
 */
export function calibrationChart(deciles, {width = 640, points = [], document} = {}) {
  const values = deciles
    .flatMap(({forecast, outcome, low, high}) => [forecast, outcome, low, high])
    .filter((v) => v > 0);
  const domain = [Math.min(...values) / 1.25, Math.max(...values) * 1.35];
  const size = Math.min(width, 560);
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width: size,
    height: size,
    marginLeft: 48,
    marginRight: 16,
    marginBottom: 42,
    ariaLabel: "Mean outcome by decile of the forecast",
    x: {
      type: "log",
      domain,
      label: "forecast, % over the horizon →",
      tickFormat: plain,
      ticks: logTicks(...domain, 6),
      grid: true,
    },
    y: {
      type: "log",
      domain,
      label: "↑ realised, % over the horizon",
      tickFormat: plain,
      ticks: logTicks(...domain, 6),
      grid: true,
    },
    marks: [
      Plot.dot(
        points.filter(({forecast, outcome}) =>
          [forecast, outcome].every((value) => value >= domain[0] && value <= domain[1]),
        ),
        {x: "forecast", y: "outcome", r: 1.2, fill: REALISED, fillOpacity: 0.4},
      ),
      Plot.line(
        domain.map((end) => [end, end]),
        {
          stroke: "var(--theme-foreground-muted)",
          strokeDasharray: "4,3",
        },
      ),
      Plot.ruleX(deciles, {x: "forecast", y1: "low", y2: "high", stroke: ACCENT, strokeWidth: 1.5}),
      Plot.dot(deciles, {
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
export function describeCalibration(deciles) {
  const parts = deciles.map(
    ({forecast, outcome}) => `${fixed(forecast)} % forecast, ${fixed(outcome)} % realised`,
  );
  return `Ten groups of forecasts from low to high: ${parts.join("; ")}.`;
}

function plain(value) {
  return `${Number(value.toPrecision(2))}`;
}

function tipText({decile, n, forecast, outcome, low, high}) {
  return `Group ${decile} of 10, n = ${n}\nforecast ${percent(forecast / 100, 2)}\nrealised ${percent(outcome / 100, 2)}\n80 % of outcomes ${fixed(low)} to ${percent(high / 100, 2)}`;
}
