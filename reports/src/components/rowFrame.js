// Where do the names of bars stand? Beside them, or above them where there is no room: one frame for all charts of rows.

import * as Plot from "./plot.js";

const NARROW = 640; // pixels of the chart
const NAME_WIDTH = 330; // pixels of the longest name
const ABOVE = {gap: 18, dy: -11, fontSize: 11};

/**
 * The frame of `rows`, {feature, name} each, first at the top. `plot` are options of the plot, `bars` of its bars,
 * `names` a mark with the names; `shift` is how far down a text must go to stand beside a narrow bar.
 */
export function rowFrame(rows, {width, inset = 4}) {
  const narrow = width < NARROW;
  const names = new Map(rows.map(({feature, name}) => [feature, name]));
  const nameOf = (feature) => names.get(feature) ?? feature;
  return {
    narrow,
    shift: narrow ? 7 : 0,
    plot: {
      width,
      height: rows.length * (narrow ? 40 : 28) + 60,
      marginLeft: narrow ? 8 : NAME_WIDTH,
      marginBottom: 40,
      y: {
        label: null,
        domain: rows.map(({feature}) => feature),
        axis: narrow ? null : "left",
        tickSize: 0,
        tickFormat: nameOf,
      },
    },
    bars: {insetTop: narrow ? ABOVE.gap : inset, insetBottom: inset},
    names: narrow ? namesAbove(rows) : null,
  };
}

/** The names of rows, each above its own at the left edge. */
export function namesAbove(rows, {dy = ABOVE.dy} = {}) {
  return Plot.text(rows, {
    frameAnchor: "left",
    y: "feature",
    text: "name",
    dy,
    textAnchor: "start",
    fontSize: ABOVE.fontSize,
    fill: "var(--theme-foreground)",
    stroke: "var(--theme-background)",
    strokeWidth: 3,
  });
}
