// Which features push the forecast up, and which down? Signed bars, the largest first.

import * as Plot from "@observablehq/plot";
import {label, signedPercent} from "./format.js";
import {CHART_STYLE, DECREASE, INCREASE, TIP_STYLE} from "./palette.js";

/**
 * contributions: {feature, words, shap, effect}, the largest first. Bars are the effect: the factor on the volatility,
 * less one. Beyond `limit`, the rest are one bar: exp of their summed contributions, less one.
 */
export function driversChart(contributions, {width = 640, limit = 8, document} = {}) {
  const data = withRest(contributions, limit).map((row) => ({
    ...row,
    name: label(row.words),
    change: 100 * row.effect,
  }));
  const narrow = width < 640;
  const pad = width < 720 ? 1.6 : 1.3; // the texts beside the bars are of one width
  const extent = Math.max(...data.map(({change}) => Math.abs(change)), 0.1);
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: data.length * (narrow ? 40 : 28) + 60,
    marginLeft: narrow ? 8 : 330,
    marginRight: 12,
    marginBottom: 40,
    ariaLabel: "Effect of each feature on the forecast",
    x: {
      label: "effect on the forecast volatility, % →",
      domain: [-extent * pad, extent * pad],
      tickFormat: (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−")),
      ticks: 5,
      grid: true,
    },
    y: {
      label: null,
      domain: data.map(({feature}) => feature),
      axis: narrow ? null : "left",
      tickSize: 0,
      tickFormat: nameOf(data),
    },
    marks: [
      Plot.barX(data, {
        x: "change",
        y: "feature",
        fill: (d) => (d.change > 0 ? INCREASE : DECREASE),
        fillOpacity: 0.85,
        insetTop: narrow ? 18 : 4,
        insetBottom: narrow ? 4 : 4,
        title: tipText,
        tip: TIP_STYLE,
      }),
      Plot.ruleX([0]),
      // A mark's anchor is the same for all its texts: one mark for each side.
      ...[1, -1].map((side) =>
        Plot.text(
          data.filter(({change}) => (change >= 0 ? 1 : -1) === side),
          {
            x: "change",
            y: "feature",
            dx: 4 * side,
            dy: narrow ? 7 : 0,
            text: (d) => signedPercent(d.effect),
            textAnchor: side > 0 ? "start" : "end",
            fontVariant: "tabular-nums",
          },
        ),
      ),
      narrow
        ? Plot.text(data, {
            frameAnchor: "left",
            y: "feature",
            text: "name",
            dy: -11,
            textAnchor: "start",
            fontSize: 11,
          })
        : null,
    ],
  });
}

/** The name of a feature among rows that have one. */
export function nameOf(rows) {
  const names = new Map(rows.map(({feature, name}) => [feature, name]));
  return (feature) => names.get(feature) ?? feature;
}

/** The largest contributions and, as one, the others. */
export function withRest(contributions, limit) {
  const rest = contributions.slice(limit);
  if (rest.length < 2) return contributions;
  const shap = rest.reduce((sum, row) => sum + row.shap, 0);
  const others = {
    feature: "(others)",
    words: `${rest.length} other features`,
    value: null,
    shap,
    effect: Math.expm1(shap),
  };
  return [...contributions.slice(0, limit), others];
}

/** In words, for those who cannot see the chart. */
export function describeDrivers(contributions, limit = 8) {
  const parts = withRest(contributions, limit).map(
    ({words, effect}) => `${label(words)} ${signedPercent(effect)}`,
  );
  return `Bar chart of effects on the forecast: ${parts.join("; ")}.`;
}

function tipText({feature, words, value, effect, shap}) {
  const known = typeof value === "number" ? `\nvalue ${Number(value.toPrecision(4))}` : "";
  return `${label(words)}\n${feature}${known}\n${signedPercent(effect, 2)} (SHAP ${shap.toFixed(4)})`;
}
