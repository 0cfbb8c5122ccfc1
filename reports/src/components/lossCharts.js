// Where did a model earn its record, is it still earning it, and was it better all along?

import * as Plot from "@observablehq/plot";
import {seriesChart} from "./seriesChart.js";

/**
 * series: cumulative QLIKE less the reference's, falling where the model did better. The frame is made for the better
 * ones: a line that loses by far leaves it.
 */
export function cumulativeLossChart(series, {reference, ...options} = {}) {
  return seriesChart(series, {
    ...options,
    domain: frameOfBetter(series),
    clip: true,
    ariaLabel: `Cumulative QLIKE less ${reference}'s`,
    label: `↑ cumulative QLIKE less ${reference}'s (below 0 is better)`,
    marks: [Plot.ruleY([0], {stroke: "var(--theme-foreground-muted)"})],
    digits: 1,
  });
}

function frameOfBetter(series) {
  const values = series.flatMap((own) => Array.from(own.values)).filter(Number.isFinite);
  const least = values.reduce((low, value) => Math.min(low, value), 0);
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  return [least, least < 0 ? Math.min(most, -2 * least) : most];
}

/** series: mean QLIKE of the last `window` forecasts, on a log axis. */
export function rollingLossChart(series, {window, ...options} = {}) {
  return seriesChart(series, {
    ...options,
    ariaLabel: `Mean QLIKE of the last ${window} forecasts`,
    label: `↑ mean QLIKE of the last ${window} forecasts (lower is better)`,
    type: "log",
    digits: 3,
  });
}

/**
 * series: the loss difference of each window in standard errors. Between the dashed lines, at ±critical, equal accuracy
 * throughout is not rejected.
 */
export function fluctuationChart(series, {critical, reference, ...options} = {}) {
  const values = series.flatMap((own) => Array.from(own.values)).filter(Number.isFinite);
  const most = values.reduce((high, value) => Math.max(high, Math.abs(value)), critical * 1.15);
  return seriesChart(series, {
    ...options,
    domain: [-most, most],
    ariaLabel: `Fluctuation statistic against ${reference}`,
    label: `↑ loss less ${reference}'s over a window, standard errors`,
    marks: [
      Plot.rect([{}], {
        y1: -critical,
        y2: critical,
        fill: "var(--theme-foreground-faint)",
        fillOpacity: 0.08,
      }),
      Plot.ruleY([-critical, critical], {
        stroke: "var(--theme-foreground-muted)",
        strokeDasharray: "5,3",
      }),
      Plot.ruleY([0], {stroke: "var(--theme-foreground-faint)"}),
    ],
    digits: 2,
  });
}
