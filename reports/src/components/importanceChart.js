// Which features carry the forecasts, over all of them and year by year?

import {label, percent} from "./format.js";
import {heatMap} from "./heatMap.js";
import {ACCENT, CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rowFrame} from "./rowFrame.js";

/** importance: {feature, words, meanAbsolute}, the largest first; bars are exp(mean |SHAP|) - 1 in %. */
export function importanceChart(importance, {width = 640, limit = 15, document} = {}) {
  const data = importance
    .slice(0, limit)
    .map((row) => ({...row, name: label(row.words), effect: 100 * Math.expm1(row.meanAbsolute)}));
  const frame = rowFrame(data, {width});
  return Plot.plot({
    ...frame.plot,
    document,
    style: CHART_STYLE,
    marginRight: 50,
    ariaLabel: "Mean absolute effect of each feature",
    x: {
      label: "mean effect up or down, % of the volatility →",
      grid: true,
      ticks: 5,
      domain: [0, data[0]?.effect ?? 1],
    },
    marks: [
      Plot.barX(data, {
        x: "effect",
        y: "feature",
        fill: ACCENT,
        fillOpacity: 0.85,
        ...frame.bars,
        title: (d) =>
          `${d.name}\n${d.feature}\n${percent(d.effect / 100, 2)} (mean |SHAP| ${d.meanAbsolute.toFixed(4)})`,
        tip: TIP_STYLE,
      }),
      Plot.ruleX([0]),
      Plot.text(data, {
        x: "effect",
        y: "feature",
        dx: 4,
        dy: frame.shift,
        textAnchor: "start",
        fontVariant: "tabular-nums",
        text: (d) => percent(d.effect / 100),
      }),
      frame.names,
    ],
  });
}

/** rows: {year, feature, meanAbsolute}; one cell a feature and year, stronger where the feature moved forecasts more. */
export function importanceByYearChart(rows, {width = 640, importance, limit = 12, document} = {}) {
  const shown = importance.slice(0, limit).map(({feature, words}) => ({feature, name: label(words)}));
  const nameOf = new Map(shown.map(({feature, name}) => [feature, name]));
  const cells = rows
    .filter(({feature}) => nameOf.has(feature))
    .map(({year, feature, meanAbsolute}) => {
      const effect = Math.expm1(meanAbsolute);
      const title = `${nameOf.get(feature)}, ${year}\n${percent(effect, 2)} up or down on average`;
      return {x: year, y: feature, value: effect, title};
    });
  const largest = Math.max(...cells.map(({value}) => value), Number.MIN_VALUE);
  return heatMap(cells, {
    width,
    rows: shown,
    columns: [...new Set(cells.map(({x}) => x))].sort((a, b) => a - b),
    extent: largest,
    scale: Math.sqrt,
    key: ["0 %", `${percent(largest)} up or down`],
    ariaLabel: "Mean absolute effect of each feature by year",
    document,
  });
}

/** In words, for those who cannot see the chart. */
export function describeImportance(importance, limit = 15) {
  const parts = importance
    .slice(0, limit)
    .map(({words, meanAbsolute}) => `${label(words)} ${percent(Math.expm1(meanAbsolute))}`);
  return `Bar chart of mean effects up or down: ${parts.join("; ")}.`;
}
