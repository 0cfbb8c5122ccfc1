// Where did a model earn its record, is it still earning it, and was it better all along?

import * as Plot from "./plot.js";
import {seriesChart} from "./seriesChart.js";

/**
 * series: cumulative QLIKE less the reference's, falling where the model did better. With `framed`, a name, the frame is
 * made for that model and the better ones: another line that loses by far leaves it.
 */
export function cumulativeLossChart(series, {reference, framed, ...options} = {}) {
  return seriesChart(series, {
    ...options,
    ...(framed === undefined ? {} : {domain: frameOfBetter(series, framed), clip: true}),
    ariaLabel: `Cumulative QLIKE less ${reference}'s`,
    label: `↑ cumulative QLIKE less ${reference}'s (below 0 is better)`,
    marks: [Plot.ruleY([0], {stroke: "var(--theme-foreground-muted)"})],
    digits: 1,
  });
}

function frameOfBetter(series, framed) {
  const [least, most] = range(series);
  const [, needed] = range(series.filter(({name}) => name === framed));
  return [least, least < 0 ? Math.max(needed, Math.min(most, -2 * least)) : most];
}

function range(series) {
  const values = series.flatMap((own) => Array.from(own.values)).filter(Number.isFinite);
  return [Math.min, Math.max].map((pick) => values.reduce((a, b) => pick(a, b), 0));
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
