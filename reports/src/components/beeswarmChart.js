// How did every forecast come about? A dot a forecast and feature: how far it moved the forecast, and how high it was.

import {label, shortDate, signedPercent} from "./format.js";
import {CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rampColor} from "./ramp.js";

const NARROW = 640;
const ROW = {wide: 40, narrow: 58};
const REACH = 0.38; // of a row, in which dots lie

/** points: as swarmPoints() gives them; names: {feature, words}, in the order of the rows. */
export function beeswarmChart(points, {names, width = 640, document} = {}) {
  const narrow = width < NARROW;
  const at = new Map(names.map(({feature}, i) => [feature, i]));
  const nameOf = (i) => label(names[i]?.words ?? "");
  const placed = points.map((point) => ({
    ...point,
    x: 100 * point.effect,
    y: at.get(point.feature) + (narrow ? 0.2 : 0) + REACH * (narrow ? 0.75 : 1) * point.offset,
  }));
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: names.length * (narrow ? ROW.narrow : ROW.wide) + 64,
    marginLeft: narrow ? 8 : 330,
    marginRight: 16,
    marginBottom: 42,
    ariaLabel: "Effect of each feature on every forecast",
    x: {
      label: "effect on the forecast volatility, % →",
      tickFormat: (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−")),
      ticks: narrow ? 4 : 7,
      grid: true,
    },
    y: {
      domain: [names.length - 0.5, -0.5],
      label: null,
      axis: narrow ? null : "left",
      ticks: names.map((_, i) => i),
      tickSize: 0,
      tickFormat: nameOf,
    },
    marks: [
      Plot.ruleX([0], {stroke: "var(--theme-foreground-faint)"}),
      Plot.dot(placed, {
        x: "x",
        y: "y",
        r: narrow ? 1.6 : 2,
        fill: (d) => rampColor(d.rank),
        fillOpacity: 0.8,
      }),
      Plot.tip(
        placed,
        Plot.pointer({
          x: "x",
          y: "y",
          title: (d) =>
            `${label(names[at.get(d.feature)].words)}\n${shortDate(d.date)}: value ${Number(d.value.toPrecision(4))}\n${signedPercent(d.effect, 2)} on the forecast`,
          ...TIP_STYLE,
        }),
      ),
      narrow
        ? Plot.text(names, {
            frameAnchor: "left",
            y: (_, i) => i - 0.32,
            text: ({words}) => label(words),
            textAnchor: "start",
            fontSize: 11,
          })
        : null,
    ],
  });
}

/** In words, for those who cannot see the chart: does a high value raise or lower forecasts? */
export function describeBeeswarm(points, {names}) {
  const parts = names.map(({feature, words}) => {
    const own = points.filter((point) => point.feature === feature);
    const mean = (keep) => {
      const chosen = own.filter(keep);
      return chosen.reduce((sum, {effect}) => sum + effect, 0) / Math.max(1, chosen.length);
    };
    return `${label(words)}: high values ${signedPercent(mean(({rank}) => rank > 0.75))}, low values ${signedPercent(mean(({rank}) => rank < 0.25))}`;
  });
  return `Mean effect of the highest and lowest quarter of each feature. ${parts.join("; ")}.`;
}
