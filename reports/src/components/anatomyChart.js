// Which groups of features earned the accuracy? Bars of QLIKE taken away, from nothing known to the forecasts as they are.

import {fixed, percent} from "./format.js";
import {ACCENT, BREACH, CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rowFrame} from "./rowFrame.js";

/** rows: {group, value, n, qlike_base, qlike_full} of one horizon and period; values sum to qlike_base - qlike_full. */
export function anatomyChart(rows, {width = 640, document} = {}) {
  const data = rows
    .toSorted((a, b) => b.value - a.value)
    .map((row) => ({
      ...row,
      feature: row.group,
      name: row.group,
      share: row.value / (row.qlike_base - row.qlike_full),
    }));
  const frame = rowFrame(data, {width});
  const most = Math.max(...data.map(({value}) => value), 0);
  const least = Math.min(...data.map(({value}) => value), 0);
  const room = most - least;
  return Plot.plot({
    ...frame.plot,
    document,
    style: CHART_STYLE,
    marginRight: 24,
    ariaLabel: "QLIKE that each group of features takes away",
    x: {
      label: "QLIKE taken away →",
      grid: true,
      ticks: 5,
      domain: [least - (least < 0 ? 0.14 * room : 0), most + 0.24 * room],
    },
    marks: [
      Plot.barX(data, {
        x: "value",
        y: "feature",
        fill: (d) => (d.value < 0 ? BREACH : ACCENT),
        fillOpacity: 0.85,
        ...frame.bars,
        title: (d) =>
          `${d.group}\n${fixed(d.value, 4)} of ${fixed(d.qlike_base - d.qlike_full, 4)} QLIKE\nn = ${d.n}`,
        tip: TIP_STYLE,
      }),
      Plot.ruleX([0]),
      Plot.text(data, {
        x: (d) => Math.max(d.value, 0),
        y: "feature",
        dx: 5,
        dy: frame.shift,
        textAnchor: "start",
        fontVariant: "tabular-nums",
        text: (d) => `${fixed(d.value, 4)} (${percent(d.share, 0)})`,
      }),
      frame.names,
    ],
  });
}

/** In words, for those who cannot see the chart. */
export function describeAnatomy(rows) {
  const [first] = rows;
  if (!first) return "";
  const parts = rows
    .toSorted((a, b) => b.value - a.value)
    .map(({group, value}) => `${group} ${fixed(value, 4)}`);
  return `From a QLIKE of ${fixed(first.qlike_base, 4)} with every group switched off to ${fixed(first.qlike_full, 4)}: ${parts.join("; ")}.`;
}
