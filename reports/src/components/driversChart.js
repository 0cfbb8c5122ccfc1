// Which features push the forecast up, and which down? Signed bars, the largest first.

import {label, signedPercent} from "./format.js";
import {CHART_STYLE, DECREASE, INCREASE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rowFrame} from "./rowFrame.js";

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
  const frame = rowFrame(data, {width});
  const pad = width < 720 ? 1.6 : 1.3; // the texts beside the bars are of one width
  const extent = Math.max(...data.map(({change}) => Math.abs(change)), 0.1);
  return Plot.plot({
    ...frame.plot,
    document,
    style: CHART_STYLE,
    marginRight: 12,
    ariaLabel: "Effect of each feature on the forecast",
    x: {
      label: "effect on the forecast volatility, % →",
      domain: [-extent * pad, extent * pad],
      tickFormat: (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−")),
      ticks: 5,
      grid: true,
    },
    marks: [
      Plot.barX(data, {
        x: "change",
        y: "feature",
        fill: (d) => (d.change > 0 ? INCREASE : DECREASE),
        fillOpacity: 0.85,
        ...frame.bars,
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
            dy: frame.shift,
            text: (d) => signedPercent(d.effect),
            textAnchor: side > 0 ? "start" : "end",
            fontVariant: "tabular-nums",
          },
        ),
      ),
      frame.names,
    ],
  });
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
