// How does a feature act over its range, and does that hang on another one? A dot a forecast, coloured by the other.

import {featureScale, featureValue} from "./featureScale.js";
import {label, shortDate, signedPercent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rampColor} from "./ramp.js";
import {ranksOf} from "./swarm.js";

/** One dot a forecast: {date, value, effect, other, rank}; of more than `most` an even sample, the last included. */
export function dependencePoints({rows, columns}, {feature, other, most = 1500}) {
  const step = Math.max(1, Math.ceil(rows / most));
  const sample = Array.from({length: Math.ceil(rows / step)}, (_, i) => rows - 1 - i * step).reverse();
  const ranks = other ? ranksOf(columns[other], sample) : sample.map(() => 0.5);
  return sample
    .map((t, i) => ({
      date: new Date(columns.date[t] * 86_400_000),
      value: columns[feature][t],
      effect: Math.expm1(columns[`${feature} shap`][t]),
      other: other ? columns[other][t] : Number.NaN,
      rank: ranks[i],
    }))
    .filter(({value, effect}) => Number.isFinite(value) && Number.isFinite(effect));
}

/** names: words of {feature, other}; feature, other: their names, which tell the unit. */
export function dependenceChart(points, {names, feature = "", other = "", width = 640, document} = {}) {
  const {log, unit, shown} = featureScale(feature);
  const data = points.map((point) => ({...point, x: shown(point.value), y: 100 * point.effect}));
  const xs = data.map(({x}) => x);
  const ticks = width < 500 ? 4 : 8;
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: Math.min(420, Math.max(300, width * 0.5)),
    marginLeft: 52,
    marginRight: 16,
    marginTop: 28,
    marginBottom: 44,
    ariaLabel: "Effect of a feature over its values",
    x: {
      type: log ? "log" : "linear",
      label: `${label(names.feature)}${unit && `, ${unit}, log axis`} →`,
      grid: true,
      ticks: log ? logTicks(Math.min(...xs), Math.max(...xs), ticks) : ticks,
      ...(log ? {tickFormat: String} : {}),
    },
    y: {
      label: "↑ effect on the forecast, %",
      grid: true,
      tickFormat: (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−")),
    },
    marks: [
      Plot.ruleY([0], {stroke: "var(--theme-foreground-faint)"}),
      Plot.dot(data, {x: "x", y: "y", r: 2.2, fill: (d) => rampColor(d.rank), fillOpacity: 0.7}),
      Plot.tip(
        data,
        Plot.pointer({
          x: "x",
          y: "y",
          title: (d) =>
            `${shortDate(d.date)}\n${label(names.feature)}: ${featureValue(feature, d.value)}\n${signedPercent(d.effect, 2)} on the forecast${Number.isFinite(d.other) ? `\n${label(names.other)}: ${featureValue(other, d.other)}` : ""}`,
          ...TIP_STYLE,
        }),
      ),
    ],
  });
}

/** In words, for those who cannot see the chart: the mean effect by fifths of the value. */
export function describeDependence(points, {names}) {
  const sorted = points.toSorted((a, b) => a.value - b.value);
  const fifths = Array.from({length: 5}, (_, i) =>
    sorted.slice(Math.floor((i * sorted.length) / 5), Math.floor(((i + 1) * sorted.length) / 5)),
  ).filter((group) => group.length > 0);
  const parts = fifths.map((group) => {
    const effect = group.reduce((sum, point) => sum + point.effect, 0) / group.length;
    return `${Number(group[0].value.toPrecision(3))} to ${Number(group.at(-1).value.toPrecision(3))} ${signedPercent(effect)}`;
  });
  return `Mean effect of ${label(names.feature)} by fifths of its values: ${parts.join("; ")}.`;
}
