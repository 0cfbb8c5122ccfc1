// How does a chart of steps, from one total to another, look? The same bars, totals and labels for all of them.

import {ACCENT, DECREASE, INCREASE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

/**
 * Marks of `steps`, {feature, kind, from, to} each, kind total, increase or decrease, in a frame of rowFrame(): a rule at
 * the first total, a bar a step, a tick a total. `title` is what a step says when pointed at, `labels` the text beside a
 * total and beside a step, each a function of the step.
 */
export function stepMarks(steps, {frame, title, labels}) {
  const totals = steps.filter(({kind}) => kind === "total");
  const moves = steps.filter(({kind}) => kind !== "total");
  return [
    Plot.ruleX(steps.slice(0, 1), {
      x: "to",
      stroke: "var(--theme-foreground-faint)",
      strokeDasharray: "2,3",
    }),
    Plot.barX(moves, {
      x1: "from",
      x2: "to",
      y: "feature",
      fill: (d) => (d.kind === "increase" ? INCREASE : DECREASE),
      fillOpacity: 0.85,
      ...frame.bars,
      title,
      tip: TIP_STYLE,
    }),
    Plot.tickX(totals, {x: "to", y: "feature", stroke: ACCENT, strokeWidth: 3, ...frame.bars}),
    labelsBeside(totals, {frame, text: labels.total, fontWeight: 700}),
    labelsBeside(moves, {frame, text: labels.step, fontWeight: 400}),
    frame.names,
  ];
}

// One mark for the totals and one for the steps: Plot takes no function for the weight.
function labelsBeside(rows, {frame, text, fontWeight}) {
  return Plot.text(rows, {
    x: (d) => Math.max(d.from, d.to),
    y: "feature",
    dx: 6,
    dy: frame.shift,
    textAnchor: "start",
    fontWeight,
    fontVariant: "tabular-nums",
    text,
  });
}
