// Which features carry the forecasts, over all of them and year by year?

import * as Plot from "@observablehq/plot";
import {label, percent} from "./format.js";
import {ACCENT, CHART_STYLE, TIP_STYLE} from "./palette.js";
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
  const shown = importance.slice(0, limit);
  const features = new Set(shown.map(({feature}) => feature));
  const data = rows
    .filter(({feature}) => features.has(feature))
    .map((row) => ({...row, effect: 100 * Math.expm1(row.meanAbsolute)}));
  const years = [...new Set(data.map(({year}) => year))].sort((a, b) => a - b);
  const narrow = width < 640;
  const every = Math.ceil((years.length * 34) / Math.max(width - (narrow ? 140 : 330), 1));
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: shown.length * 24 + 60,
    marginLeft: narrow ? 140 : 330,
    marginRight: 4,
    padding: 0.06,
    ariaLabel: "Mean absolute effect of each feature by year",
    x: {
      label: null,
      domain: years,
      type: "band",
      tickFormat: (year) => (year % every === 0 ? `${year}` : ""),
      tickSize: 0,
    },
    y: {
      label: null,
      domain: shown.map(({feature}) => feature),
      tickFormat: (feature) => clipped(nameOf(shown)(feature), narrow ? 20 : 44),
      tickSize: 0,
    },
    marks: [
      Plot.cell(data, {
        x: "year",
        y: "feature",
        fill: ACCENT,
        fillOpacity: opacityOf(data),
        title: (d) =>
          `${nameOf(shown)(d.feature)}, ${d.year}\n${percent(d.effect / 100, 2)} up or down on average`,
        tip: TIP_STYLE,
      }),
    ],
  });
}

/** In words, for those who cannot see the chart. */
export function describeImportance(importance, limit = 15) {
  const parts = importance
    .slice(0, limit)
    .map(({words, meanAbsolute}) => `${label(words)} ${percent(Math.expm1(meanAbsolute))}`);
  return `Bar chart of mean effects up or down: ${parts.join("; ")}.`;
}

function opacityOf(data) {
  const largest = Math.max(...data.map(({effect}) => effect), Number.MIN_VALUE);
  return ({effect}) => 0.03 + 0.97 * Math.sqrt(effect / largest);
}

function nameOf(importance) {
  const names = new Map(importance.map(({feature, words}) => [feature, label(words)]));
  return (feature) => names.get(feature) ?? feature;
}

function clipped(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
